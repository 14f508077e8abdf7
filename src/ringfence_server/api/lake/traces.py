"""Traces as the command line shows them: the whole answer with its evidence, and nobody's name."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Body, Router
from pydantic import Field

from ringfence.errors import NotFound, Text
from ringfence_server.access import Acting, acting_in, needs
from ringfence_server.api.operations import reads, writes
from ringfence_server.api.shapes import InBoth, Sent, Told
from ringfence_server.cases.actions import take_from_lake
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import case_of
from ringfence_server.deployment.here import home, now
from ringfence_server.tracing import actions
from ringfence_server.tracing.answers import kept_of
from ringfence_server.tracing.models import Run
from ringfence_server.tracing.queries import run_of

router = Router(tags=["lake"])


class TraceEntry(Sent):
    case: str = Field(min_length=1, max_length=128, description="its number · 病例编号")


class LakeTrace(Told):
    """`state`: waiting, running, done or failed. `trace`: once it is done, as `ringfence trace` has
    it: `document` in English, its texts in Chinese under `zh`.
    """

    id: int
    state: str
    trace: dict[str, Any] | None
    fault: InBoth | None


@writes(router, "/lake/traces", Text("Trace a case", "追踪病例"), answers=LakeTrace)
@needs("trace.run")
def begin_lake_trace(request: HttpRequest, told: Body[TraceEntry]) -> LakeTrace:
    """The trace of this case that is under way, where there is one."""
    by = acting_in(request)
    return _told(actions.ask(case=case_taken(by, told.case).pk, by=by, at=now()))


@reads(router, "/lake/traces/{int:run}", Text("A trace's answer", "追踪结果"), answers=LakeTrace)
@needs("case.read")
def lake_trace(request: HttpRequest, run: int) -> LakeTrace:
    return _told(run_of(acting_in(request), run))


def case_taken(by: Acting, number: str) -> Case:
    """Of this number, to be traced. What a file has just brought is a case here once the lake was
    looked at.
    """
    try:
        return case_of(by, number, actions.RIGHT)
    except NotFound:
        take_from_lake(home(), by=None, at=now())
        return case_of(by, number, actions.RIGHT)


def _told(run: Run) -> LakeTrace:
    return LakeTrace(
        id=run.pk,
        state=run.state,
        trace=kept_of(run) if run.state == "done" else None,
        fault=None if run.fault is None else InBoth(**run.fault),
    )
