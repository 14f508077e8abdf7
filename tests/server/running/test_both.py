"""Web, worker and private database of one machine: begun together, ended together."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.server.homes import new_home
from tests.server.running.deployed import (
    PATIENCE,
    Deployed,
    alive,
    ask,
    children,
    end,
    free_port,
    migrated,
    run,
    serving,
    until,
)

from ringfence_server.running import cluster
from ringfence_server.running.cluster import Cluster


@pytest.fixture(scope="module")
def made() -> Iterator[Deployed]:
    """With a private database; the user that it runs as must be able to enter the folder."""
    with tempfile.TemporaryDirectory(prefix="rf-both-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        one = Deployed(folder, "", free_port())
        listen = f"127.0.0.1:{one.port}"
        home = new_home(folder).root
        done = run("serve", "init", folder, "--home", home, "--listen", listen)
        assert done.returncode == 0, done.stderr
        yield migrated(one)
        cluster.stop(Cluster(folder / "database"), at_once=True)


def whole(made: Deployed) -> bool:
    return ask(made, "/ready")[0] == 200


def test_it_begins_and_ends_with_its_database(made: Deployed) -> None:
    private = Cluster(made.folder / "database")
    cluster.stop(private)
    with serving(made) as process:
        until(lambda: whole(made))
        running = children(process)
        assert end(process) == 0
    until(lambda: not any(map(alive, running)))
    assert not cluster.running(private)
    assert made.lines("web_ends")
    assert made.lines("worker_ends")


@pytest.mark.parametrize("part", ["web", "worker"])
def test_where_one_part_falls_the_other_ends_too(made: Deployed, part: str) -> None:
    with serving(made) as process:
        until(lambda: whole(made))
        running = children(process)
        first = next(pid for pid in running if part.encode() in words(pid))
        os.kill(first, signal.SIGKILL)
        assert process.wait(PATIENCE) == 1
    until(lambda: not any(map(alive, running)))
    assert made.lines("part_ended")[-1]["part"] == part
    assert ask(made, "/health")[0] == 0


def words(pid: int) -> list[bytes]:
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
