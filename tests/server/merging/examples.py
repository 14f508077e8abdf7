"""A question and a decision about a contact at a unit, written as rows."""

from __future__ import annotations

from tests.server.tasks.examples import task_at

from ringfence_server.accounts.models import User
from ringfence_server.deployment.here import now
from ringfence_server.merging.models import Decision, Question


def question_at(at: str) -> Question:
    person = task_at(at).follow_up.person
    made, _ = Question.objects.get_or_create(
        key=at,
        defaults={
            "subjects": [person, f"u-{at}"],
            "people": [person, f"u-{at}"],
            "kinds": ["name"],
            "linked": False,
            "found_at": now(),
        },
    )
    return made


def decision_at(at: str) -> Decision:
    people = question_at(at).people
    made, _ = Decision.objects.get_or_create(
        subjects=people,
        defaults={
            "kind": "merge",
            "people": people,
            "reason": "a slip of the pen",
            "by": User.objects.get(username=f"somebody.{at}"),
            "at": now(),
            "state": "done",
            "act": 1,
        },
    )
    return made
