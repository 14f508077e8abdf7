"""A private database: made, started once, stopped at any moment, and there again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import tempfile
import traceback
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from ringfence.errors import StorageError
from ringfence_server.running import cluster


def postmaster(made: cluster.Cluster) -> int:
    return int((made.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])


def test_what_was_acknowledged_survives_a_fall(tmp_path_factory: pytest.TempPathFactory) -> None:
    with cluster.passing() as made:
        with psycopg.connect(made.address) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        assert not cluster.start(made), "it runs already"
        cluster.stop(made, at_once=True)
        assert not cluster.running(made)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(made.address)
        assert cluster.start(made)
        os.kill(postmaster(made), signal.SIGKILL)
        ended = Event()
        while cluster.running(made):
            assert not ended.wait(0.05)
        cluster.start(made)
        with psycopg.connect(made.address) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_two_who_start_at_once_start_one() -> None:
    with cluster.passing() as made:
        cluster.stop(made)
        started: list[bool] = []
        both = [Thread(target=lambda: started.append(cluster.start(made))) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert sorted(started) == [False, True]


def test_its_log_names_no_value() -> None:
    with cluster.passing() as made:
        with psycopg.connect(made.address, autocommit=True) as connection:
            connection.execute("CREATE TABLE person (number text PRIMARY KEY)")
            connection.execute("INSERT INTO person VALUES ('11010519491231002X')")
            for wrong in (
                "INSERT INTO person VALUES ('11010519491231002X')",
                "SELECT '11010519491231002X'::int",
            ):
                with pytest.raises(psycopg.Error):
                    connection.execute(wrong)
        assert "11010519491231002X" not in (made.folder / "log").read_text(encoding="utf-8")


def test_a_long_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="80"):
        cluster.make(tmp_path / ("long" * 20), lasting=False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts it as another user")
def test_a_folder_that_the_databases_user_cannot_enter_is_refused() -> None:
    closed = tempfile.TemporaryDirectory(prefix="rf-")
    with closed, pytest.raises(StorageError, match="cannot enter"):
        cluster.make(Path(closed.name, "database"), lasting=False)


def test_a_user_who_is_not_root_can_have_one(capfd: pytest.CaptureFixture[str]) -> None:
    nobody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory(prefix="rf-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, nobody.pw_uid, nobody.pw_gid)
        child = os.fork()
        if child == 0:
            os._exit(_as_user(nobody, folder))
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, capfd.readouterr().err


def _as_user(nobody: pwd.struct_passwd, folder: str) -> int:
    """Exit code. The interpreter may lie where only root can enter: so no new one is started."""
    try:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
        tempfile.tempdir = folder
        with cluster.passing() as made, psycopg.connect(made.address) as connection:
            found = connection.execute("SELECT 40 + 2").fetchone()
    except BaseException:
        traceback.print_exc()
        return 1
    return 0 if found == (42,) else 2
