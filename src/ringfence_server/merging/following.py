"""What follows when numbers become one person, or several: for cases, contacts and their traces.

Nobody's work ends or begins by a decision alone: the cases are traced anew, and their lists wait
for approval, as always. Only a contact who turns out to be a case is followed as that at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from ringfence.errors import NotAllowed
from ringfence_server.accounts.models import User
from ringfence_server.cases.actions import settle_twins
from ringfence_server.cases.models import Case
from ringfence_server.cases.words import MAY_BE_TRACED
from ringfence_server.follow_ups.actions import known_anew
from ringfence_server.merging.models import Decision
from ringfence_server.tasks.models import FollowUp, Link
from ringfence_server.tracing.actions import ask_after
from ringfence_server.tracing.models import Run


@dataclass(frozen=True)
class Followed:
    """`cases`: numbers of those that it bears on. `to_trace`: rows of those that are traced."""

    cases: tuple[str, ...]
    to_trace: tuple[int, ...]


def follow(people: Sequence[Sequence[str]], *, by: User, at: datetime) -> Followed:
    """Within a transaction. `people`: all numbers of each person, as they are now."""
    known_anew(people, by=by, at=at)
    settle_twins(people)
    found = bears_on([subject for subjects in people for subject in subjects])
    return Followed(tuple(one.number for one in found), tuple(one.pk for one in found))


def bears_on(named: Sequence[str]) -> list[Case]:
    """Cases that may be traced, of one of these numbers or of a contact who bears one."""
    contacts = FollowUp.objects.filter(person__in=named)
    rests = Link.objects.filter(follow_up__in=contacts, until__isnull=True, case__isnull=False)
    rows = Case.objects.filter(Q(subject__in=named) | Q(pk__in=rests.values("case")))
    return list(rows.filter(state__in=MAY_BE_TRACED).order_by("number"))


def trace_anew(*, at: datetime) -> int:
    """Ask for the traces that are owed; how many were. Each leads to a run that knows the decision,
    whoever is killed: one that was at work already does not count.
    """
    asked = 0
    for number in Decision.objects.exclude(to_trace=[]).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            one = Decision.objects.select_for_update(of=("self",)).get(pk=number)
            left = [case for case in one.to_trace if _postponed(one, case, at)]
            asked += len(one.to_trace) - len(left)
            one.to_trace = left
            one.save(update_fields=["to_trace"])
    return asked


def _postponed(one: Decision, case: int, at: datetime) -> bool:
    held = Case.objects.select_for_update(of=("self",)).get(pk=case)
    if Run.objects.filter(case=held, state="running").exists():
        return True
    try:
        ask_after(case=held, because=f"decision {one.pk} about numbers", at=at)
    except NotAllowed:  # nothing stands behind the case any more
        return False
    return False
