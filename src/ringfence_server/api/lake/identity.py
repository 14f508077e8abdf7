"""Whose numbers are one person: open questions, decisions, and why somebody is one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Body, Router
from pydantic import Field

from ringfence.errors import Text
from ringfence_server.access import Acting, acting_in, needs
from ringfence_server.api.operations import reads, writes
from ringfence_server.api.shapes import Instant, Key, Sent, Told
from ringfence_server.deployment.here import home, now
from ringfence_server.merging import actions, queries
from ringfence_server.merging.explaining import explain
from ringfence_server.merging.jobs import look_soon
from ringfence_server.merging.looking import fresh
from ringfence_server.merging.models import Decision
from ringfence_server.merging.weighing import MOST, Wanted

router = Router(tags=["lake"])
Number = Annotated[str, Field(min_length=1, max_length=200)]


class QuestionTold(Told):
    """`kinds`: what speaks against one person. `linked`: one person so far. `left`: it was
    decided that it stays as it is.
    """

    id: int
    subjects: list[str]
    kinds: list[str]
    linked: bool
    left: bool


class QuestionsTold(Told):
    """`fresh`: of the home as it is; if not, the worker is looking: ask again in a moment."""

    fresh: bool
    items: list[QuestionTold]


class NumberSent(Sent):
    subject: Number = Field(description="number of a case's person or a contact · 病例或接触者编号")


class DecisionSent(Sent):
    """`subjects`: of a merge, those that are one person; of a split, those that leave theirs.
    `act`: of an undo.
    """

    kind: Literal["merge", "split", "undo"]
    subjects: list[Number] = Field(default_factory=list, max_length=MOST)
    act: Key | None = None
    reason: str = Field(max_length=500)


class FaultOfDecision(Told):
    """`exit_code`: of the command line, by which it tells kinds of errors apart."""

    en: str
    zh: str
    exit_code: int


class DecisionTold(Told):
    """`state`: waiting, running, done or failed. `act`: of the home. `persons`: those concerned,
    each with all numbers, as they are afterwards. `cases`: those that are traced anew.
    """

    id: int
    kind: str
    state: str
    subjects: list[str]
    act: int | None
    persons: list[list[str]]
    cases: list[str]
    reason: str
    by: str
    at: Instant
    fault: FaultOfDecision | None


class Explanation(Told):
    """As `ringfence identity explain --json` has it."""

    explained: dict[str, Any]


@reads(
    router,
    "/lake/identity/questions",
    Text("Whether numbers are one person: open questions", "编号是否同一人：待核问题"),
    answers=QuestionsTold,
)
@needs("identity.settle")
def identity_questions(request: HttpRequest) -> QuestionsTold:
    """Of cases and contacts within reach. Where the home has changed, the worker looks again."""
    up_to_date = fresh(home(), now())
    if not up_to_date:
        look_soon()
    items = [
        QuestionTold(
            id=one.question.pk,
            subjects=one.question.subjects,
            kinds=one.question.kinds,
            linked=one.question.linked,
            left=one.left is not None,
        )
        for one in queries.questions(acting_in(request))
    ]
    return QuestionsTold(fresh=up_to_date, items=items)


@writes(
    router,
    "/lake/identity/explanations",
    Text("Why numbers are one person", "说明编号为何同一人"),
    answers=Explanation,
)
@needs("identity.settle")
def explain_identity(request: HttpRequest, told: Body[NumberSent]) -> Explanation:
    """Of a case or contact within reach; counted on the quota of searches."""
    found = explain(home=home(), subject=told.subject, by=acting_in(request), at=now())
    return Explanation(explained=found.as_json())


@writes(
    router,
    "/lake/identity/decisions",
    Text("Decide whose numbers are one person", "认定编号是否同一人"),
    answers=DecisionTold,
    status=201,
)
@needs("identity.settle")
def decide_identity(request: HttpRequest, told: Body[DecisionSent]) -> DecisionTold:
    """The worker does it; the same decision under way is not begun again."""
    by, wanted = acting_in(request), Wanted(told.kind, tuple(told.subjects), told.act)
    made = actions.decide(home=home(), wanted=wanted, reason=told.reason, by=by, at=now())
    return _told(made, by)


@reads(
    router,
    "/lake/identity/decisions/{int:decision}",
    Text("What became of a decision", "决定的执行情况"),
    answers=DecisionTold,
)
@needs("identity.settle")
def identity_decision(request: HttpRequest, decision: int) -> DecisionTold:
    by = acting_in(request)
    return _told(queries.decision_of(by, decision), by)


def _told(one: Decision, by: Acting) -> DecisionTold:
    return DecisionTold(
        id=one.pk,
        kind=one.kind,
        state=one.state,
        subjects=one.subjects,
        act=one.act,
        persons=one.persons,
        cases=queries.cases_shown(by, one),
        reason=one.reason,
        by=one.by.username,
        at=one.at,
        fault=None if one.fault is None else FaultOfDecision(**one.fault),
    )
