"""Lists of persons handed down, under cases within reach. No answer says who anybody is."""

from __future__ import annotations

import base64
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Body, Query, Router, Schema
from pydantic import Field

from ringfence.errors import DataError, Text
from ringfence.operations.lists import Done, Funnel, ReceivedList, funnel, refused_rows
from ringfence_server.access import acting_in, needs
from ringfence_server.agencies import lists as actions
from ringfence_server.agencies.queries import list_of, lists_of
from ringfence_server.api.lake.imports import ImportTold, told_of
from ringfence_server.api.operations import Taking, reads, writes
from ringfence_server.api.reading import LARGEST_NUMBER
from ringfence_server.api.shapes import InBoth, Instant, Sent, Told, in_both
from ringfence_server.deployment.here import home, now
from ringfence_server.imports.actions import Wanted
from ringfence_server.imports.lists import Listed

router = Router(tags=["lake"])
Name = Annotated[str, Field(max_length=128)]
Sentence = Annotated[str, Field(max_length=500)]
Person = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
_FORM_CHARACTERS = 256 * 1024


class ListEntry(Sent):
    """`agency`: who sent it. `basis`: of the check, in law. `form`: YAML that says what its columns
    mean; without it they are canonical. The parts go to `/lake/imports/{file}/content`.
    """

    file: str = Field(max_length=255, description="its name · 文件名")
    size: int = Field(ge=0, le=LARGEST_NUMBER)
    digest: str = Field(max_length=64)
    agency: Name
    basis: Sentence
    case: str = Field(min_length=1, max_length=128, description="its number · 病例编号")
    form: str | None = Field(None, max_length=_FORM_CHARACTERS)


class ListTold(Told):
    """`state`: received, signed, answered or withdrawn. `parts`: sheets or files in it."""

    id: str
    batch: str
    agency: str
    basis: str
    case: str
    file: str
    form: str
    rows_in: int
    received_at: Instant
    received_by: str
    state: str
    changed_at: Instant
    changed_by: str
    digest: str | None
    parts: list[str]


class FunnelTold(Told):
    """Rows first, then persons; each stage lies within the one that it follows from."""

    id: str
    received: int
    refused: int
    valid: int
    duplicates: int
    persons: int
    earlier: int
    known: int
    located: int
    sent: int
    answered: int
    positive: int


class ListWithFunnel(Told):
    handed: ListTold
    funnel: FunnelTold


class ListsTold(Told):
    lists: list[ListWithFunnel]


class PersonTold(Told):
    """`person`: the number on this list. `known`: subjects of the lake, of cases and contacts."""

    person: int
    rows: list[int]
    known: list[str]
    division: str | None
    unit: str | None
    outcome: str | None


class PersonsTold(Told):
    persons: list[PersonTold]


class RefusedTold(Told):
    """`row` counts rows of all parts of the file."""

    row: int
    field: str
    reason: InBoth


class RefusedListRows(Told):
    handed: ListTold
    rows: list[RefusedTold]


class PersonsAsked(Schema):
    at: Literal["persons", "earlier", "known", "located", "sent", "answered", "positive"] = (
        "persons"
    )


class SendingOn(Sent):
    """All in `division` who were not sent on; with `persons`: where these live."""

    unit: Name
    division: Name | None = None
    persons: list[Person] = Field(default_factory=list, max_length=100_000)


class OutcomesSent(Sent):
    """By outcome, numbers of persons on the list."""

    outcomes: dict[Name, list[Person]] = Field(max_length=20)


class ListDone(Told):
    """`persons`: for whom it was done now; `before`: for whom it was so before."""

    id: str
    persons: list[int]
    before: list[int]


class Signing(Sent):
    """`interim`: though some are pending."""

    interim: bool = False


class Signed(Told):
    pending: int


class AnswerAsked(Sent):
    language: Literal["en", "zh"] = "zh"


class AnswerFile(Told):
    """`content`: CSV in base 64; rows by their numbers in the sender's file, and results."""

    handed: ListTold
    content: str


class ListReason(Sent):
    reason: Sentence


@writes(router, "/lake/lists", Text("Begin to bring a list", "开始导入名单"), answers=ImportTold)
@needs("list.check")
def begin_list(request: HttpRequest, told: Body[ListEntry]) -> ImportTold:
    """Its `receipt` is the list's."""
    wanted = Wanted(
        file=told.file,
        size=told.size,
        digest=told.digest,
        listed=Listed(told.agency, told.basis, told.case, told.form or ""),
    )
    made = actions.begin_list(home=home(), wanted=wanted, by=acting_in(request), at=now())
    return told_of(made)


@reads(
    router,
    "/lake/lists",
    Text("Lists of cases within reach, the oldest first", "可见病例的名单，最早在前"),
    answers=ListsTold,
)
@needs("list.check")
def lists(request: HttpRequest) -> ListsTold:
    here = home()
    found = lists_of(here, acting_in(request), actions.CHECK)
    return ListsTold(
        lists=[
            ListWithFunnel(handed=_list(one), funnel=_funnel(funnel(here, one))) for one in found
        ]
    )


