"""What waits for somebody among the cases: signatures, an assignment, an investigation form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from ringfence.errors import Text
from ringfence_server.access import Acting
from ringfence_server.cases.models import (
    Assignment,
    CaseVersion,
    ClusterCase,
    Signature,
)
from ringfence_server.cases.queries import visible
from ringfence_server.cases.signing import SUSPECTED
from ringfence_server.cases.words import OPEN, SIGNS_AS
from ringfence_server.shell import Work

_LATELY = timedelta(days=14)
_SOON = timedelta(hours=12)

NAMES: dict[str, Text] = {
    "signature": Text("suspected cases wait for your signature", "疑似病例待您签署"),
    "assignment": Text("new cases are not assigned yet", "新病例待分派"),
    "form": Text("assigned cases have no investigation form yet", "分派的病例尚无流调表"),
    "lapsing": Text(
        "provisional cases wait for a laboratory result", "临时追踪的疑似病例待实验室结果"
    ),
}
_RIGHTS = {
    "signature": "case.suspect",
    "assignment": "case.assign",
    "form": "case.write",
    "lapsing": "case.write",
}


def waiting(name: str, acting: Acting, now: datetime) -> Q:
    """Which cases wait so; none for a name that is none."""
    told = _KINDS.get(name)
    return Q(pk__in=[]) if told is None else told(acting, now)


def work(acting: Acting, now: datetime) -> list[Work]:
    found = []
    for name, text in NAMES.items():
        if not acting.may(_RIGHTS[name]):
            continue
        rows = visible(acting, _RIGHTS[name]).filter(waiting(name, acting, now))
        urgent = 0
        if name == "lapsing":
            urgent = rows.filter(provisional_until__lte=now + _SOON).count()
        found.append(Work(text, f"/cases/?waiting={name}", rows.count(), urgent))
    return found


def _signature(acting: Acting, _: datetime) -> Q:
    """Where this account has not signed, and one of its roles has not either."""
    of_round = Signature.objects.filter(case=OuterRef("pk"), round=OuterRef("round"))
    mine = {grant.role.key for grant in acting.grants if "case.suspect" in grant.role.rights} & set(
        SIGNS_AS
    )
    unsigned = Q(pk__in=[])
    for role in sorted(mine):
        unsigned |= ~Q(Exists(of_round.filter(role=role)))
    return (
        Q(state="entered", classification__in=SUSPECTED)
        & unsigned
        & ~Q(Exists(of_round.filter(by=acting.user)))
    )


def _assignment(_: Acting, now: datetime) -> Q:
    direct = Assignment.objects.filter(case=OuterRef("pk"), until__isnull=True)
    grouped = ClusterCase.objects.filter(case=OuterRef("pk"), until__isnull=True)
    return (
        Q(state__in=OPEN, listed_at__gte=now - _LATELY) & ~Q(Exists(direct)) & ~Q(Exists(grouped))
    )


def _form(acting: Acting, now: datetime) -> Q:
    mine = Assignment.objects.filter(
        Q(account=acting.user) | Q(team=acting.user.unit_id),
        case=OuterRef("pk"),
        until__isnull=True,
    )
    saved = CaseVersion.objects.filter(case=OuterRef("pk"))
    recent = Q(state__in=OPEN, listed_at__gte=now - _LATELY)
    return recent & Q(Exists(mine)) & ~Q(Exists(saved))


def _lapsing(_: Acting, __: datetime) -> Q:
    return Q(state="provisional")


_KINDS: dict[str, Callable[[Acting, datetime], Q]] = {
    "signature": _signature,
    "assignment": _assignment,
    "form": _form,
    "lapsing": _lapsing,
}
