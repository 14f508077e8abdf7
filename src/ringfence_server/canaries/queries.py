"""Which canaries somebody came upon, and what their auditor sees of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from ringfence.errors import NotFound
from ringfence_server.access import Acting
from ringfence_server.access.operator import reach_of
from ringfence_server.accounts.models import User
from ringfence_server.canaries.digests import digests_sought
from ringfence_server.canaries.models import Alert, Canary
from ringfence_server.deployment.here import deployment
from ringfence_server.jurisdictions.queries import within
from ringfence_server.outbox.sealing import unseal

PLANT = "canary.plant"
WATCH = "audit.read"
SEALED_AS = "canary"


@dataclass(frozen=True)
class Planted:
    """A canary as the auditor who may plant them sees it."""

    canary: Canary
    fields: dict[str, str]


def sought(forms: Iterable[tuple[str, str]]) -> list[tuple[Canary, str]]:
    """Those planted now whom one of these kinds and texts means, wherever they are planted; with
    the first kind that does.
    """
    found: dict[int, tuple[Canary, str]] = {}
    for kind, text in forms:
        digests = digests_sought(deployment().secret, [(kind, text)])
        planted = Canary.objects.filter(ended_at__isnull=True, forms__digest__in=digests)
        for one in planted.select_related("unit"):
            found.setdefault(one.pk, (one, kind))
    return list(found.values())


def of_number(number: str) -> Canary | None:
    """The one that pretends to hang on a case of this number."""
    planted = Canary.objects.filter(ended_at__isnull=True, number=number)
    return planted.select_related("unit").first()


def planted_in(by: Acting, right: str, key: int) -> Canary:
    """NotFound: none that somebody with this right there could come upon."""
    units = reach_of(by, right) or []
    found = within(Canary.objects.filter(ended_at__isnull=True, pk=key), units)
    one = found.select_related("unit").first()
    if one is None:
        raise NotFound("there is no such person", "没有此人员")
    return one


def planted(by: Acting) -> list[Planted]:
    rows = within(Canary.objects.all(), reach_of(by, PLANT) or [])
    return [
        Planted(one, fields_of(one))
        for one in rows.select_related("unit__parent", "by").order_by("-pk")
    ]


def fields_of(canary: Canary) -> dict[str, str]:
    """Whom it pretends to be."""
    bound = canary.number
    told: dict[str, str] = unseal(deployment().secret, SEALED_AS, bound, bytes(canary.sealed))
    return told


def alerts(by: Acting) -> QuerySet[Alert, Any]:
    """Of canaries, and by accounts, of the units that the account watches over."""
    units = reach_of(by, WATCH) or []
    here = within(Canary.objects.all(), units).values("pk")
    accounts = Alert.objects.filter(account__in=_accounts(by)).values("pk")
    rows = Alert.objects.filter(Q(canary__in=here) | Q(pk__in=accounts))
    return rows.select_related("canary__unit", "account__unit", "seen_by")


def waiting(by: Acting) -> int:
    return alerts(by).filter(seen_at__isnull=True).count()


def raised() -> int:
    """All there ever were."""
    return Alert.objects.count()


def _accounts(by: Acting) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = User.objects.all()
    return within(rows, reach_of(by, WATCH) or []).values("pk")
