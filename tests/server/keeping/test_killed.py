"""Backup and restore killed at any moment, or out of room: whole, or not there."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connections
from tests.faults import ROOT
from tests.server.cases.town import Town, deliver, enter
from tests.server.keeping.served import Served
from tests.server.running.deployed import _environment, run

from ringfence.backup import check
from ringfence.backup.shelf import listed
from ringfence_server.running import cluster

pytestmark = pytest.mark.django_db(transaction=True)
_BEGIN = """
import os, signal, sys
def killed(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)
from importlib import import_module
where, _, name = sys.argv[1].partition(":")
owner = import_module(where)
for part in name.split(".")[:-1]:
    owner = getattr(owner, part)
setattr(owner, name.split(".")[-1], killed)
from ringfence.cli.main import main
sys.exit(main(sys.argv[2:]))
"""


def dies(where: str, *words: str | Path) -> None:
    command = [sys.executable, "-c", _BEGIN, where, *map(str, words)]
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(), check=False, timeout=90, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.fixture
def worked(kept: Served, town: Town) -> Served:
    enter(kept.home, town)
    deliver(kept.home)
    connections.close_all()
    return kept


@pytest.mark.parametrize(
    "where",
    [
        "ringfence_server.keeping.taking:dump",
        "ringfence.backup.chunks:Sealing.end",
        "ringfence.backup.shelf:Shelf.acknowledge",
        "ringfence.backup.shelf:Shelf.keep",
    ],
)
def test_a_backup_killed(worked: Served, where: str) -> None:
    worked.backed_up()
    (first,) = listed(worked.kept)
    dies(where, "serve", "backup", worked.kept, "--deployment", worked.file)
    assert check(worked.kept).ok
    assert listed(worked.kept)[0] == first
    done = run("serve", "backup", worked.kept, "--deployment", worked.file)
    assert done.returncode == 0, done.stderr
    assert check(worked.kept).ok
    assert not (worked.kept / "unfinished").exists()
    assert list((worked.home.root / "staging").glob("*-*")) == []


@pytest.mark.parametrize(
    "where",
    [
        "ringfence.backup.restoring:audit_faults",
        "ringfence_server.keeping.restoring:load",
        "ringfence_server.keeping.restoring:_prepared",
        "ringfence_server.keeping.restoring:moved",
    ],
)
def test_a_restore_killed(worked: Served, where: str) -> None:
    worked.backed_up()
    to = worked.folder / "again"
    dies(where, "serve", "restore", worked.kept, "--to", to)
    assert not to.exists()
    left = worked.folder / "again.restoring"
    assert left.exists()
    own = cluster.Cluster(left / "database")
    assert worked.restored().one("SELECT count(*) FROM cases_case") == 1
    assert not left.exists()
    assert not own.data.exists()


def limited(size: int) -> None:
    """Files of this process and its children grow no further; a write then fails."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_no_room_for_a_backup(worked: Served) -> None:
    worked.backed_up()
    (worked.home.protocols / "large.bin").write_bytes(os.urandom(3_000_000))
    command = [sys.executable, "-m", "ringfence.cli.main", "serve", "backup", str(worked.kept)]
    done = subprocess.run(
        [*command, "--deployment", str(worked.file)],
        cwd=ROOT,
        env=_environment(),
        check=False,
        timeout=90,
        capture_output=True,
        text=True,
        preexec_fn=lambda: limited(2_000_000),
    )
    assert (done.returncode, "disk" in done.stderr) == (13, True)
    assert len(listed(worked.kept)) == 1
    assert check(worked.kept).ok
    worked.backed_up()
    assert check(worked.kept).ok


def test_a_disk_that_is_full(worked: Served, tmp_path: Path) -> None:
    """A real small file system."""
    small = worked.folder / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k,mode=0711", "tmpfs", str(small)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        done = run("serve", "backup", small / "kept", "--deployment", worked.file)
        assert (done.returncode, "the disk is full" in done.stderr) == (13, True), done.stderr
        assert listed(small / "kept") == []
        worked.backed_up()
        done = run("serve", "restore", worked.kept, "--to", small / "again")
        assert done.returncode == 13, done.stderr
        assert not (small / "again").exists()
    finally:
        subprocess.run(["umount", str(small)], check=True)
