"""A worker's tasks: what is in hand or free, the way to a report, and the report.

Who the person is, is told in the console alone, to whoever has the task in hand.
"""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from ninja import Body, Query, Router
from pydantic import Field

from ringfence.errors import Text
from ringfence_server.access import acting_in, needs
from ringfence_server.api.moments import whens
from ringfence_server.api.once import form_of
from ringfence_server.api.operations import reads, writes
from ringfence_server.api.paging import listed, next_page
from ringfence_server.api.refusals import placed
from ringfence_server.api.resources.cases import PersonSent
from ringfence_server.api.resources.tasks import ORDER, TaskLine, TaskPage, line_of, lines
from ringfence_server.api.shapes import Instant, Key, Paged, Sent, Told, Words, words
from ringfence_server.deployment.here import home, now
from ringfence_server.tasks import actions, queries
from ringfence_server.tasks.actions import Report, Said
from ringfence_server.tasks.kinds import kind_of
from ringfence_server.tasks.models import Exposure, Task
from ringfence_server.tasks.words import IN_HAND

router = Router(tags=["my tasks"])
_MOST = 60


class ExposureTold(Told):
    """Where and when the person is to have been."""

    id: int
    place: str
    zone: str
    start: Instant
    end: Instant


class MyTask(TaskLine):
    """`outcomes`: words that a report ends with. `exposures`: once the task is in hand."""

    outcomes: list[Words]
    exposures: list[ExposureTold]


class StepSent(Sent):
    """`reason`: of a refusal."""

    to: Literal["accepted", "refused", "on_the_way"]
    reason: str = Field("", max_length=500)


class SaidSent(Sent):
    """Of one exposure: whether the person was there, and from when to when, if otherwise. With a
    time of its own it is said of all that overlap at that place, and once.
    """

    exposure: Key
    was_there: Literal["yes", "no"]
    zone: str = Field("", max_length=128)
    start: str | None = Field(None, max_length=40)
    end: str | None = Field(None, max_length=40)


class OtherSent(Sent):
    """Somebody else who was there. It goes sealed to the vault, and becomes a task to verify."""

    exposure: Key
    person: PersonSent


class ReportSent(Sent):
    outcome: str = Field(max_length=64)
    said: list[SaidSent] = Field(default_factory=list, max_length=_MOST)
    symptoms: list[str] = Field(default_factory=list, max_length=20)
    since: str = Field("", max_length=20)
    others: list[OtherSent] = Field(default_factory=list, max_length=_MOST)
    note: str = Field("", max_length=1000)


@reads(
    router,
    "/my-tasks",
    Text("Tasks in hand, the most urgent first", "手上的任务，最紧急的在前"),
    answers=TaskPage,
)
@needs("task.work")
def my_tasks(request: HttpRequest, asked: Query[Paged]) -> TaskPage:
    rows = queries.mine(acting_in(request))
    found, place = listed(rows, ORDER, asked.after, asked.limit)
    return TaskPage(items=lines(found), next=next_page(request, place))


@reads(
    router,
    "/my-tasks/free",
    Text("Tasks that anybody of the unit may take", "可接的任务"),
    answers=TaskPage,
)
@needs("task.work")
def free_tasks(request: HttpRequest, asked: Query[Paged]) -> TaskPage:
    rows = queries.free(acting_in(request))
    found, place = listed(rows, ORDER, asked.after, asked.limit)
    return TaskPage(items=lines(found), next=next_page(request, place))


@reads(router, "/my-tasks/{int:task}", Text("One task of mine", "我的单个任务"), answers=MyTask)
@needs("task.work")
def my_task(request: HttpRequest, task: int) -> MyTask:
    return _told(queries.worked(acting_in(request), task))


@writes(
    router,
    "/my-tasks/{int:task}/steps",
    Text("Accept, refuse or set out", "接单、拒接或出发"),
    answers=MyTask,
)
@needs("task.work")
def step_task(request: HttpRequest, task: int, told: Body[StepSent]) -> MyTask:
    by, at = acting_in(request), now()
    done = actions.step(number=task, to=told.to, by=by, at=at, reason=told.reason)
    return _told(done)


@writes(
    router,
    "/my-tasks/{int:task}/report",
    Text("Report a task", "反馈任务"),
    answers=MyTask,
    status=201,
)
@needs("task.work")
def report_task(request: HttpRequest, task: int, told: Body[ReportSent]) -> MyTask:
    by, at, here = acting_in(request), now(), home()
    queries.worked(by, task)
    report = Report(
        outcome=told.outcome,
        said=[_said(place, one, here.zone) for place, one in enumerate(told.said)],
        symptoms=told.symptoms,
        since=told.since,
        others=[(one.exposure, _who(one.person)) for one in told.others],
        note=told.note,
    )
    with placed():
        done = actions.report(
            home=here, number=task, told=report, token=form_of(request, by), by=by, at=at
        )
    return _told(done)


def _said(place: int, one: SaidSent, zone: str) -> Said:
    """Times as the report of the console has them: local, to the minute."""
    told = {"start": one.start, "end": one.end}
    times = whens(told, f"body.said.{place}", zone, now())
    written = {name: when.in_form(zone) for name, when in times.items()}
    return Said(one.exposure, one.was_there, one.zone, **written)


def _who(person: PersonSent) -> dict[str, str]:
    return {name: text for name, text in person.model_dump().items() if text}


def _told(task: Task) -> MyTask:
    ends = kind_of(task.kind).ends
    asked = Exposure.objects.filter(follow_up=task.follow_up_id).order_by("start", "pk")
    exposures = [
        ExposureTold(id=one.pk, place=one.label, zone=one.zone, start=one.start, end=one.end)
        for one in (asked if task.state in IN_HAND else ())
    ]
    outcomes = [words(word, end.text) for word, end in ends.items()]
    return MyTask(**line_of(task), outcomes=outcomes, exposures=exposures)
