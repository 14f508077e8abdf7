"""What an auditor sees of searches: who, how often, over the quota; never what for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from ringfence_server.access import Acting
from ringfence_server.access.operator import reach_of
from ringfence_server.accounts.models import User
from ringfence_server.jurisdictions.queries import within
from ringfence_server.search.allowing import DAY, HOUR
from ringfence_server.search.models import Asked, Raise
from ringfence_server.search.quotas import Allowance, quotas

WATCH = "audit.read"
_MOST = 200


@dataclass(frozen=True)
class Searcher:
    """In the last hour and the last day. `refused`: tries over the quota in the last day."""

    account: User
    hour: int
    day: int
    refused: int
    found: int
    last: datetime
    allowed: Allowance
    raised: bool

    @property
    def at_limit(self) -> bool:
        return self.hour >= self.allowed.hour or self.day >= self.allowed.day


def searchers(by: Acting, now: datetime) -> list[Searcher]:
    """Of the last day, those who asked most first."""
    accounts: QuerySet[User] = within(User.objects.all(), reach_of(by, WATCH) or [])
    lately = Asked.objects.filter(at__gt=now - DAY, account__in=accounts.values("pk"))
    rows = list(
        lately.values("account")
        .annotate(
            hour=Count("pk", filter=Q(refused=False, at__gt=now - HOUR)),
            day=Count("pk", filter=Q(refused=False)),
            over=Count("pk", filter=Q(refused=True)),
            found=Count("pk", filter=Q(hits__gt=0)),
            last=Max("at"),
        )
        .order_by("-day", "account")[:_MOST]
    )
    known = User.objects.select_related("unit__parent").in_bulk([row["account"] for row in rows])
    raised = set(
        Raise.objects.filter(account__in=known, until__gt=now).values_list("account", flat=True)
    )
    return [
        Searcher(
            known[row["account"]],
            row["hour"],
            row["day"],
            row["over"],
            row["found"],
            row["last"],
            quotas().raised if row["account"] in raised else quotas().usual,
            row["account"] in raised,
        )
        for row in rows
    ]
