"""Cases: listed, looked at, entered. Who a case is goes in, and never comes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Body, Query, Router
from pydantic import Field

from ringfence.errors import Text
from ringfence.records.vocabularies import CLASSIFICATIONS
from ringfence_server.access import acting_in, needs
from ringfence_server.api.moments import whens
from ringfence_server.api.once import form_of
from ringfence_server.api.operations import reads, writes
from ringfence_server.api.paging import next_page, place_from, place_to
from ringfence_server.api.refusals import placed
from ringfence_server.api.shapes import InBoth, Instant, Paged, Sent, Told, Words, in_both, words
from ringfence_server.cases import actions, queries
from ringfence_server.cases.actions import Entry
from ringfence_server.cases.changing import Done, last_change
from ringfence_server.cases.models import Case
from ringfence_server.cases.pages.forms import unit_named
from ringfence_server.cases.persons import PERSON
from ringfence_server.cases.queries import Place, case_of, number_of
from ringfence_server.cases.reclassifying import times_of
from ringfence_server.cases.words import STATES, TIMES
from ringfence_server.deployment.here import home, now

router = Router(tags=["cases"])


class Times(Sent):
    """A day, 2022-07-05, or an instant with its offset, 2022-07-05T14:30:00+08:00."""

    onset: str | None = Field(default=None, max_length=40)
    sampled: str | None = Field(default=None, max_length=40)
    reported: str | None = Field(default=None, max_length=40)
    isolated: str | None = Field(default=None, max_length=40)


class PersonSent(Sent):
    """It goes sealed to the vault, and no answer ever holds it."""

    name: str | None = Field(default=None, max_length=200)
    id_kind: str | None = Field(default=None, max_length=64)
    id_number: str | None = Field(default=None, max_length=64)
    sex: str | None = Field(default=None, max_length=64)
    birth_date: str | None = Field(default=None, max_length=20)
    phone: str | None = Field(default=None, max_length=64)
    address: str | None = Field(default=None, max_length=500)


class CaseEntry(Sent):
    """`positive`: the laboratory found the sample positive. `looked_at`: what seldom is so was
    looked at, and is right.
    """

    disease: str = Field(max_length=64)
    unit: str = Field(max_length=128, description="code of the person's unit · 现住址所属单位代码")
    classification: Literal["suspected", "probable", "confirmed"]
    symptomatic: bool | None = None
    times: Times = Field(default_factory=Times)
    person: PersonSent = Field(default_factory=PersonSent)
    number: str = Field("", max_length=128, description="left empty, one is given · 留空则自动编号")
    positive: bool = False
    looked_at: bool = False


class CaseLine(Told):
    """`times`: as they are known, a day or an instant. `subject`: the number of the person."""

    id: int
    number: str
    disease: str
    subject: str
    unit: str
    owner: str
    classification: Words
    state: Words
    symptomatic: bool | None
    listed_at: Instant
    times: dict[str, str]


class CaseTold(CaseLine):
    """`seen`: of the last change; sent with an act, it is refused where another came since.
    `notices`: what followed for others.
    """

    seen: int
    notices: list[InBoth] = Field(default_factory=list)


class CasePage(Told):
    items: list[CaseLine]
    next: str | None


class CasesAsked(Paged):
    disease: str = Field("", max_length=64)
    classification: str = Field("", max_length=64)
    state: str = Field("", max_length=64)


@reads(
    router,
    "/cases",
    Text("Cases within reach, the latest first", "可见病例，最新在前"),
    answers=CasePage,
)
@needs("case.read")
def cases(request: HttpRequest, asked: Query[CasesAsked]) -> CasePage:
    zone, place = home().zone, place_from(asked.after, (datetime, int))
    filters = {name: getattr(asked, name) for name in queries.FILTERS}
    found = queries.page(
        acting_in(request), filters, Place(*place) if place else None, size=asked.limit
    )
    on = place_to(found.next.listed_at, found.next.id) if found.next is not None else None
    return CasePage(
        items=[CaseLine(**line_of(one, zone)) for one in found.cases], next=next_page(request, on)
    )


@reads(router, "/cases/{int:case}", Text("One case", "单个病例"), answers=CaseTold)
@needs("case.read")
def case(request: HttpRequest, case: int) -> CaseTold:
    by = acting_in(request)
    return told_of(case_of(by, number_of(by, case)))


@writes(router, "/cases", Text("Enter a case", "录入病例"), answers=CaseTold, status=201)
@needs("case.enter")
def enter_case(request: HttpRequest, told: Body[CaseEntry]) -> CaseTold:
    by, at, here = acting_in(request), now(), home()
    times = whens(told.times.model_dump(), "body.times", here.zone, at)
    with placed(person=PERSON, times=TIMES):
        entry = Entry(
            disease=told.disease,
            unit=unit_named("unit", told.unit),
            classification=told.classification,
            symptomatic=told.symptomatic,
            times=times,
            person={name: text for name, text in told.person.model_dump().items() if text},
            number=told.number,
            positive=told.positive,
            looked_at=told.looked_at,
        )
        done = actions.enter(home=here, entry=entry, token=form_of(request, by), by=by, at=at)
    return done_of(done)


def done_of(done: Done) -> CaseTold:
    """The case as it stands after an act of this account, which need not see more of it."""
    made = Case.objects.select_related("unit", "owner").get(number=done.number)
    told = told_of(made)
    told.notices = [in_both(text) for text in done.notices]
    return told


def told_of(case: Case) -> CaseTold:
    return CaseTold(**line_of(case, home().zone), seen=last_change(case))


def line_of(case: Case, zone: str) -> dict[str, Any]:
    return {
        "id": case.pk,
        "number": case.number,
        "disease": case.disease,
        "subject": case.subject,
        "unit": case.unit_id,
        "owner": case.owner_id,
        "classification": words(case.classification, CLASSIFICATIONS[case.classification]),
        "state": words(case.state, STATES[case.state]),
        "symptomatic": case.symptomatic,
        "listed_at": case.listed_at,
        "times": {name: when.written(zone) for name, when in times_of(case).items()},
    }