@reads(
    router,
    "/lake/lists/{str:handed}/funnel",
    Text("What became of a list", "名单处置漏斗"),
    answers=FunnelTold,
)
@needs("list.check")
def list_funnel(request: HttpRequest, handed: str) -> FunnelTold:
    here = home()
    return _funnel(funnel(here, list_of(here, acting_in(request), handed, actions.CHECK)))


@reads(
    router,
    "/lake/lists/{str:handed}/persons",
    Text("Persons of a stage, by their numbers on the list", "某一阶段的人员（名单序号）"),
    answers=PersonsTold,
)
@needs("list.check")
def list_persons(request: HttpRequest, handed: str, asked: Query[PersonsAsked]) -> PersonsTold:
    by, at = acting_in(request), now()
    found = actions.persons_at(home(), handed, asked.at, by=by, at=at)
    return PersonsTold(persons=[PersonTold(**one.as_json()) for one in found])


@reads(
    router,
    "/lake/lists/{str:handed}/refused",
    Text("Rows set aside, and why", "无效行及原因"),
    answers=RefusedListRows,
)
@needs("list.check")
def list_refused(request: HttpRequest, handed: str) -> RefusedListRows:
    here = home()
    found = list_of(here, acting_in(request), handed, actions.CHECK)
    rows = [
        RefusedTold(row=one.row, field=one.field, reason=in_both(one.reason))
        for one in refused_rows(here, found)
    ]
    return RefusedListRows(handed=_list(found), rows=rows)


@writes(
    router,
    "/lake/lists/{str:handed}/check",
    Text("Look again who is known and who lives where", "重新比对与定位"),
    answers=FunnelTold,
)
@needs("list.check")
def check_list(request: HttpRequest, handed: str) -> FunnelTold:
    by = acting_in(request)
    return _funnel(actions.check(home=home(), name=handed, by=by, at=now()))


@writes(
    router,
    "/lake/lists/{str:handed}/sending",
    Text("Send persons on to a unit", "转办给单位"),
    answers=ListDone,
)
@needs("list.check")
def send_list(request: HttpRequest, handed: str, told: Body[SendingOn]) -> ListDone:
    done = actions.send(
        home=home(),
        name=handed,
        unit=told.unit,
        division=told.division,
        persons=told.persons,
        by=acting_in(request),
        at=now(),
    )
    return _done(done)


@writes(
    router,
    "/lake/lists/{str:handed}/outcomes",
    Text("Record what units answered", "登记核查结果"),
    answers=ListDone,
)
@needs("list.check")
def record_list(request: HttpRequest, handed: str, told: Body[OutcomesSent]) -> ListDone:
    outcomes: dict[int, str] = {}
    for outcome, persons in told.outcomes.items():
        for person in persons:
            if outcomes.setdefault(person, outcome) != outcome:
                raise DataError(
                    f"person {person} has two outcomes: nothing was recorded",
                    f"人员 {person} 有两个结果：未登记任何结果",
                )
    done = actions.record(
        home=home(), name=handed, outcomes=outcomes, by=acting_in(request), at=now()
    )
    return _done(done)


@writes(
    router,
    "/lake/lists/{str:handed}/signature",
    Text("Stand for the answer as it is now", "签发当前答复内容"),
    answers=Signed,
)
@needs("list.answer")
def sign_list(request: HttpRequest, handed: str, told: Body[Signing]) -> Signed:
    pending = actions.sign_off(
        home=home(), name=handed, interim=told.interim, by=acting_in(request), at=now()
    )
    return Signed(pending=pending)


@writes(
    router,
    "/lake/lists/{str:handed}/answer",
    Text("The signed answer, as a file", "已签发的答复文件"),
    answers=AnswerFile,
    taking=Taking(kept=False),
)
@needs("list.answer")
def answer_list(request: HttpRequest, handed: str, told: Body[AnswerAsked]) -> AnswerFile:
    """Each time it is told, it is in the audit."""
    found, content = actions.answer(
        home=home(), name=handed, language=told.language, by=acting_in(request), at=now()
    )
    return AnswerFile(handed=_list(found), content=base64.b64encode(content).decode())


@writes(
    router,
    "/lake/lists/{str:handed}/withdrawal",
    Text("The list was wrong", "撤回名单"),
    answers=ListTold,
)
@needs("list.check")
def withdraw_list(request: HttpRequest, handed: str, told: Body[ListReason]) -> ListTold:
    done = actions.withdraw(
        home=home(), name=handed, reason=told.reason, by=acting_in(request), at=now()
    )
    return _list(done)


def _list(one: ReceivedList) -> ListTold:
    told = one.as_json()
    return ListTold(id=told.pop("list"), parts=list(one.parts), **told)


def _funnel(figures: Funnel) -> FunnelTold:
    told = figures.as_json()
    return FunnelTold(id=told.pop("list"), **told)


def _done(done: Done) -> ListDone:
    return ListDone(id=done.list.name, persons=list(done.persons), before=list(done.before))
