"""Whose records a person's are, told anew: numbers became one person, or several."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ringfence_server.accounts.models import User
from ringfence_server.cases.models import Case
from ringfence_server.tasks.keeping import alone, let_go
from ringfence_server.tasks.models import FollowUp, Task
from ringfence_server.tasks.words import OPEN


def known_anew(people: Sequence[Sequence[str]], *, by: User | None, at: datetime) -> None:
    """Within the transaction of the act. `people`: all numbers of each person, as they are now.

    A contact who is a case now is followed as that. One who was, and is none now, is a contact
    again: nothing is made of it before the next list is approved.
    """
    alone()
    of = {subject: sorted(subjects) for subjects in people for subject in subjects}
    rows = list(FollowUp.objects.select_for_update().filter(person__in=list(of)).order_by("pk"))
    for one in rows:
        one.subjects = of[one.person]
    FollowUp.objects.bulk_update(rows, ["subjects"])
    cases = list(Case.objects.filter(subject__in=list(of), state="traceable").order_by("pk"))
    for case in cases:
        end_as_case(case, by=by, at=at)
    standing = {(case.subject, case.disease) for case in cases}
    for one in rows:
        if one.end == "case" and not any((s, one.disease) in standing for s in one.subjects):
            one.end = "closed"
            one.save(update_fields=["end"])


def end_as_case(case: Case, *, by: User | None, at: datetime) -> int | None:
    """Within a transaction. How many tasks were withdrawn; None: nobody followed the person up."""
    alone()
    rows = FollowUp.objects.select_for_update().filter(
        subjects__contains=[case.subject], disease=case.disease, end=""
    )
    keys = [one.pk for one in rows]
    if not keys:
        return None
    tasks = Task.objects.filter(follow_up__in=keys, state__in=OPEN).values_list("pk", flat=True)
    gone = let_go(list(tasks), by=by, at=at, reason="is_case")
    FollowUp.objects.filter(pk__in=keys).update(end="case", ended_at=at)
    return gone.withdrawn
