"""How much of its quota an account has spent, and what it may still ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from ringfence_server.accounts.models import User
from ringfence_server.search.models import Asked, Raise
from ringfence_server.search.quotas import Allowance, quotas

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_ASKING = 0x52_46_53_51  # the database's lock of an account's searches, with its number


@dataclass(frozen=True)
class Spent:
    """Of `allowed`, in the last hour and the last day. `raised_until`: a raise that holds now."""

    hour: int
    day: int
    allowed: Allowance
    raised_until: datetime | None = None

    @property
    def left(self) -> int:
        return max(0, min(self.allowed.hour - self.hour, self.allowed.day - self.day))


def spent(account: User, now: datetime) -> Spent:
    asked = Asked.objects.filter(account=account, refused=False)
    until = (
        Raise.objects.filter(account=account, until__gt=now, decided_at__lte=now)
        .order_by("-until")
        .values_list("until", flat=True)
        .first()
    )
    return Spent(
        asked.filter(at__gt=now - HOUR).count(),
        asked.filter(at__gt=now - DAY).count(),
        quotas().raised if until else quotas().usual,
        until,
    )


def one_at_a_time(account: User) -> None:
    """Until the transaction ends: two searches at once do not both see the last one free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ASKING, account.pk])
