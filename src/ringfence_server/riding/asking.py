"""A list of passengers, for whoever may trace the case; the audit has it before it is made."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ringfence.engines.sql import SqlEngine
from ringfence.errors import UsageError
from ringfence.lake import Home
from ringfence.operations.riding.asking import PassengerList, PassengersAsked, passengers_asked
from ringfence.operations.riding.own import OwnRide, rides_of
from ringfence.protocols.catalogue import names_a_file
from ringfence.rides.stating import Stated
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import case_of
from ringfence_server.outbox import auditing
from ringfence_server.tracing.actions import RIGHT, check_traceable

_STATED = ("carriage", "row", "seat", "board", "alight")


def rides(*, home: Home, case: str, by: Acting, at: datetime) -> tuple[OwnRide, ...]:
    """On which the records have the person of this case, the latest first.

    NotFound: no such case within reach. NotAllowed: without the right to trace it; or nothing
    stands behind the case that a trace needs.
    """
    found = _traceable(case, by, at)
    return rides_of(home, found.subject, make_engine=SqlEngine, now=at)


def passengers(*, home: Home, asked: PassengersAsked, by: Acting, at: datetime) -> PassengerList:
    """Refused as `rides` is, and as `passengers_asked` refuses. What is stated of the case may name
    any run, so the audit is told which, and what was stated rather than recorded.

    UsageError: the protocol is named by a file.
    """
    case = _traceable(asked.case, by, at)
    if asked.protocol is not None and names_a_file(asked.protocol):
        raise UsageError(
            "a server knows protocols by their ids: name one, or leave it out",
            "服务器只按编号识别防控方案：请填写编号，或留空",
        )
    about = {"case": case.number, "service": asked.service, "day": asked.day.isoformat()}
    if stated := _names_of(asked.stated):
        about["stated"] = stated
    with transaction.atomic():
        auditing.told("passengers.asked", by=by.user.username, at=at, about=about)
    return passengers_asked(home, asked, make_engine=SqlEngine, now=at)


def _traceable(number: str, by: Acting, at: datetime) -> Case:
    case = case_of(by, number, RIGHT)
    check_traceable(case, at)
    return case


def _names_of(stated: Stated) -> str:
    """Of what was stated; the words themselves are kept nowhere."""
    return " ".join(name for name in _STATED if getattr(stated, name) is not None)
