"""A request that is sent again: one effect, the same answer, whoever is killed in between."""

from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from tests.server.api.programs import Program, new_key
from tests.server.cases.town import WANG, Town, enter
from tests.server.homes import NOON

from ringfence.lake import Home
from ringfence_server.api import once
from ringfence_server.cases.models import Case, CaseChange, Submission
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db
ENTRY: dict[str, Any] = {
    "disease": "covid-19",
    "unit": "000101",
    "classification": "suspected",
    "symptomatic": True,
    "times": {"onset": "2022-07-05", "reported": "2022-07-06T09:30:00+08:00"},
    "person": WANG,
}


def test_sent_again_it_has_one_effect_and_the_same_answer(home: Home, chief: Program) -> None:
    key = new_key()
    first = chief.sent("/cases", ENTRY, 201, key)
    again = chief.sent("/cases", ENTRY, 201, key)
    assert first.told == again.told
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Case.objects.count() == CaseChange.objects.count() == 1


def test_the_same_key_with_another_content_is_refused(home: Home, chief: Program) -> None:
    key = new_key()
    chief.post("/cases", ENTRY, 201, key)
    told = chief.post("/cases", {**ENTRY, "symptomatic": False}, 422, key)
    assert told["type"] == "urn:ringfence:problem:key-reused"
    assert Case.objects.count() == 1


def test_a_key_is_of_one_account(home: Home, town: Town, chief: Program) -> None:
    key = new_key()
    chief.post("/cases", ENTRY, 201, key)
    other = Program.of(town.staff("other", "supervisor", "0001"))
    other.post("/cases", {**ENTRY, "person": {}}, 201, key)
    assert Case.objects.count() == 2


@pytest.mark.parametrize("key", ["short", "x" * 129, "with space", "名" * 8, "a\x00b" * 4])
def test_a_key_is_needed(home: Home, chief: Program, key: str) -> None:
    told = chief.post("/cases", ENTRY, 400, key)
    assert told["type"] == "urn:ringfence:problem:key-missing"
    assert Case.objects.count() == 0


def test_what_was_refused_leaves_no_key_but_is_told_to_the_audit(
    home: Home, chief: Program
) -> None:
    chief.post("/cases", ENTRY, 201)
    key = new_key()
    told = chief.post("/cases", ENTRY, 409, key)
    assert "belongs to Unit 0001" in told["detail"]
    assert AuditRow.objects.filter(act="case.exists").count() == 1
    assert Submission.objects.count() == 2
    chief.post("/cases", {**ENTRY, "person": {}}, 201, key)


def test_a_fault_of_the_program_leaves_nothing(
    home: Home, chief: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("the disk is gone")

    key = new_key()
    with monkeypatch.context() as patched:
        patched.setattr(once, "end_once", fails)
        told = chief.post("/cases", ENTRY, 500, key)
    assert told["type"] == "urn:ringfence:problem:fault"
    assert "disk" not in str(told)
    assert Case.objects.count() == 0
    chief.post("/cases", ENTRY, 201, key)


def test_keys_are_forgotten_after_two_days_and_forms_of_the_console_are_not(
    home: Home, town: Town, chief: Program
) -> None:
    key = new_key()
    chief.post("/cases", ENTRY, 201, key)
    enter(home, town, person={})
    assert once.forget(at=NOON + timedelta(hours=47)) == 0
    assert chief.sent("/cases", ENTRY, 201, key).headers["Idempotency-Replayed"] == "true"
    assert once.forget(at=NOON + timedelta(hours=48)) == 2
    assert Submission.objects.count() == 1
    chief.post("/cases", ENTRY, 409, key)
    assert Case.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_64_at_once_one_wins(home: Home, chief: Program) -> None:
    key, ready = new_key(), threading.Barrier(64)
    found: list[tuple[int, str]] = []

    def sends() -> None:
        own = Program("")
        own.headers = dict(chief.headers)
        ready.wait()
        answer = own.raw("/cases", json.dumps(ENTRY).encode(), key)
        found.append((answer.status_code, answer.headers.get("Idempotency-Replayed", "")))
        connections.close_all()

    many = [threading.Thread(target=sends) for _ in range(64)]
    for one in many:
        one.start()
    for one in many:
        one.join()
    counted = Counter(found)
    assert counted[201, ""] == 1, counted
    assert counted.keys() <= {(201, ""), (201, "true"), (409, "")}
    assert Case.objects.count() == CaseChange.objects.count() == 1
    assert chief.post("/cases", ENTRY, 201, key)["number"] == Case.objects.get().number
