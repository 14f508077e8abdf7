"""Looking at the home for questions: who bears one document, is not one person by the rules, and
was not decided about by hand.

The worker looks, for it reads what sources say of people; kept are numbers alone, and only where a
case or contact bears one of them.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import connection, transaction

from ringfence.identity import snapshot, store
from ringfence.identity.deciding import undecided
from ringfence.identity.linking import conflicts
from ringfence.lake import Home
from ringfence_server.cases.changing import PROGRAM
from ringfence_server.merging.models import Looked, Question
from ringfence_server.merging.reach import is_anybody, people_by

_LOOKING = 0x52_46_4D_4C  # the database's lock of this work
_FOUND = ("subjects", "people", "kinds", "linked")


def state_of(home: Home, at: datetime) -> tuple[int, int]:
    """What is known, and who was said to be one person."""
    with store.reading(home) as acts:
        act = 0 if acts is None else store.last_act(acts)
    return snapshot(home, at).sequence, act


def fresh(home: Home, at: datetime) -> bool:
    """Whether the questions are those of the home as it is."""
    looked = Looked.objects.filter(pk=1).first()
    return looked is not None and (looked.sequence, looked.act) == state_of(home, at)


def look(home: Home, *, at: datetime) -> int:
    """Questions that stand, anew where the home has changed since; how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOOKING])
        if not fresh(home, at):
            _look(home, at)
        return Question.objects.count()


def _look(home: Home, at: datetime) -> None:
    # Before what is read by it: what comes meanwhile makes another look.
    sequence, act = state_of(home, at)
    persons = snapshot(home, at).persons
    found = [
        Question(
            key=hashlib.sha256("\x1f".join(one.subjects).encode()).hexdigest(),
            subjects=list(one.subjects),
            people=sorted({o for person in people_by(persons, one.subjects) for o in person}),
            kinds=list(one.kinds),
            linked=one.linked,
            found_at=at,
        )
        for one in undecided(home, conflicts(home, by=PROGRAM, now=at))
    ]
    known = is_anybody({subject for one in found for subject in one.people})
    kept = [one for one in found if known & set(one.people)]
    Question.objects.exclude(key__in=[one.key for one in kept]).delete()
    Question.objects.bulk_create(
        kept, update_conflicts=True, unique_fields=["key"], update_fields=list(_FOUND)
    )
    told = {"sequence": sequence, "act": act, "others": len(found) - len(kept), "at": at}
    Looked.objects.update_or_create(pk=1, defaults=told)
