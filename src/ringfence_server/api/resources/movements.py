"""Where a case was: the timeline that the command line tells, for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ringfence.errors import Text
from ringfence.operations.moving import words
from ringfence.operations.moving.as_json import document
from ringfence.operations.moving.asking import TrajectoryAsked
from ringfence_server.access import acting_in, needs
from ringfence_server.api.operations import reads
from ringfence_server.api.shapes import InBoth, Told, in_both
from ringfence_server.cases.queries import number_of
from ringfence_server.deployment.here import home, now
from ringfence_server.movements.asking import movements as asked_for

router = Router(tags=["traces"])


class DaysAsked(Schema):
    """Local days, both included; without them, from 14 days before the first sign to isolation."""

    first: date | None = Field(None, alias="from")
    last: date | None = Field(None, alias="to")
    protocol: str = Field("", max_length=128, description="id, or id@version · 方案编号")


class WhereaboutsTold(Told):
    """`sphere`: place, run, vehicle or position. Degrees WGS-84; `radius_m`: of a position that is
    no place, metres within which the case was.
    """

    sphere: str
    key: str
    called: str
    kind: str | None
    lat: float | None
    lon: float | None
    radius_m: float | None


class MovementRowTold(Told):
    """A row of a file. `shifted_s`: seconds that were added, where its source's clock is wrong."""

    table: str
    source: str
    place: str | None
    start: datetime
    end: datetime | None
    shifted_s: int
    certainty: str
    kind: str | None
    detail: str | None
    batch: str
    row: int
    file: str | None


class EpisodeTold(Told):
    """[start, end) by the strongest evidence; [earliest, latest) by all."""

    where: WhereaboutsTold
    start: datetime
    end: datetime
    earliest: datetime
    latest: datetime
    confidence: str
    sources: list[str]
    records: list[MovementRowTold]


class UntimedRideTold(Told):
    """A ride without known times."""

    where: WhereaboutsTold
    date: date | None
    status: str | None
    records: list[MovementRowTold]


class ConflictTold(Told):
    """`likelier`: `these` or `those`; null: records do not decide."""

    number: int
    kind: str
    text: InBoth
    likelier: str | None
    reasons: list[str]
    figure: float | None
    these: list[MovementRowTold]
    those: list[MovementRowTold]


class GapTold(Told):
    number: int
    start: datetime
    end: datetime
    before: WhereaboutsTold | None
    after: WhereaboutsTold | None
    minutes: int
    waking_minutes: int
    infectious_minutes: int
    apart_m: int | None
    reach_m: int
    settled: bool


class MovementQuestionTold(Told):
    kind: str
    number: int | None
    at: datetime | None
    text: InBoth


class InfectiousTold(Told):
    start: datetime
    end: datetime


class MovementsTold(Told):
    """As `ringfence trajectory --json` has it, sentences in both languages."""

    case: str | None
    contact: str | None
    from_: datetime = Field(alias="from")
    to: datetime
    as_of: datetime
    zone: str
    provisional: bool | None
    protocol: str | None
    infectious: InfectiousTold | None
    rows: int
    sources: list[str]
    warnings: list[InBoth]
    timeline: list[EpisodeTold]
    set_aside: list[EpisodeTold]
    rides_without_times: list[UntimedRideTold]
    tests: list[MovementRowTold]
    conflicts: list[ConflictTold]
    gaps: list[GapTold]
    questions: list[MovementQuestionTold]


@reads(
    router,
    "/cases/{int:case}/movements",
    Text("Where a case was", "病例行程轨迹"),
    answers=MovementsTold,
)
@needs("trace.run")
def movements(request: HttpRequest, case: int, asked: Query[DaysAsked]) -> dict[str, Any]:
    """Of a case that may be traced. The audit is told before it is looked for."""
    by = acting_in(request)
    wanted = TrajectoryAsked(
        number_of(by, case), None, asked.first, asked.last, asked.protocol or None
    )
    found = asked_for(home=home(), asked=wanted, by=by, at=now())
    said = words.Said(found.movements, found.zone)
    told = document(found)
    conflicts = zip(told["conflicts"], found.movements.conflicts, strict=True)
    questions = zip(told["questions"], found.movements.questions, strict=True)
    return {
        **told,
        "warnings": [in_both(warning) for warning in found.warnings],
        "conflicts": [
            {**row, "text": in_both(words.conflict(said, one))} for row, one in conflicts
        ],
        "questions": [
            {**row, "text": in_both(words.question(said, one))} for row, one in questions
        ],
    }
