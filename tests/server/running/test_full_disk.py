"""The disk of the database fills up: whole or refused, readable, and it recovers."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import psycopg
import pytest
from tests.server.running.deployed import answers, ask, deployed, migrated, serving, until

from ringfence_server.running import cluster
from ringfence_server.running.cluster import Cluster


@pytest.fixture
def small() -> Iterator[Path]:
    """A real file system with room for a database and little more."""
    with TemporaryDirectory(prefix="rf-full-") as folder:
        Path(folder).chmod(0o711)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=150m,mode=0755", "tmpfs", folder],
            check=False,
            capture_output=True,
        )
        if done.returncode != 0:
            pytest.skip("no file system can be mounted here")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def own(small: Path) -> Iterator[Cluster]:
    made = cluster.make(small / "database", lasting=False)
    cluster.start(made, {"wal_recycle": "off", "shared_buffers": "1MB"})
    try:
        yield made
    finally:
        cluster.stop(made, at_once=True)


def stored(database: str) -> Counter[str]:
    with psycopg.connect(database) as connection:
        return Counter(key for (key,) in connection.execute("SELECT left(key, 8) FROM probe"))


def test_a_full_disk_is_told_and_got_over(small: Path, own: Cluster, tmp_path: Path) -> None:
    made = migrated(deployed(tmp_path, own, "filled"))
    with psycopg.connect(made.database) as connection:
        connection.execute("CREATE TABLE probe (key text, part int)")
        connection.execute("ALTER TABLE probe ALTER key SET STORAGE PLAIN")

    told: list[tuple[str, int, str]] = []

    def write() -> int:
        key = f"{len(told):08d}"
        form = urlencode({"key": key + "x" * 4000}).encode()
        told.append((key, *ask(made, "/two-rows/", form, Accept_Language="en")))
        return told[-1][1]

    with serving(made, "web", settings="tests.server.running.probing"):
        answers(made)
        assert write() == 200
        filler = small / "filler"
        with filler.open("wb") as file:
            room = os.statvfs(small)
            file.write(bytes(room.f_bavail * room.f_frsize - 100_000))
        until(lambda: write() == 503)
        page = told[-1][2]
        assert "The server&#x27;s disk is full" in page or "database does not answer" in page
        assert ask(made, "/health")[0] == 200
        with psycopg.connect(made.database) as connection:
            assert connection.execute("SELECT count(*) FROM probe").fetchone()
        filler.unlink()
        until(lambda: write() == 200)
    found = stored(made.database)
    assert {status for _, status, _ in told} == {200, 503}
    assert set(found.values()) == {2}, "an act is there whole or not at all"
    assert [key for key, status, _ in told if status == 200 and key not in found] == []
