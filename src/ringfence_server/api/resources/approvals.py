"""Contact lists as work: what an approval would do, and the one approval that does all of it."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Body, Query, Router
from pydantic import Field

from ringfence.errors import Text
from ringfence_server.access import acting_in, needs
from ringfence_server.api.operations import reads, writes
from ringfence_server.api.paging import listed, next_page
from ringfence_server.api.resources.traces import RunPage, run_told
from ringfence_server.api.shapes import Instant, Paged, Sent, Told
from ringfence_server.deployment.here import home, now
from ringfence_server.tasks import actions, queries
from ringfence_server.tasks.models import Approval

router = Router(tags=["approvals"])


class Approved(Told):
    """`figures`: people on the list, tasks made by rule and by the measures, tasks withdrawn, and
    reported ones that were closed.
    """

    by: str
    at: Instant
    figures: dict[str, int]


class OfUnit(Told):
    """`assumed`: people of whom no source tells the unit: it is the case's."""

    unit: str
    people: int
    makes: int
    assumed: int


class PreviewTold(Told):
    """`digest`: names exactly this; an approval with it does this or nothing. `approved`: it was
    done already, and nothing is left to do.
    """

    run: int
    digest: str
    people: int
    dropped: int
    makes: dict[str, int]
    withdraws: int
    units: list[OfUnit]
    approved: Approved | None


class ApprovalSent(Sent):
    digest: str = Field(min_length=1, max_length=64)


@reads(
    router,
    "/approvals",
    Text("Traces whose lists wait for approval", "名单待审核的追踪"),
    answers=RunPage,
)
@needs("trace.approve")
def approvals(request: HttpRequest, asked: Query[Paged]) -> RunPage:
    rows = queries.to_approve(acting_in(request)).defer("answer")
    found, place = listed(rows, (("id", int),), asked.after, asked.limit)
    return RunPage(items=[run_told(one) for one in found], next=next_page(request, place))


@reads(
    router,
    "/traces/{int:run}/approval",
    Text("What an approval of this list would do", "预览：审核此名单将产生的任务"),
    answers=PreviewTold,
)
@needs("trace.approve")
def approval(request: HttpRequest, run: int) -> PreviewTold:
    seen = actions.preview(home=home(), run=run, by=acting_in(request), at=now())
    changes = seen.plan.changes
    return PreviewTold(
        run=run,
        digest=seen.digest,
        people=sum(one.listed is not None for one in changes),
        dropped=sum(one.listed is None for one in changes),
        makes=dict(seen.plan.kinds),
        withdraws=sum(len(one.withdraws) for one in changes),
        units=[
            OfUnit(
                unit=code,
                people=sum(one.listed is not None for one in own),
                makes=sum(len(one.makes) + len(one.measures) for one in own),
                assumed=sum(one.assumed for one in own),
            )
            for code, own in sorted(seen.by_unit.items())
        ],
        approved=_approved(seen.approval) if seen.approval is not None else None,
    )


@writes(
    router,
    "/traces/{int:run}/approval",
    Text("Approve the list: all of the preview becomes tasks", "审核通过：按预览派发全部任务"),
    answers=Approved,
)
@needs("trace.approve")
def approve(request: HttpRequest, run: int, told: Body[ApprovalSent]) -> Approved:
    by, at = acting_in(request), now()
    return _approved(actions.approve(home=home(), run=run, digest=told.digest, by=by, at=at))


def _approved(one: Approval) -> Approved:
    return Approved(by=one.by.username, at=one.at, figures=one.figures)
