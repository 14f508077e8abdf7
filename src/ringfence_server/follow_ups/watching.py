"""Beginning to follow somebody, and moving the date until which that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ringfence.lake import Home
from ringfence_server.accounts.models import User
from ringfence_server.follow_ups.measuring import Measured, measured
from ringfence_server.follow_ups.models import Moved, Watch
from ringfence_server.outbox import auditing
from ringfence_server.tasks.keeping import let_go, make
from ringfence_server.tasks.kinds import kind_of
from ringfence_server.tasks.models import FollowUp, Task
from ringfence_server.tasks.moving import end_if_done
from ringfence_server.tasks.words import OPEN

MEASURE = "measure"
RELEASE = "release"
_ELSEWHERE = ("handed_over", "case")
_PROGRAM = "ringfence"
_AT_ONCE = 1_000


def watch(home: Home, follow_ups: Sequence[int], *, by: User | None, at: datetime) -> None:
    """Within the transaction of the act, `keeping.alone`. Who is followed by another city, or is a
    case, is left alone. Said again, nothing changes.
    """
    people = list(FollowUp.objects.select_for_update().filter(pk__in=follow_ups).order_by("pk"))
    wanted = measured(home, people)
    known = {one.follow_up_id: one for one in Watch.objects.filter(follow_up__in=people)}
    at_work = set(
        Task.objects.filter(follow_up__in=people, kind=RELEASE, state__in=OPEN).values_list(
            "follow_up", flat=True
        )
    )
    today = local_day(home, at)
    begin: list[FollowUp] = []
    for person in people:
        told, there = wanted.get(person.pk), known.get(person.pk)
        if told is None:
            if there is not None and person.pk in at_work:
                _stop(there, by, at)
        elif person.pk in at_work and there is not None:
            _move(home, there, told, by, at)
        elif begins(person.end, there, told):
            known[person.pk] = _begun(person, there, told, today)
            begin.append(person)
    written = [known[person.pk] for person in begin]
    Watch.objects.bulk_create([one for one in written if one.pk is None], batch_size=_AT_ONCE)
    fields = ["since", "release_date", "rule", "samples", "released_by", "released_at"]
    Watch.objects.bulk_update([one for one in written if one.pk is not None], fields)
    tasks = make([(person, RELEASE) for person in begin], origin=MEASURE, by=by, at=at)
    for task in tasks:
        task.due_at = task.next_at = due_of(home, task, known[task.follow_up_id].release_date)
    Task.objects.bulk_update(tasks, ["due_at", "next_at"], batch_size=_AT_ONCE)
    FollowUp.objects.filter(pk__in=[one.pk for one in begin]).update(end="", ended_at=None)


def local_day(home: Home, at: datetime) -> date:
    return at.astimezone(ZoneInfo(home.zone)).date()


def midnight(home: Home, day: date) -> datetime:
    """With which the day begins."""
    return datetime.combine(day, time(), ZoneInfo(home.zone))


def due_of(home: Home, task: Task, release: date) -> datetime:
    """Whoever can be released is to be within that day; if it was over before anybody was told,
    within the hours of the kind since then.
    """
    return max(midnight(home, release + timedelta(days=1)), task.made_at + kind_of(task.kind).due)


def set_due(home: Home, task: Task, release: date) -> None:
    """Nobody is reminded before."""
    due = due_of(home, task, release)
    if task.due_at != due:
        Task.objects.filter(pk=task.pk).update(due_at=due, next_at=due, told_to=None)


def begins(end: str, there: Watch | None, told: Measured) -> bool:
    """Not for whom another answers, nor again for whom was released by this very date. `end`: of
    the follow-up.
    """
    if end in _ELSEWHERE:
        return False
    released = there is not None and there.released_at is not None
    return not (released and there is not None and told.release_date <= there.release_date)


def _begun(person: FollowUp, there: Watch | None, told: Measured, today: date) -> Watch:
    one = there or Watch(follow_up=person)
    one.since, one.release_date = today, told.release_date
    one.rule, one.samples = told.rule._asdict(), [day.isoformat() for day in told.samples]
    one.released_by = one.released_at = None
    return one


def _move(home: Home, there: Watch, told: Measured, by: User | None, at: datetime) -> None:
    was = there.release_date
    samples = [day.isoformat() for day in told.samples]
    if (was, there.rule, there.samples) == (told.release_date, told.rule._asdict(), samples):
        return
    there.release_date, there.rule, there.samples = told.release_date, told.rule._asdict(), samples
    there.save()
    if was == told.release_date:
        return
    Moved.objects.create(watch=there, was=was, now=told.release_date, by=by, at=at)
    for task in Task.objects.filter(follow_up=there.follow_up_id, kind=RELEASE, state="dispatched"):
        set_due(home, task, told.release_date)
    _drop_days(there, told.release_date, by, at)
    _told(there, was, told.release_date, by, at)


def _stop(there: Watch, by: User | None, at: datetime) -> None:
    """No list gives a date any more: nothing is measured."""
    Moved.objects.create(watch=there, was=there.release_date, now=None, by=by, at=at)
    tasks = Task.objects.filter(follow_up=there.follow_up_id, origin=MEASURE, state__in=OPEN)
    let_go(list(tasks.values_list("pk", flat=True)), by=by, at=at, reason="no_measure")
    end_if_done(there.follow_up_id, at)
    _told(there, there.release_date, None, by, at)


def _drop_days(there: Watch, release: date, by: User | None, at: datetime) -> None:
    """Days that lie behind an earlier date are asked about no more."""
    tasks = Task.objects.filter(
        follow_up=there.follow_up_id, origin=MEASURE, state__in=OPEN, day__gte=release
    )
    let_go(list(tasks.values_list("pk", flat=True)), by=by, at=at, reason="no_measure")


def _told(there: Watch, was: date, now: date | None, by: User | None, at: datetime) -> None:
    about = {
        "subject": there.follow_up.person,
        "was": was.isoformat(),
        "now": now.isoformat() if now else "none",
    }
    auditing.told("follow_up.moved", by=by.username if by else _PROGRAM, at=at, about=about)
