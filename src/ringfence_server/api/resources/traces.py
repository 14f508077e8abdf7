"""Traces of cases: asked for, watched, their contacts, venues and questions read. Nobody is named:
a person is a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Body, Query, Router
from pydantic import Field

from ringfence.errors import NotFound, Text
from ringfence.trace.words import CLASS_SHORT
from ringfence_server.access import acting_in, needs
from ringfence_server.api.operations import reads, writes
from ringfence_server.api.paging import listed, next_page
from ringfence_server.api.shapes import InBoth, Instant, Paged, Sent, Told, Words, words
from ringfence_server.cases.queries import case_of, number_of
from ringfence_server.deployment.here import home, now
from ringfence_server.tracing import actions, answering, queries
from ringfence_server.tracing.answers import answer_of, check_kept
from ringfence_server.tracing.models import Contact, Run

router = Router(tags=["traces"])
CLASSES = {outcome.value: text for outcome, text in CLASS_SHORT.items()}


class RunTold(Told):
    """`state`: waiting, running, done, failed. `figures`: of contacts by class, questions and
    venues, once it is done.
    """

    id: int
    case: int
    state: str
    asked_at: Instant
    started_at: Instant | None
    ended_at: Instant | None
    protocol: str
    draft: bool
    provisional: bool
    as_of: Instant | None
    sequence: int | None
    figures: dict[str, int]
    fault: InBoth | None


class RunPage(Told):
    items: list[RunTold]
    next: str | None


class Reason(Told):
    """A sentence, and the rows of records that it rests on: file and line."""

    said: InBoth
    rows: list[InBoth]


class ContactLine(Told):
    """`person`: a number. `minutes`: null where none are told."""

    rank: int
    person: str
    order: int
    outcome: Words
    provisional: bool
    first_exposure: Instant
    last_exposure: Instant
    minutes: float | None
    rules: list[str]
    release_date: date | None


class ContactTold(ContactLine):
    why: list[Reason]


class ContactPage(Told):
    items: list[ContactLine]
    next: str | None


class ContactsAsked(Paged):
    outcome: Literal["", "close", "general", "second"] = ""
    person: str = Field("", max_length=128, description="begins with · 编号前缀")


class VenueTold(Told):
    """A stay with more people than the protocol's limit: they are not listed one by one."""

    place: str
    setting: str
    start: Instant
    end: Instant
    people: int
    limit: int


class Venues(Told):
    items: list[VenueTold]


class QuestionTold(Told):
    """`people`: whom an answer settles. `words`: those that answer it; none where people are to
    be asked. `answer`: as it was given.
    """

    id: str
    question: InBoth
    people: int
    words: list[Words]
    answer: str | None


class Questions(Told):
    items: list[QuestionTold]


class AnswerSent(Sent):
    question: str = Field(max_length=500)
    word: str = Field(max_length=64)


@writes(
    router,
    "/cases/{int:case}/traces",
    Text("Ask for a trace of a case", "发起追踪"),
    answers=RunTold,
    status=202,
)
@needs("trace.run")
def start_trace(request: HttpRequest, case: int) -> RunTold:
    """The one under way, where there is one."""
    return run_told(actions.ask(case=case, by=acting_in(request), at=now()))


@reads(
    router,
    "/cases/{int:case}/traces",
    Text("Traces of a case, the newest first", "病例的追踪，最新在前"),
    answers=RunPage,
)
@needs("case.read")
def traces(request: HttpRequest, case: int, asked: Query[Paged]) -> RunPage:
    by = acting_in(request)
    rows = queries.runs_of(case_of(by, number_of(by, case)))
    found, place = listed(rows, (("-id", int),), asked.after, asked.limit)
    return RunPage(items=[run_told(one) for one in found], next=next_page(request, place))


@reads(
    router,
    "/traces/{int:run}",
    Text("A trace: how far it is, and its figures", "追踪的进度与数字"),
    answers=RunTold,
)
@needs("case.read")
def trace(request: HttpRequest, run: int) -> RunTold:
    return run_told(queries.run_of(acting_in(request), run))


