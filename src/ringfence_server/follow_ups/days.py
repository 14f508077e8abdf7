"""The tasks of each day: made by the background work, each once, also those of days on which it did
not run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from ringfence.lake import Home
from ringfence_server.follow_ups.models import Watch
from ringfence_server.follow_ups.watching import MEASURE, RELEASE, local_day, midnight, set_due
from ringfence_server.tasks.keeping import alone, write_states
from ringfence_server.tasks.models import Task

FOLLOW = "follow"
SAMPLE = "sample"
_AT_ONCE = 500
_REMINDED = timedelta(hours=6)
"""So long before the day ends, those who have it are reminded."""


def make_days(home: Home, *, at: datetime) -> int:
    """How many tasks were made: of today, and of every day since the following began that has
    none. Nobody's who is being handed over, or was released.
    """
    keys = list(
        Task.objects.filter(kind=RELEASE, state="dispatched")
        .order_by("pk")
        .values_list("follow_up", flat=True)
    )
    return sum(
        _make(home, keys[start : start + _AT_ONCE], at) for start in range(0, len(keys), _AT_ONCE)
    )


@transaction.atomic
def _make(home: Home, keys: Sequence[int], at: datetime) -> int:
    alone()
    open_ones = {
        one.follow_up_id: one
        for one in Task.objects.filter(
            follow_up__in=keys, kind=RELEASE, state="dispatched"
        ).select_related("follow_up")
    }
    there: defaultdict[int, set[tuple[str, date]]] = defaultdict(set)
    rows = Task.objects.filter(follow_up__in=open_ones, day__isnull=False).exclude(
        state="withdrawn"
    )
    for follow_up, kind, day in rows.values_list("follow_up", "kind", "day"):
        if day is not None:
            there[follow_up].add((kind, day))
    today, tasks = local_day(home, at), []
    for watch in Watch.objects.filter(follow_up__in=open_ones):
        release = open_ones[watch.follow_up_id]
        set_due(home, release, watch.release_date)
        tasks += [
            _task(home, release, kind, day, at)
            for kind, day in wanted(watch, today)
            if (kind, day) not in there[watch.follow_up_id]
        ]
    made = Task.objects.bulk_create(tasks)
    write_states(made, "dispatched", by=None, at=at)
    return len(made)


def wanted(watch: Watch, today: date) -> Iterator[tuple[str, date]]:
    """Each day until today or the release, and the tests that fell due since."""
    day = watch.since
    while day <= today and day < watch.release_date:
        yield FOLLOW, day
        day += timedelta(days=1)
    for told in watch.samples:
        day = date.fromisoformat(told)
        if watch.since <= day <= today:
            yield SAMPLE, day


def _task(home: Home, release: Task, kind: str, day: date, at: datetime) -> Task:
    due = midnight(home, day + timedelta(days=1))
    return Task(
        follow_up=release.follow_up,
        unit_id=release.follow_up.unit_id,
        kind=kind,
        day=day,
        origin=MEASURE,
        made_at=at,
        due_at=due,
        next_at=max(due - _REMINDED, at),
    )
