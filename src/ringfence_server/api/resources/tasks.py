"""Tasks at the desk: the work of a unit, sent out, looked at when it comes back, closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Body, Query, Router
from pydantic import Field

from ringfence.errors import Text
from ringfence_server.access import acting_in, needs
from ringfence_server.api.operations import reads, writes
from ringfence_server.api.paging import listed, next_page
from ringfence_server.api.shapes import Instant, Key, Paged, Sent, Told, Words, words
from ringfence_server.deployment.here import home, now
from ringfence_server.jurisdictions.queries import within
from ringfence_server.tasks import actions, queries
from ringfence_server.tasks.assigning import last_state
from ringfence_server.tasks.kinds import kind_of
from ringfence_server.tasks.models import Link, Task
from ringfence_server.tasks.words import OPEN, STATES, WITHDRAWN_FOR

router = Router(tags=["tasks"])
ORDER = (("due_at", datetime), ("id", int))


class TaskLine(Told):
    """`person`: a number. `account`: who has it in hand, or is to have it. `symptoms`: its report
    tells of some.
    """

    id: int
    kind: Words
    person: str
    unit: str
    account: str | None
    state: Words
    due_at: Instant
    late: bool
    symptoms: bool


class StateTold(Told):
    """`by`: null where the program did it. `for_reason`: of a withdrawal; what people wrote is
    told in the console alone.
    """

    state: str
    unit: str
    account: str | None
    by: str | None
    at: Instant
    for_reason: Words | None


class TaskTold(TaskLine):
    """`seen`: of its last state, as acts on it are to name it. `outcome`: of the last report."""

    seen: int
    cases: list[int]
    outcome: Words | None
    settled: bool
    states: list[StateTold]


class TaskPage(Told):
    items: list[TaskLine]
    next: str | None


class TasksAsked(Paged):
    unit: str = Field("", max_length=128, description="left empty, the account's own · 默认本单位")
    state: str = Field("", max_length=64)
    kind: str = Field("", max_length=64)
    symptoms: Literal["", "yes"] = Field(
        "", description="yes: reports of symptoms, not looked at yet · 有症状且尚未核实的反馈"
    )


class Seen(Sent):
    seen: Key


class MoreSent(Sent):
    """`kind`: one that is added by hand, as `/kinds` has it."""

    kind: str = Field(max_length=64)


class SendingSent(Seen):
    """Left empty: the unit stays, and anybody of it may take the task."""

    unit: str = Field("", max_length=128)
    account: str = Field("", max_length=64)
    reason: str = Field("", max_length=500)


@reads(
    router,
    "/tasks",
    Text("Open tasks of a unit, the most urgent first", "单位的未结任务，最紧急的在前"),
    answers=TaskPage,
)
@needs("task.dispatch")
def tasks(request: HttpRequest, asked: Query[TasksAsked]) -> TaskPage:
    by = acting_in(request)
    rows = within(queries.of_desk(by), [queries.desk_of(by, asked.unit)]).filter(state__in=OPEN)
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.symptoms:
        rows = queries.with_symptoms(rows)
    found, place = listed(rows, ORDER, asked.after, asked.limit)
    return TaskPage(items=lines(found), next=next_page(request, place))


@reads(router, "/tasks/{int:task}", Text("One task", "单个任务"), answers=TaskTold)
@needs("task.dispatch")
def task(request: HttpRequest, task: int) -> TaskTold:
    return told_of(queries.dispatched(acting_in(request), task))


@writes(
    router,
    "/tasks/{int:task}/sending",
    Text("Send a task to a unit or an account", "将任务派发至单位或账户"),
    answers=TaskTold,
)
@needs("task.dispatch")
def send_task(request: HttpRequest, task: int, told: Body[SendingSent]) -> TaskTold:
    """It may leave one's own reach with that."""
    by, at = acting_in(request), now()
    return told_of(actions.send(number=task, by=by, at=at, **told.model_dump()))


@writes(
    router,
    "/tasks/{int:task}/more",
    Text("Add another task for the person of this one", "为此任务的人员增派任务"),
    answers=TaskTold,
    status=201,
)
@needs("task.dispatch")
def add_task(request: HttpRequest, task: int, told: Body[MoreSent]) -> TaskTold:
    """Where one of this kind is open already, that one."""
    by, at = acting_in(request), now()
    return told_of(actions.add(home=home(), number=task, kind=told.kind, by=by, at=at))


@writes(
    router,
    "/tasks/{int:task}/verification",
    Text("The report was looked at and is sound", "核实反馈"),
    answers=TaskTold,
)
@needs("task.dispatch")
def verify_task(request: HttpRequest, task: int, told: Body[Seen]) -> TaskTold:
    by, at = acting_in(request), now()
    return told_of(actions.check(number=task, seen=told.seen, by=by, at=at))


@writes(router, "/tasks/{int:task}/closing", Text("Close a task", "办结任务"), answers=TaskTold)
@needs("task.dispatch")
def close_task(request: HttpRequest, task: int, told: Body[Seen]) -> TaskTold:
    by, at = acting_in(request), now()
    return told_of(actions.close(number=task, seen=told.seen, by=by, at=at))


def lines(found: list[Task]) -> list[TaskLine]:
    return [TaskLine(**line_of(one)) for one in found]


def line_of(task: Task) -> dict[str, Any]:
    return {
        "id": task.pk,
        "kind": words(task.kind, kind_of(task.kind).text),
        "person": task.follow_up.person,
        "unit": task.unit_id,
        "account": task.account.username if task.account else None,
        "state": words(task.state, STATES[task.state]),
        "due_at": task.due_at,
        "late": task.due_at <= now(),
        "symptoms": task.symptoms,
    }


def told_of(task: Task) -> TaskTold:
    kind = kind_of(task.kind)
    end = kind.ends.get(task.outcome)
    rests = Link.objects.filter(follow_up=task.follow_up_id, until__isnull=True)
    rows = task.states.select_related("by", "account").order_by("pk")
    return TaskTold(
        **line_of(task),
        seen=last_state(task),
        cases=list(rests.order_by("case").values_list("case", flat=True)),
        outcome=words(task.outcome, kind.said(task.outcome)) if task.outcome else None,
        settled=bool(end and end.settled),
        states=[
            StateTold(
                state=one.state,
                unit=one.unit_id,
                account=one.account.username if one.account else None,
                by=one.by.username if one.by else None,
                at=one.at,
                for_reason=words(one.reason, WITHDRAWN_FOR[one.reason])
                if one.reason in WITHDRAWN_FOR
                else None,
            )
            for one in rows
        ],
    )
