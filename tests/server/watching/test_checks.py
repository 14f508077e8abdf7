"""What is said of a server that is of no use, each thing by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, override_settings
from tests.server.homes import new_home

from ringfence_server.deployment.here import deployment, now
from ringfence_server.outbox.models import AuditRow
from ringfence_server.watching import checks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def whole(tmp_path: Path) -> Iterator[None]:
    """A home, and a worker that has just shown that it lives."""
    beat(0)
    checks._current.clear()
    home = new_home(tmp_path).root
    with override_settings(RINGFENCE=replace(deployment(), home=home)):
        yield


def beat(seconds_ago: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def wait(minutes: int) -> None:
    at = now() - timedelta(minutes=minutes)
    AuditRow.objects.create(act="case.enter", by="officer.li", at=at, about={"case": "C1"})


def test_a_whole_server_is_ready() -> None:
    wait(minutes=9)
    assert checks.failures() == {}
    answer = Client().get("/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "failed": {}})


def test_a_worker_that_is_silent() -> None:
    beat(checks.HEARTBEAT_SECONDS + 1)
    assert list(checks.failures()) == ["worker"]


def test_rows_of_the_audit_that_wait_too_long() -> None:
    wait(minutes=11)
    assert list(checks.failures()) == ["audit"]


def test_a_home_that_is_gone() -> None:
    with override_settings(RINGFENCE=replace(deployment(), home=Path("/nonexistent"))):
        assert list(checks.failures()) == ["home"]


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM django_migrations WHERE app = 'outbox'",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('outbox', '99_x', now())",
    ],
    ids=["older", "newer"],
)
def test_tables_of_another_program(change: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(change)
    answer = Client(headers={"accept-language": "zh"}).get("/ready")
    assert answer.status_code == 503
    assert answer.json()["failed"] == {"schema": "数据表与程序版本不符"}
