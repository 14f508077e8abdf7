"""Which hand-overs an account sees. What lies outside is as if it did not exist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max, Q, QuerySet

from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import case_of, number_of
from ringfence_server.hand_overs.models import HandOver, Partner, Received
from ringfence_server.hand_overs.refusals import no_hand_over
from ringfence_server.jurisdictions.models import COLUMNS, Unit
from ringfence_server.jurisdictions.queries import within

RIGHT = "contact.hand_over"


def units_of(by: Acting) -> list[Unit]:
    return [grant.unit for grant in by.grants if RIGHT in grant.role.rights]


def case_to_hand_over(by: Acting, case: int) -> Case:
    """NotFound: none within reach. NotAllowed: without the right."""
    return case_of(by, number_of(by, case), RIGHT)


def given(by: Acting) -> QuerySet[HandOver]:
    """Of the account's own units: they answer for these people until somebody else does."""
    return _named(within(HandOver.objects.all(), units_of(by)))


def offered(by: Acting) -> QuerySet[HandOver]:
    """By other units, to one of the account's own."""
    return _named(HandOver.objects.filter(to_unit__in=_below(units_of(by))))


def received(by: Acting) -> QuerySet[Received]:
    rows = within(Received.objects.all(), units_of(by))
    return rows.select_related("partner", "unit", "by", "answered_by")


def hand_over_of(by: Acting, number: int) -> HandOver:
    """Given or offered. NotFound: none within reach."""
    rows = given(by).filter(pk=number).first() or offered(by).filter(pk=number).first()
    if rows is None:
        raise no_hand_over()
    return rows


def received_of(by: Acting, number: int) -> Received:
    found = received(by).filter(pk=number).first()
    if found is None:
        raise no_hand_over()
    return found


def destinations(case: Case) -> list[Unit]:
    """Cities and districts of the same province that the case's unit is not part of."""
    own = set(case.unit.line.values())
    rows = Unit.objects.filter(level__in=("city", "district")).exclude(pk__in=own)
    if case.unit.province:
        rows = rows.filter(province=case.unit.province)
    return list(rows.order_by("code")[:500])


def latest_known(at: datetime) -> datetime:
    """Now, or the latest moment written down: a clock set back makes nothing valid again."""
    moments = [
        HandOver.objects.aggregate(at=Max("at"), end=Max("answered_at")),
        Received.objects.aggregate(at=Max("at"), end=Max("answered_at")),
        Partner.objects.aggregate(at=Max("entered_at"), end=Max("confirmed_at")),
    ]
    known: list[datetime] = [one for row in moments for one in row.values() if one is not None]
    return max([at, *known])


def _below(units: Sequence[Unit]) -> QuerySet[Unit]:
    lies_in = Q(pk__in=[])
    for unit in units:
        if unit.level == "country":
            return Unit.objects.all()
        if unit.level in COLUMNS:
            lies_in |= Q(**{unit.level: unit.code})
    return Unit.objects.filter(lies_in)


def _named(rows: QuerySet[HandOver]) -> QuerySet[HandOver]:
    return rows.select_related("unit", "case", "partner", "to_unit__parent", "by", "answered_by")
