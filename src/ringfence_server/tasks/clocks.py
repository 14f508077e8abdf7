"""How long each stage took: minutes from the report of a positive test until contacts were listed,
approved, accepted by a worker, and reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db.models import Min

from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import visible
from ringfence_server.tasks.kinds import book
from ringfence_server.tasks.models import Approval, Link, Task, TaskState
from ringfence_server.tasks.queries import APPROVE

STAGES = ("listed", "approved", "accepted", "reached")
_CASES = 100


@dataclass(frozen=True)
class Clock:
    """Minutes since the report; of contacts, the median. None: not yet, or no report."""

    name: str
    minutes: tuple[float | None, ...]
    contacts: int


def of_cases(by: Acting) -> list[Clock]:
    """Of the latest cases whose lists the account approves."""
    cases = _cases(by)
    reached = _moments(cases)
    return [
        _clock(one.number, [one], {one.pk: reached[one.pk]}) for one in cases if one.pk in reached
    ]


def of_units(by: Acting) -> list[tuple[str, Clock]]:
    """The same by the unit of the case: its code, and the median over its cases."""
    cases = _cases(by)
    moments = _moments(cases)
    by_unit: dict[str, list[Case]] = {}
    for one in cases:
        if one.pk in moments:
            by_unit.setdefault(one.unit_id, []).append(one)
    return [(unit, _clock(unit, own, moments)) for unit, own in sorted(by_unit.items())]


def _cases(by: Acting) -> list[Case]:
    rows = visible(by, APPROVE).filter(reported_at__isnull=False)
    return list(rows.select_related("unit").order_by("-listed_at", "-pk")[:_CASES])


Moments = dict[str, list[datetime]]


def _moments(cases: Iterable[Case]) -> dict[int, Moments]:
    """By case, of each stage when it was reached: of its first list, and of each of its people."""
    keys = [one.pk for one in cases]
    found: dict[int, Moments] = {}
    for case, ended, at in (
        Approval.objects.filter(case__in=keys)
        .order_by("case", "pk")
        .distinct("case")
        .values_list("case", "run__ended_at", "at")
    ):
        found[case] = {
            "listed": [ended] if ended else [],
            "approved": [at],
            "accepted": [],
            "reached": [],
        }
    people: dict[int, list[int]] = {}
    for case, follow_up in Link.objects.filter(case__in=found, run__isnull=False).values_list(
        "case", "follow_up"
    ):
        people.setdefault(follow_up, []).append(case)
    for stage, rows in (("accepted", _accepted(people)), ("reached", _reached(people))):
        for follow_up, at in rows:
            for case in people[follow_up]:
                found[case][stage].append(at)
    return found


def _accepted(people: Iterable[int]) -> list[tuple[int, datetime]]:
    rows = TaskState.objects.filter(task__follow_up__in=list(people), state="accepted")
    return list(rows.values_list("task__follow_up").annotate(at=Min("at")))


def _reached(people: Iterable[int]) -> list[tuple[int, datetime]]:
    """By the first report that settles a task."""
    settled = {
        word for kind in book().kinds.values() for word, end in kind.ends.items() if end.settled
    }
    tasks = Task.objects.filter(follow_up__in=list(people), feedback__outcome__in=settled)
    return list(tasks.values_list("follow_up").annotate(at=Min("feedback__at")))


def _clock(name: str, cases: Iterable[Case], moments: dict[int, Moments]) -> Clock:
    minutes: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for one in cases:
        for stage in STAGES:
            since = one.reported_at
            assert since is not None
            minutes[stage] += [(at - since).total_seconds() / 60 for at in moments[one.pk][stage]]
    told = tuple(median(minutes[stage]) if minutes[stage] else None for stage in STAGES)
    return Clock(name, told, len(minutes["accepted"]))