@reads(
    router,
    "/traces/{int:run}/contacts",
    Text("Contacts, the gravest and earliest first", "接触者，最严重、最早者在前"),
    answers=ContactPage,
)
@needs("case.read")
def contacts(request: HttpRequest, run: int, asked: Query[ContactsAsked]) -> ContactPage:
    found = _done(request, run)
    rows = queries.contacts_of(found, outcome=asked.outcome, person=asked.person)
    page, place = listed(rows, (("rank", int),), asked.after, asked.limit)
    items = [ContactLine(**_contact(one)) for one in page]
    return ContactPage(items=items, next=next_page(request, place))


@reads(
    router,
    "/traces/{int:run}/contacts/{int:rank}",
    Text("A contact, with the reasons down to file and row", "单个接触者及其依据（至文件与行）"),
    answers=ContactTold,
)
@needs("case.read")
def contact(request: HttpRequest, run: int, rank: int) -> ContactTold:
    one = queries.contact_of(_done(request, run), rank)
    why = [
        Reason(said=_both(told["said"]), rows=[_both(row) for row in told["rows"]])
        for told in one.why
    ]
    return ContactTold(**_contact(one), why=why)


@reads(router, "/traces/{int:run}/venues", Text("Crowded venues", "人员密集场所"), answers=Venues)
@needs("case.read")
def venues(request: HttpRequest, run: int) -> Venues:
    told = answer_of(_done(request, run))
    return Venues(items=[_venue(one) for one in told["venues"]])


@reads(
    router,
    "/traces/{int:run}/questions",
    Text("Questions, those that settle most first", "待核问题，影响最多者在前"),
    answers=Questions,
)
@needs("case.read")
def questions(request: HttpRequest, run: int) -> Questions:
    found = _done(request, run)
    given = {one.question: one.word for one in found.answers.all()}
    told = answer_of(found)
    return Questions(items=[_question(one, given) for one in told["review"]])


@writes(
    router,
    "/traces/{int:run}/answers",
    Text("Answer a question of a trace", "回答待核问题"),
    answers=QuestionTold,
    status=201,
)
@needs("review.answer")
def answer_question(request: HttpRequest, run: int, told: Body[AnswerSent]) -> QuestionTold:
    by = acting_in(request)
    given = answering.answer(
        home=home(), run=run, question=told.question, word=told.word, by=by, at=now()
    )
    items = answer_of(queries.run_of(by, run))["review"]
    (item,) = [one for one in items if one["id"] == given.question]
    return _question(item, {given.question: given.word})


def run_told(run: Run) -> RunTold:
    return RunTold(
        id=run.pk,
        case=run.case_id,
        state=run.state,
        asked_at=run.asked_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        protocol=run.protocol,
        draft=run.draft,
        provisional=run.provisional,
        as_of=run.as_of,
        sequence=run.sequence,
        figures=run.figures,
        fault=InBoth(**run.fault) if run.fault else None,
    )


def _done(request: HttpRequest, run: int) -> Run:
    """NotFound: it has no answer yet, failed, or was purged."""
    found = queries.run_of(acting_in(request), run)
    if found.state != "done":
        raise NotFound("this trace has no answer", "此次追踪没有结果")
    check_kept(found)
    return found


def _contact(one: Contact) -> dict[str, Any]:
    return {
        "rank": one.rank,
        "person": one.person,
        "order": one.order,
        "outcome": words(one.outcome, CLASSES[one.outcome]),
        "provisional": one.provisional,
        "first_exposure": one.first_exposure,
        "last_exposure": one.last_exposure,
        "minutes": one.minutes,
        "rules": one.rules,
        "release_date": one.release_date,
    }


def _venue(told: dict[str, Any]) -> VenueTold:
    return VenueTold(
        place=told["place"],
        setting=told["setting"],
        start=datetime.fromtimestamp(told["start"], UTC),
        end=datetime.fromtimestamp(told["end"], UTC),
        people=told["people"],
        limit=told["limit"],
    )


def _question(item: dict[str, Any], given: dict[str, str]) -> QuestionTold:
    known = answering.ANSWERS.get(item["fact"], {}) if item["place"] is not None else {}
    return QuestionTold(
        id=item["id"],
        question=_both(item["question"]),
        people=len(item["people"]),
        words=[words(word, text) for word, text in known.items()],
        answer=given.get(item["id"]),
    )


def _both(told: Sequence[str]) -> InBoth:
    en, zh = told
    return InBoth(en=en, zh=zh)
