"""Who rode with a case, as the command line shows it: whole, for its table, JSON and seat plan."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from ringfence.errors import Text
from ringfence.operations.riding.kept import kept
from ringfence_server.access import acting_in, needs
from ringfence_server.api.lake.traces import case_taken
from ringfence_server.api.operations import reads
from ringfence_server.api.resources.passengers import RunAsked
from ringfence_server.api.shapes import Told
from ringfence_server.deployment.here import home, now
from ringfence_server.riding import asking

router = Router(tags=["lake"])


class LakeRunAsked(RunAsked):
    case: str = Field(min_length=1, max_length=128, description="its number · 病例编号")


class LakePassengers(Told):
    """`passengers`: for the command line, which makes its table, JSON and seat plan of it."""

    passengers: dict[str, Any]


@reads(
    router,
    "/lake/passengers",
    Text("Who rode with a case, for the command line", "同乘人员（供命令行使用）"),
    answers=LakePassengers,
)
@needs("trace.run")
def lake_passengers(request: HttpRequest, asked: Query[LakeRunAsked]) -> LakePassengers:
    by = acting_in(request)
    wanted = asked.of(case_taken(by, asked.case).number)
    found = asking.passengers(home=home(), asked=wanted, by=by, at=now())
    return LakePassengers(passengers=kept(found))
