"""The real worker process: it ends after its job, and another does those of one that was killed."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from procrastinate import App, SyncPsycopgConnector
from tests.faults import ROOT
from tests.server.homes import told_of
from tests.server.running.deployed import (
    MODULE,
    Deployed,
    deployed,
    end,
    environment_of,
    migrated,
    until,
)

from ringfence.lake import open_home
from ringfence_server.running import cluster
from ringfence_server.running.cluster import Cluster

NAME = "欧阳锦绣"


@pytest.fixture
def made(tmp_path: Path, database_cluster: Cluster, request: pytest.FixtureRequest) -> Deployed:
    name = f"worker_{abs(hash(request.node.name))}"
    return migrated(deployed(tmp_path, database_cluster, name))


@contextmanager
def working(made: Deployed) -> Iterator[subprocess.Popen[bytes]]:
    with made.output.open("ab") as output:
        process = subprocess.Popen(
            [*MODULE, "tests.server.running.quick_worker"],
            cwd=ROOT,
            env=environment_of(made, settings="tests.server.running.probing"),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            end(process)


def give(made: Deployed, task: str, *, lock: str | None = None, **words: str | float) -> None:
    with App(connector=SyncPsycopgConnector(conninfo=made.database)).open() as app:
        app.configure_task(task, lock=lock, queueing_lock=lock).defer(**words)


def statuses(made: Deployed, task: str) -> list[str]:
    with psycopg.connect(made.database) as connection:
        query = "SELECT status::text FROM procrastinate_jobs WHERE task_name = %s ORDER BY id"
        return [status for (status,) in connection.execute(query, [task])]


def begun(made: Deployed) -> list[Path]:
    return sorted(made.folder.glob("begun-*"))


def test_a_job_under_way_is_finished_before_it_ends(made: Deployed) -> None:
    give(made, "tests.note", folder=str(made.folder), seconds=2)
    with working(made) as process:
        until(lambda: begun(made))
        assert end(process) == 0
    assert (made.folder / "done").exists()
    assert statuses(made, "tests.note") == ["succeeded"]


def test_a_job_of_a_killed_worker_is_done_by_the_next(made: Deployed) -> None:
    give(made, "tests.note", folder=str(made.folder), seconds=60)
    with working(made) as process:
        until(lambda: begun(made))
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert statuses(made, "tests.note") == ["doing"]
    with working(made):
        until(lambda: statuses(made, "tests.note") == ["succeeded"])
    assert len(begun(made)) == 2
    taken_up = [line["task"] for line in made.lines("job_taken_up")]
    assert taken_up.count("tests.note") == 1  # one of each minute may have been under way too


def test_of_a_killed_worker_whose_job_waits_once_more_the_waiting_one_is_done(
    made: Deployed,
) -> None:
    """Of work that waits once and is never beside itself, as periodic work is."""
    give(made, "tests.note", lock="one", folder=str(made.folder), seconds=60)
    with working(made) as process:
        until(lambda: begun(made))
        process.send_signal(signal.SIGKILL)
        process.wait()
    give(made, "tests.note", lock="one", folder=str(made.folder), seconds=0)
    assert statuses(made, "tests.note") == ["doing", "todo"]
    with working(made):
        until(lambda: statuses(made, "tests.note") == ["succeeded"])
    left = [line["task"] for line in made.lines("job_left_to_the_next")]
    assert left.count("tests.note") == 1


def test_a_job_that_ends_every_worker_is_given_up(made: Deployed) -> None:
    give(made, "tests.note", folder=str(made.folder), seconds=0)
    with psycopg.connect(made.database) as connection:
        connection.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 5")
    with working(made):
        until(lambda: statuses(made, "tests.note") == ["failed"])
    assert begun(made) == []


def test_it_works_on_when_the_database_is_back(tmp_path: Path) -> None:
    with cluster.passing() as own:
        made = migrated(deployed(tmp_path, own, "back"))
        with working(made) as process:
            until(lambda: statuses(made, "outbox.drain"))
            cluster.stop(own, at_once=True)
            until(lambda: made.lines("worker_lost"))
            cluster.start(own)
            give(made, "tests.note", folder=str(made.folder), seconds=0)
            until(lambda: statuses(made, "tests.note") == ["succeeded"])
            assert process.poll() is None


def test_rows_of_the_audit_come_into_the_log(made: Deployed) -> None:
    with psycopg.connect(made.database) as connection:
        connection.execute(
            "INSERT INTO outbox_auditrow (at, by, act, about) VALUES"
            " (now(), 'officer.li', 'case.enter', '{\"case\": \"C1\"}')"
        )
    give(made, "outbox.drain")
    with working(made):
        until(lambda: "succeeded" in statuses(made, "outbox.drain"))
    (entry,) = told_of(open_home(made.home), "case.enter")
    assert entry.by == "officer.li"


def test_a_job_that_fails_names_nobody(made: Deployed) -> None:
    give(made, "tests.fail", name=NAME)
    with working(made):
        until(lambda: statuses(made, "tests.fail") == ["failed"])
    told = made.written()
    assert "ValueError" in told
    assert NAME not in told
    assert "\\u6b27" not in told
