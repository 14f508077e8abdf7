"""How long each stage took: minutes from the report of a positive test until contacts were listed,
approved, accepted by a worker, and reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db.models import Min, Q

from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import visible
from ringfence_server.tasks.kinds import book
from ringfence_server.tasks.models import Approval, Feedback, TaskState
from ringfence_server.tasks.queries import APPROVE

STAGES = ("listed", "approved", "accepted", "reached")
_CASES = 100


@dataclass(frozen=True)
class Clock:
    """Minutes since the report; of contacts, the median. None: not yet, or no report."""

    name: str
    minutes: tuple[float | None, ...]
    contacts: int


@dataclass(frozen=True)
class Clocks:
    """By unit of the case, its code and the median over its cases; and case by case."""

    units: list[tuple[str, Clock]]
    cases: list[Clock]


def clocks(by: Acting) -> Clocks:
    """Of the latest cases whose lists the account approves."""
    cases = _cases(by)
    moments = _moments(cases)
    by_unit: dict[str, list[Case]] = {}
    for one in cases:
        if one.pk in moments:
            by_unit.setdefault(one.unit_id, []).append(one)
    return Clocks(
        [(unit, _clock(unit, own, moments)) for unit, own in sorted(by_unit.items())],
        [_clock(one.number, [one], moments) for one in cases if one.pk in moments],
    )


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
    for stage, rows in (("accepted", _accepted(found)), ("reached", _reached(found))):
        for case, _, at in rows:
            found[case][stage].append(at)
    return found


_Row = tuple[int, int, datetime]
"""Case, follow-up, and the first time."""


def _accepted(cases: Iterable[int]) -> Iterable[_Row]:
    """Joined in the database: the people of a hundred cases are thousands."""
    rows = TaskState.objects.filter(
        state="accepted",
        task__follow_up__links__case__in=list(cases),
        task__follow_up__links__run__isnull=False,
    )
    return rows.values_list("task__follow_up__links__case", "task__follow_up").annotate(
        at=Min("at")
    )


def _reached(cases: Iterable[int]) -> Iterable[_Row]:
    """By the first report that settles a task."""
    settled = Q(pk__in=[])
    for kind in book().kinds.values():
        words = [word for word, end in kind.ends.items() if end.settled]
        settled |= Q(task__kind=kind.key, outcome__in=words)
    rows = Feedback.objects.filter(
        settled,
        task__follow_up__links__case__in=list(cases),
        task__follow_up__links__run__isnull=False,
    )
    return rows.values_list("task__follow_up__links__case", "task__follow_up").annotate(
        at=Min("at")
    )


def _clock(name: str, cases: Iterable[Case], moments: dict[int, Moments]) -> Clock:
    minutes: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for one in cases:
        for stage in STAGES:
            since = one.reported_at
            assert since is not None
            minutes[stage] += [(at - since).total_seconds() / 60 for at in moments[one.pk][stage]]
    told = tuple(median(minutes[stage]) if minutes[stage] else None for stage in STAGES)
    return Clock(name, told, len(minutes["accepted"]))
