"""What may be done with a case: results, times, withdrawal, classification, assignment.

Signing for a suspected case is none of it: a signature is a person's, and no program has one.
"""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from ninja import Body, Router
from pydantic import Field

from ringfence.errors import Text
from ringfence_server.access import acting_in, needs
from ringfence_server.api.moments import whens
from ringfence_server.api.once import form_of
from ringfence_server.api.operations import writes
from ringfence_server.api.refusals import placed
from ringfence_server.api.resources.cases import CaseTold, done_of
from ringfence_server.api.shapes import Key, Sent, Told
from ringfence_server.cases import actions
from ringfence_server.cases.pages.acting import whom
from ringfence_server.cases.queries import number_of
from ringfence_server.cases.words import EVENT_OF
from ringfence_server.deployment.here import home, now

router = Router(tags=["cases"])
_SEEN = Field(None, description="refused where another change came since · 若此后已有变动则拒绝")


class ResultSent(Sent):
    sampled: str = Field(max_length=40)
    result: Literal["positive", "negative", "inconclusive"]


class TimesSent(Sent):
    """Those that are there are mended. `looked_at`: what seldom is so is right."""

    onset: str | None = Field(None, max_length=40)
    reported: str | None = Field(None, max_length=40)
    isolated: str | None = Field(None, max_length=40)
    reason: str = Field(max_length=500)
    seen: Key | None = _SEEN
    looked_at: bool = False


class ReasonSent(Sent):
    reason: str = Field(max_length=500)
    seen: Key | None = _SEEN


class Reclassified(ReasonSent):
    classification: Literal["suspected", "probable", "confirmed", "discarded"]


class Assigned(Sent):
    """One of both: an account's user name, or the code of a unit whose team it is."""

    account: str = Field("", max_length=64)
    team: str = Field("", max_length=128)


class AssignmentTold(Told):
    id: int
    case: int
    account: str | None
    team: str | None


@writes(
    router,
    "/cases/{int:case}/results",
    Text("Record a laboratory result", "录入实验室结果"),
    answers=CaseTold,
    status=201,
)
@needs("case.write")
def record_result(request: HttpRequest, case: int, told: Body[ResultSent]) -> CaseTold:
    by, at, here = acting_in(request), now(), home()
    number = number_of(by, case)
    sampled = whens({"sampled": told.sampled}, "body", here.zone, at)["sampled"]
    with placed():
        done = actions.record_result(
            home=here,
            number=number,
            sampled=sampled,
            result=told.result,
            token=form_of(request, by),
            by=by,
            at=at,
        )
    return done_of(done)


@writes(
    router,
    "/cases/{int:case}/times",
    Text("Mend times of a case", "订正病例时间"),
    answers=CaseTold,
)
@needs("case.write")
def mend_times(request: HttpRequest, case: int, told: Body[TimesSent]) -> CaseTold:
    by, at, here = acting_in(request), now(), home()
    number = number_of(by, case)
    times = whens({name: getattr(told, name) for name in EVENT_OF}, "body", here.zone, at)
    with placed():
        done = actions.mend_times(
            home=here,
            number=number,
            times=times,
            reason=told.reason,
            by=by,
            at=at,
            seen=told.seen,
            looked_at=told.looked_at,
        )
    return done_of(done)


@writes(
    router, "/cases/{int:case}/withdrawal", Text("Withdraw a case", "撤销病例"), answers=CaseTold
)
@needs("case.withdraw")
def withdraw(request: HttpRequest, case: int, told: Body[ReasonSent]) -> CaseTold:
    by, at = acting_in(request), now()
    number = number_of(by, case)
    with placed():
        done = actions.withdraw(
            home=home(), number=number, reason=told.reason, by=by, at=at, seen=told.seen
        )
    return done_of(done)


@writes(
    router,
    "/cases/{int:case}/classification",
    Text("Reclassify a case", "订正病例分类"),
    answers=CaseTold,
)
@needs("case.withdraw")
def reclassify(request: HttpRequest, case: int, told: Body[Reclassified]) -> CaseTold:
    by, at = acting_in(request), now()
    number = number_of(by, case)
    with placed():
        done = actions.reclassify(
            home=home(),
            number=number,
            classification=told.classification,
            reason=told.reason,
            by=by,
            at=at,
            seen=told.seen,
        )
    return done_of(done)


@writes(
    router,
    "/cases/{int:case}/assignments",
    Text("Assign a case", "分派病例"),
    answers=AssignmentTold,
    status=201,
)
@needs("case.assign")
def assign_case(request: HttpRequest, case: int, told: Body[Assigned]) -> AssignmentTold:
    by, at = acting_in(request), now()
    number = number_of(by, case)
    with placed():
        made = actions.assign(number=number, by=by, at=at, **whom(told.model_dump()))
    return AssignmentTold(
        id=made.pk,
        case=case,
        account=made.account.username if made.account else None,
        team=made.team_id,
    )
