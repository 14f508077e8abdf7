"""Whoever is killed between a request's effect and its answer: the next try has the effect once."""

from __future__ import annotations

import json

import pytest
from tests.server.api.programs import Program, new_key
from tests.server.api.test_once import ENTRY
from tests.server.tasks.test_killed import dies

from ringfence.lake import Home
from ringfence_server.cases.models import Case, CaseChange, Submission
from ringfence_server.outbox.models import AuditRow, Delivery

pytestmark = pytest.mark.django_db(transaction=True)
_SEND = """
import importlib, json
from django.test import Client
where, name = sys.argv[5].rsplit(".", 1)
setattr(importlib.import_module(f"ringfence_server.{where}"), name, killed)
for part in ("door", "resources.cases"):
    importlib.import_module(f"ringfence_server.api.{part}").now = lambda: now
headers = {"Authorization": sys.argv[6], "Idempotency-Key": sys.argv[7]}
Client().post("/api/v1/cases", sys.argv[8], content_type="application/json", headers=headers)
if sys.argv[5] == "web.deciding.told_error":
    killed()
"""


@pytest.mark.parametrize(
    "moment",
    [
        "api.once.begin_once",
        "cases.entering.changed",
        "cases.entering.end_once",
        "api.resources.cases.done_of",
        "api.once.end_once",
    ],
)
def test_before_the_commit_nothing_was_done(home: Home, chief: Program, moment: str) -> None:
    key, content = new_key(), _content()
    dies(_SEND, home, moment, chief.headers["Authorization"], key, content)
    assert Case.objects.count() == Submission.objects.count() == Delivery.objects.count() == 0
    assert not AuditRow.objects.filter(act="case.entered").exists()
    answer = chief.raw("/cases", content.encode(), key)
    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer.headers
    assert Case.objects.count() == CaseChange.objects.count() == 1


def test_after_the_commit_the_answer_is_kept(home: Home, chief: Program) -> None:
    """Killed when the answer was about to leave."""
    key, content = new_key(), _content()
    dies(_SEND, home, "web.deciding.told_error", chief.headers["Authorization"], key, content)
    assert Case.objects.count() == 1
    answer = chief.raw("/cases", content.encode(), key)
    assert answer.status_code == 201
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert answer.json()["number"] == Case.objects.get().number
    assert Case.objects.count() == CaseChange.objects.count() == 1


def _content() -> str:

    return json.dumps(ENTRY)
