"""Lists of contacts with release dates, written as rows and approved."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tests.server.cases.town import DAY
from tests.server.homes import NOON

from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.follow_ups import actions
from ringfence_server.tasks.approving import approve, preview
from ringfence_server.tasks.assigning import check, close, last_state
from ringfence_server.tasks.models import Task
from ringfence_server.tasks.reporting import Report, report
from ringfence_server.tasks.words import OPEN
from ringfence_server.tasks.working import step
from ringfence_server.tracing.models import Contact, Run

PROTOCOL = "covid-cn-9@1"
TODAY = date(2022, 7, 7)
"""NOON's."""


def released_after(last: datetime) -> date:
    """By covid-cn-9, of a close contact: 7 days and 3."""
    return (last + timedelta(hours=8)).date() + timedelta(days=10)


def listed(
    case: Case, people: dict[str, datetime], by: Acting, *, outcome: str = "close", **more: Any
) -> Run:
    """`people`: when each was exposed last."""
    run = Run.objects.create(
        case=case,
        asked_by=by.user,
        asked_at=NOON,
        state="done",
        ended_at=NOON,
        protocol=PROTOCOL,
    )
    Contact.objects.bulk_create(
        Contact(
            run=run,
            rank=rank,
            person=person,
            order=1,
            outcome=outcome,
            provisional=more.get("provisional", False),
            first_exposure=last,
            last_exposure=last,
            subjects=[person],
            rules=[],
            why=[],
            release_date=released_after(last) if outcome == "close" else None,
        )
        for rank, (person, last) in enumerate(people.items())
    )
    return run


def approves(home: Home, run: Run, by: Acting, at: datetime = NOON) -> None:
    seen = preview(home=home, run=run.pk, by=by, at=at)
    approve(home=home, run=run.pk, digest=seen.digest, by=by, at=at)


def tasks(person: str, kind: str, *states: str) -> list[Task]:
    rows = Task.objects.filter(follow_up__person=person, kind=kind)
    if states:
        rows = rows.filter(state__in=states)
    return list(rows.order_by("day", "pk"))


def reports(home: Home, task: Task, outcome: str, by: Acting, at: datetime, **more: Any) -> Task:
    step(number=task.pk, to="accepted", by=by, at=at)
    told = Report(outcome, **more)
    token = f"day-{task.pk}"
    return report(home=home, number=task.pk, told=told, token=token, by=by, at=at)


def settles(
    home: Home, task: Task, outcome: str, *, worker: Acting, chief: Acting, at: datetime
) -> None:
    reports(home, task, outcome, worker, at)
    if Task.objects.get(pk=task.pk).state != "closed":
        check(number=task.pk, seen=last_state(task), by=chief, at=at)
        close(number=task.pk, seen=last_state(task), by=chief, at=at)


WELL = {"notify": "reached", "bring": "brought", "follow": "well", "sample": "taken"}


def lives(
    home: Home, worker: Acting, chief: Acting, at: datetime, days: int, *, misses: int = -1
) -> datetime:
    """All of each day is done, but for one. The noon after the last."""
    for day in range(days):
        actions.make_days(home, at=at)
        for task in Task.objects.filter(state__in=OPEN).exclude(kind="release").order_by("pk"):
            if day != misses:
                settles(home, task, WELL[task.kind], worker=worker, chief=chief, at=at)
        at += DAY
    return at
