"""The database falls while many write: nothing is half done, and all goes on when it is back."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

import psycopg
import pytest
from tests.server.running.deployed import alive, answers, ask, deployed, migrated, serving, until

from ringfence_server.running import cluster

WRITERS = 20


def stopped(own: cluster.Cluster) -> None:
    """As a fall of power would."""
    cluster.stop(own, at_once=True)


def killed(own: cluster.Cluster) -> None:
    """The postmaster by SIGKILL; those whom it began see it and end."""
    pid = int((own.data / "postmaster.pid").read_text(encoding="ascii").split("\n")[0])
    before = children_of(pid)
    os.kill(pid, signal.SIGKILL)
    until(lambda: not any(alive(one) for one in (pid, *before)))


def children_of(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(one) for one in told.split()]


@pytest.mark.parametrize("ends", [stopped, killed])
def test_a_database_killed_under_load(
    tmp_path: Path, ends: Callable[[cluster.Cluster], None]
) -> None:
    with cluster.passing() as own:
        made = migrated(deployed(tmp_path, own, "killed"))
        with psycopg.connect(made.database) as connection:
            connection.execute("CREATE TABLE probe (key text, part int)")
        stop = Event()

        def write(writer: int) -> list[tuple[str, int, str]]:
            told: list[tuple[str, int, str]] = []
            while not stop.is_set():
                key = f"{writer}-{len(told)}"
                form = urlencode({"key": key}).encode()
                language = "en" if writer % 2 else "zh"
                told.append((key, *ask(made, "/two-rows/", form, Accept_Language=language)))
            return told

        with serving(made, "web", settings="tests.server.running.probing") as process:
            answers(made)
            with ThreadPoolExecutor(WRITERS) as many:
                writing = [many.submit(write, writer) for writer in range(WRITERS)]
                try:
                    until(lambda: _rows(made.database) > 100)
                    ends(own)
                    until(lambda: any(line["status"] == 503 for line in made.lines("request")))
                    assert ask(made, "/health")[0] == 200
                    status, failed = ask(made, "/ready", Accept_Language="en")
                    assert (status, "database" in failed) == (503, True)
                    assert "killed" not in failed
                    cluster.start(own)
                    before = _rows(made.database)
                    until(lambda: _rows(made.database) > before + 100)
                finally:
                    stop.set()
                told = [answer for one in writing for answer in one.result()]
            assert process.poll() is None
        stored = _stored(made.database)
    assert {status for _, status, _ in told} == {200, 503}
    assert set(stored.values()) == {2}, "an act is there whole or not at all"
    assert [key for key, status, _ in told if status == 200 and key not in stored] == []
    for text in ("The server is resting for a moment", "服务器暂时无法使用"):
        assert any(text in page for _, status, page in told if status == 503)


def _rows(database: str) -> int:
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT count(*) FROM probe").fetchone()
    assert found is not None
    return int(found[0])


def _stored(database: str) -> Counter[str]:
    with psycopg.connect(database) as connection:
        return Counter(key for (key,) in connection.execute("SELECT key FROM probe"))


def test_every_page_says_that_the_database_is_away(tmp_path: Path) -> None:
    with cluster.passing() as own:
        made = migrated(deployed(tmp_path, own, "away"))
        with serving(made, "web"):
            answers(made)
            cluster.stop(own, at_once=True)
            session = "sessionid=abcdefghijklmnopqrstuvwxyz012345"
            for path in ("/", "/account/sign-in/", "/nowhere/"):
                status, page = ask(made, path, Cookie=session, Accept_Language="en")
                assert status in ({404} if path == "/nowhere/" else {200, 503})
                assert path == "/account/sign-in/" or status != 200
                assert "database" in page or status != 503
