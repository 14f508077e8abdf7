"""Where a case was, as the command line shows it: whole, for its table, page and report."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from ringfence.errors import Text
from ringfence.operations.moving.asking import TrajectoryAsked
from ringfence.operations.moving.kept import kept
from ringfence_server.access import acting_in, needs
from ringfence_server.api.lake.traces import case_taken
from ringfence_server.api.operations import reads
from ringfence_server.api.resources.movements import DaysAsked
from ringfence_server.api.shapes import Told
from ringfence_server.deployment.here import home, now
from ringfence_server.movements import asking

router = Router(tags=["lake"])


class LakeDaysAsked(DaysAsked):
    case: str = Field(min_length=1, max_length=128, description="its number · 病例编号")


class LakeMovements(Told):
    """`movements`: for the command line, which makes its table, page, report and release of it."""

    movements: dict[str, Any]


@reads(
    router,
    "/lake/movements",
    Text("Where a case was, for the command line", "病例行程轨迹（供命令行使用）"),
    answers=LakeMovements,
)
@needs("trace.run")
def lake_movements(request: HttpRequest, asked: Query[LakeDaysAsked]) -> LakeMovements:
    by = acting_in(request)
    number = case_taken(by, asked.case).number
    wanted = TrajectoryAsked(number, None, asked.first, asked.last, asked.protocol or None)
    found = asking.movements(home=home(), asked=wanted, by=by, at=now())
    return LakeMovements(movements=kept(found))
