"""Releasing people: on the day that their protocol says, when all days are done, by a person.

Nothing releases by itself, and no date is passed over: a day that nobody asked about stands in the
way until somebody says why, by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from ringfence.errors import DataError, NotFound
from ringfence.lake import Home
from ringfence.operations.checks import check_words
from ringfence_server.access import Acting
from ringfence_server.access.operator import reach_of
from ringfence_server.follow_ups.days import wanted
from ringfence_server.follow_ups.models import Moved, Watch
from ringfence_server.follow_ups.watching import MEASURE, RELEASE, local_day
from ringfence_server.jurisdictions.queries import within
from ringfence_server.outbox import auditing
from ringfence_server.tasks.assigning import last_state
from ringfence_server.tasks.keeping import alone, write_states
from ringfence_server.tasks.models import FollowUp, Task
from ringfence_server.tasks.moving import end_if_done
from ringfence_server.tasks.refusals import moved_on
from ringfence_server.tasks.words import OPEN

RIGHT = "trace.approve"
MISSED = "missed"


@dataclass(frozen=True)
class Due:
    """Somebody whose day has come. `missing`: open tasks that stand in the way. `missed`: days that
    were given up with a reason. `seen`: the state of the release that a page shows.
    """

    watch: Watch
    release: Task
    missing: tuple[Task, ...]
    missed: int
    seen: int


def watched(by: Acting) -> QuerySet[Task]:
    """The open releases of the account's units."""
    rows = within(Task.objects.all(), reach_of(by, RIGHT) or [])
    return rows.filter(kind=RELEASE, state="dispatched")


def due(home: Home, by: Acting, at: datetime, most: int = 200) -> list[Due]:
    """Whose date is today or was before; the earliest first."""
    releases = watched(by).filter(follow_up__watch__release_date__lte=local_day(home, at))
    rows = releases.select_related("follow_up__watch", "unit__parent").order_by(
        "follow_up__watch__release_date", "pk"
    )
    return [_due(one) for one in rows[:most]]


def _due(release: Task) -> Due:
    others = Task.objects.filter(follow_up=release.follow_up_id).exclude(pk=release.pk)
    missing = others.filter(state__in=OPEN).select_related("unit__parent").order_by("day", "pk")
    watch = release.follow_up.watch
    missed = others.filter(outcome=MISSED, state="closed", day__gte=watch.since).count()
    return Due(watch, release, tuple(missing), missed, last_state(release))


def moves(by: Acting, since: datetime) -> QuerySet[Moved]:
    """Dates that moved lately, of the account's units."""
    people = within(FollowUp.objects.all(), reach_of(by, RIGHT) or [])
    rows = Moved.objects.filter(watch__follow_up__in=people, at__gte=since)
    return rows.select_related("watch__follow_up").order_by("-pk")


def release_of(by: Acting, follow_up: int) -> Task | None:
    """The newest, whatever its state. None: nobody of the account's units is followed so."""
    rows = within(Task.objects.all(), reach_of(by, RIGHT) or [])
    return rows.filter(kind=RELEASE, origin=MEASURE, follow_up=follow_up).order_by("-pk").first()


def release(*, home: Home, follow_up: int, seen: int, by: Acting, at: datetime) -> Watch:
    """The person is followed no more. The same again has no effect.

    NotFound: nobody within reach. Overtaken: the page is stale. DataError: the day has not come, or
    something is not done.
    """
    with transaction.atomic():
        alone()
        found = release_of(by, follow_up)
        if found is None:
            raise NotFound("nobody is followed up so", "没有此随访")
        held = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up)
        watch = held.watch
        if found.outcome == "released":
            return watch
        if found.state != "dispatched" or last_state(found) != seen:
            raise moved_on()
        _check(home, watch, found, at)
        Task.objects.filter(pk=found.pk).update(
            state="closed", outcome="released", next_at=None, account=by.user
        )
        found.refresh_from_db()
        write_states([found], "closed", by=by.user, at=at, reason=watch.rule["en"])
        FollowUp.objects.filter(pk=held.pk).update(end="released", ended_at=at)
        watch.released_by, watch.released_at = by.user, at
        watch.save(update_fields=["released_by", "released_at"])
        about = {
            "subject": held.person,
            "release_date": watch.release_date.isoformat(),
            "rule": watch.rule["en"],
            "missed": str(_due(found).missed),
        }
        auditing.told("follow_up.released", by=by.user.username, at=at, about=about)
    return watch


def _check(home: Home, watch: Watch, found: Task, at: datetime) -> None:
    if local_day(home, at) < watch.release_date:
        raise DataError(
            f"the release date is {watch.release_date}: nobody is released before",
            f"解除日期为 {watch.release_date}：不得提前解除",
        )
    missing = len(_due(found).missing)
    days = _days_without_task(watch)
    if missing or days:
        raise DataError(
            f"{missing + days} tasks of this person are not done: they come first",
            f"此人尚有 {missing + days} 项任务未完成：请先完成",
        )


def _days_without_task(watch: Watch) -> int:
    """Days that the server did not come to: they are made before anybody is released."""
    told = set(
        Task.objects.filter(follow_up=watch.follow_up_id, day__isnull=False)
        .exclude(state="withdrawn")
        .values_list("kind", "day")
    )
    return sum(one not in told for one in wanted(watch, watch.release_date))


def give_up(*, home: Home, task: int, seen: int, reason: str, by: Acting, at: datetime) -> Task:
    """A day that is over and that nobody asked about: said so, by name, with a reason.

    DataError: the day is not over.
    """
    with transaction.atomic():
        rows = within(Task.objects.all(), reach_of(by, RIGHT) or [])
        found = rows.filter(pk=task).first()
        if found is None:
            raise NotFound("there is no such task", "没有此任务")
        if found.origin != MEASURE or found.day is None:
            raise DataError("this task is of no day", "该任务不属于每日随访")
        held = Task.objects.select_for_update().get(pk=found.pk)
        if held.state == "closed" and held.outcome == MISSED:
            return held
        if held.state not in OPEN or last_state(held) != seen:
            raise moved_on()
        assert held.day is not None
        if local_day(home, at) <= held.day:
            raise DataError("this day is not over", "当天尚未结束")
        check_words("reason", "理由", reason)
        Task.objects.filter(pk=held.pk).update(
            state="closed", outcome=MISSED, next_at=None, account=by.user
        )
        held.refresh_from_db()
        write_states([held], "closed", by=by.user, at=at, reason=reason.strip())
        end_if_done(held.follow_up_id, at)
        about = {"task": str(held.pk), "day": held.day.isoformat(), "reason": reason.strip()}
        auditing.told("follow_up.missed", by=by.user.username, at=at, about=about)
    return held
