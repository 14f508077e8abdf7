"""Data asked for from agencies, under cases within reach."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Body, Query, Router, Schema
from pydantic import Field

from ringfence.errors import Text
from ringfence.operations.requests import Done, Request, Scope
from ringfence_server.access import acting_in, needs
from ringfence_server.agencies import actions
from ringfence_server.agencies.queries import requests_of
from ringfence_server.api.moments import instants
from ringfence_server.api.operations import reads, writes
from ringfence_server.api.shapes import Instant, Sent, Told
from ringfence_server.deployment.here import home, now

router = Router(tags=["lake"])
Name = Annotated[str, Field(max_length=128)]
Sentence = Annotated[str, Field(max_length=500)]
Time = Annotated[str, Field(max_length=40, description="an instant with its offset · 带偏移的时刻")]


class RequestEntry(Sent):
    """Rows of `tables` within [`start`, `end`), at these places or on board these services; without
    any, those of the case's own person. `basis`: in law. `due`: until when an answer is expected.
    """

    agency: Name
    case: str = Field(min_length=1, max_length=128, description="its number · 病例编号")
    basis: Sentence
    tables: list[Name] = Field(max_length=50)
    start: Time
    end: Time
    places: list[Name] = Field(default_factory=list, max_length=200)
    services: list[Name] = Field(default_factory=list, max_length=200)
    due: Time


class AnswerBatch(Sent):
    batch: Name = Field(description="or its first 8 characters or more · 批次号，或其前 8 位以上")


class WithdrawalReason(Sent):
    reason: Sentence


class RequestTold(Told):
    """`state`: open, answered, late or withdrawn. `batch`: that answers it, received at
    `received_at`; of its `rows`, `rows_beyond_scope` were not asked for.
    """

    request: str
    agency: str
    basis: str
    case: str
    tables: list[str]
    start: Instant
    end: Instant
    places: list[str]
    services: list[str]
    due: Instant
    opened_at: Instant
    opened_by: str
    state: str
    overdue: bool
    changed_at: Instant
    changed_by: str
    batch: str | None
    received_at: Instant | None
    reason: str | None
    rows: int | None
    rows_beyond_scope: int | None
    minutes_waited: float


class RequestDone(Told):
    """`replayed`: it was so before, and nothing changed."""

    request: RequestTold
    replayed: bool
    at: Instant


class RequestsTold(Told):
    """`at`: as of when they stand so. `zone`: of the home."""

    requests: list[RequestTold]
    at: Instant
    zone: str


class RequestsAsked(Schema):
    case: str = Field("", max_length=128)
    state: Literal["", "open", "answered", "late", "withdrawn"] = ""


@writes(
    router,
    "/lake/requests",
    Text("Ask an agency for records", "向单位调取数据"),
    answers=RequestDone,
)
@needs("request.make")
def open_request(request: HttpRequest, told: Body[RequestEntry]) -> RequestDone:
    """The same question while it is open is the same request."""
    at = now()
    times = instants({name: getattr(told, name) for name in ("start", "end", "due")}, "body")
    done = actions.open_request(
        home=home(),
        case=told.case,
        agency=told.agency,
        basis=told.basis,
        scope=Scope(
            tuple(told.tables),
            times["start"],
            times["end"],
            tuple(told.places),
            tuple(told.services),
        ),
        due=times["due"],
        by=acting_in(request),
        at=at,
    )
    return _done(done, at)


@reads(
    router,
    "/lake/requests",
    Text("Requests of cases within reach, the oldest first", "可见病例的调取请求，最早在前"),
    answers=RequestsTold,
)
@needs("case.read")
def requests(request: HttpRequest, asked: Query[RequestsAsked]) -> RequestsTold:
    at, here = now(), home()
    found = [
        one
        for one in requests_of(here, acting_in(request))
        if asked.case in ("", one.case) and asked.state in ("", one.state)
    ]
    return RequestsTold(requests=[_told(one, at) for one in found], at=at, zone=here.zone)


@writes(
    router,
    "/lake/requests/{str:wanted}/answer",
    Text("Say which batch answers a request", "登记答复请求的批次"),
    answers=RequestDone,
)
@needs("request.make")
def answer_request(request: HttpRequest, wanted: str, told: Body[AnswerBatch]) -> RequestDone:
    at = now()
    done = actions.answer_request(
        home=home(), name=wanted, batch=told.batch, by=acting_in(request), at=at
    )
    return _done(done, at)


@writes(
    router,
    "/lake/requests/{str:wanted}/withdrawal",
    Text("Withdraw a request", "撤回调取请求"),
    answers=RequestDone,
)
@needs("request.make")
def withdraw_request(
    request: HttpRequest, wanted: str, told: Body[WithdrawalReason]
) -> RequestDone:
    at = now()
    done = actions.withdraw_request(
        home=home(), name=wanted, reason=told.reason, by=acting_in(request), at=at
    )
    return _done(done, at)


def _done(done: Done, at: datetime) -> RequestDone:
    return RequestDone(request=_told(done.request, at), replayed=done.replayed, at=at)


def _told(one: Request, at: datetime) -> RequestTold:
    told = one.as_json(at)
    return RequestTold(start=told.pop("from"), end=told.pop("to"), **told)
