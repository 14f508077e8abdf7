"""Assignments that ended after a backup was taken, ended again in what was restored of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from ringfence.audit import Remembered
from ringfence_server.cases.models import Assignment
from ringfence_server.outbox import auditing

_GIVEN, _TAKEN = "case.assigned", "case.unassigned"


def end_again(rows: Sequence[Remembered], *, by: str, at: datetime) -> list[tuple[str, str]]:
    """Within a transaction. The acts, and whom they were about."""
    last = {
        (row.about.get("case", ""), row.about.get("cluster", ""), row.about["to"]): row.act
        for row in rows
        if row.act in (_GIVEN, _TAKEN) and "to" in row.about
    }
    done = []
    for (case, cluster, to), act in last.items():
        if act != _TAKEN:
            continue
        of = Q(case__number=case) if case else Q(cluster__pk=int(cluster))
        found = Assignment.objects.filter(of, until__isnull=True)
        if found.filter(Q(account__username=to) | Q(team__pk=to)).update(until=at):
            about = {"case": case, "to": to} if case else {"cluster": cluster, "to": to}
            auditing.told(_TAKEN, by=by, at=at, about=about)
            done.append((_TAKEN, to))
    return done
