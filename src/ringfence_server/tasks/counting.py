"""Counting who fell out between a list and its work; there ought to be nobody."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from ringfence_server.access import Acting
from ringfence_server.cases.queries import visible
from ringfence_server.tasks.models import Fallen
from ringfence_server.tasks.queries import APPROVE, lost


def count_lost(*, at: datetime) -> int:
    """All contacts of approved runs are looked at, which takes too long for a page."""
    found = lost().order_by().values("run__case").annotate(n=Count("pk"))
    rows = [
        Fallen(case_id=case, people=n, at=at) for case, n in found.values_list("run__case", "n")
    ]
    with transaction.atomic():
        Fallen.objects.all().delete()
        Fallen.objects.bulk_create(rows)
    return sum(row.people for row in rows)


def fallen(by: Acting) -> int:
    """As it was counted last, of the cases whose lists the account approves."""
    return _sum(Fallen.objects.filter(case__in=visible(by, APPROVE)))


def fallen_everywhere() -> int:
    return _sum(Fallen.objects.all())


def _sum(rows: QuerySet[Fallen]) -> int:
    return int(rows.aggregate(n=Sum("people"))["n"] or 0)
