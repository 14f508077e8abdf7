"""Who rode with a case, on one run and on those that it changed to. Nobody is named: a person is a
number.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ringfence.errors import Text
from ringfence.operations.riding.as_json import document
from ringfence.operations.riding.asking import PassengerList, PassengersAsked
from ringfence.rides.stating import read_stated
from ringfence_server.access import acting_in, needs
from ringfence_server.api.operations import reads
from ringfence_server.api.shapes import InBoth, Told, in_both
from ringfence_server.cases.queries import number_of
from ringfence_server.deployment.here import home, now
from ringfence_server.riding import asking

router = Router(tags=["traces"])


class RunAsked(Schema):
    """`date`: on which the run departs from its first stop. Carriage, seat and stops are stated of
    the case, and count instead of what its record tells.
    """

    service: str = Field(
        min_length=1, max_length=128, description="number or key of the run · 车次或班次编号"
    )
    date: date
    carriage: str = Field("", max_length=16)
    seat: str = Field("", max_length=32, description="such as 12F · 例如 12F")
    board: str = Field(
        "", max_length=128, alias="from", description="station or number of the stop · 站名或站序"
    )
    alight: str = Field(
        "", max_length=128, alias="to", description="station or number of the stop · 站名或站序"
    )
    protocol: str = Field("", max_length=128, description="id, or id@version · 方案编号")

    def of(self, case: str) -> PassengersAsked:
        """UsageError: the seat is none."""
        stated = read_stated(
            carriage=self.carriage, seat=self.seat, board=self.board, alight=self.alight
        )
        return PassengersAsked(case, self.service, self.date, stated, self.protocol or None)


class SpanTold(Told):
    """Between which stops and when; null: not known. `row`: of the batch's file."""

    seat: str
    board_seq: int | None
    from_: str | None = Field(alias="from")
    alight_seq: int | None
    to: str | None
    start: datetime | None
    end: datetime | None
    batch: str
    row: int


class TogetherTold(SpanTold):
    """`reused`: the person sat where the case had sat before."""

    reused: bool


class PassengerTold(Told):
    """`person`: a number. `class`: null where no rule is satisfied; then `open` names what would
    have to be known. `attack_rate_percent`: seen at such seats, and nobody's risk.
    """

    person: str
    class_: str | None = Field(alias="class")
    rules: list[str]
    open: list[str]
    flags: list[str]
    nearness: str
    attack_rate_percent: float | None
    rows_apart: int | None
    seats_apart: int | None
    minutes: float | None
    together: list[TogetherTold]


class PassengersTold(Told):
    """As `ringfence passengers --json` has it, warnings in both languages. `onward`: the run that
    the case changed to.
    """

    case: str
    service: str
    numbers: list[str]
    date: date | None
    kind: str | None
    layout: str | None
    protocol: str | None
    protocol_version: int | None
    draft: bool | None
    as_of: datetime
    warnings: list[InBoth]
    case_legs: list[SpanTold]
    aboard: int
    passengers: list[PassengerTold]
    onward: PassengersTold | None


@reads(
    router,
    "/cases/{int:case}/passengers",
    Text("Who rode with a case on a run", "病例某车次（航班）的同乘人员"),
    answers=PassengersTold,
)
@needs("trace.run")
def passengers(request: HttpRequest, case: int, asked: Query[RunAsked]) -> dict[str, Any]:
    """Of a case that may be traced. The audit is told before it is looked for."""
    by = acting_in(request)
    wanted = asked.of(number_of(by, case))
    return _told(asking.passengers(home=home(), asked=wanted, by=by, at=now()))


def _told(found: PassengerList) -> dict[str, Any]:
    return {
        **document(found),
        "warnings": [in_both(warning) for warning in found.warnings],
        "onward": None if found.onward is None else _told(found.onward),
    }
