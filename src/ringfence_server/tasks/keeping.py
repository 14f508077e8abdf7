"""Writing what was planned: a list of a thousand costs a handful of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from ringfence_server.accounts.models import User
from ringfence_server.cases.models import Case
from ringfence_server.outbox import auditing
from ringfence_server.tasks.kinds import Kind, book
from ringfence_server.tasks.models import FollowUp, Link, Task, TaskState
from ringfence_server.tasks.planning import CASE, RULE, Change, Plan
from ringfence_server.tasks.words import IS_CASE, NO_MEASURE, OPEN, REPORTED
from ringfence_server.tracing.models import Run

_AT_ONCE = 1_000
_PROGRAM = "ringfence"
_PLANNING = 0x52_46_54_50  # the database's lock of whatever begins or ends follow-ups


@dataclass(frozen=True)
class Gone:
    """How many tasks were withdrawn, and how many closed because they were reported."""

    withdrawn: int = 0
    closed: int = 0


@dataclass(frozen=True)
class Kept:
    """`follow_ups`: by person as listed, of everybody whom the plan is about."""

    made: int
    gone: Gone
    follow_ups: Mapping[str, FollowUp]


def alone() -> None:
    """Until the transaction ends, nobody else begins or ends follow-ups."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PLANNING])


def keep(
    plan: Plan,
    *,
    case: Case,
    run: Run | None,
    subjects: Mapping[str, Sequence[str]],
    by: User | None,
    at: datetime,
    reason: str = "",
) -> Kept:
    """Within the transaction of the act, `alone`. `reason`: a word of WITHDRAWN_FOR."""
    people = _follow_ups(plan.changes, case, subjects, at)
    _link(plan.changes, people, case, run, at)
    gone = _let_go(plan.changes, by, at, reason)
    wanted = [(people[c.person], kind) for c in plan.changes for kind in c.makes]
    made = make(wanted, origin=RULE, by=by, at=at)
    _settle(plan.changes, at)
    return Kept(len(made), gone, people)


def _let_go(changes: Sequence[Change], by: User | None, at: datetime, reason: str) -> Gone:
    """`reason`: where the case lists the person no more."""
    keys: defaultdict[str, list[int]] = defaultdict(list)
    for one in changes:
        why = reason if one.listed is None else IS_CASE if one.end == CASE else NO_MEASURE
        keys[why] += [*one.withdraws, *one.closes]
    gone = [let_go(own, by=by, at=at, reason=why) for why, own in keys.items()]
    return Gone(sum(one.withdrawn for one in gone), sum(one.closed for one in gone))


def make(
    wanted: Iterable[tuple[FollowUp, str]], *, origin: str, by: User | None, at: datetime
) -> list[Task]:
    kinds = book().kinds
    tasks = Task.objects.bulk_create(
        [_task(follow_up, kinds[kind], origin, at) for follow_up, kind in wanted],
        batch_size=_AT_ONCE,
    )
    write_states(tasks, "dispatched", by=by, at=at)
    return tasks


def let_go(keys: Sequence[int], *, by: User | None, at: datetime, reason: str) -> Gone:
    """Those of them that are open. What is reported by now is closed, by whoever acts."""
    if not keys:
        return Gone()
    rows = Task.objects.select_for_update().filter(pk__in=keys, state__in=OPEN).order_by("pk")
    tasks = list(rows)
    done = [one for one in tasks if one.state in REPORTED]
    undone = [one for one in tasks if one.state not in REPORTED]
    for state, those in (("closed", done), ("withdrawn", undone)):
        Task.objects.filter(pk__in=[one.pk for one in those]).update(state=state, next_at=None)
        write_states(those, state, by=by, at=at, reason=reason)
    for one in done:
        about = {"task": str(one.pk), "kind": one.kind, "unit": one.unit_id, "reason": reason}
        auditing.told("task.closed", by=by.username if by else _PROGRAM, at=at, about=about)
    return Gone(len(undone), len(done))


def write_states(
    tasks: Iterable[Task], state: str, *, by: User | None, at: datetime, reason: str = ""
) -> None:
    rows = [
        TaskState(
            task=one,
            state=state,
            reason=reason,
            unit_id=one.unit_id,
            account_id=one.account_id,
            by=by,
            at=at,
        )
        for one in tasks
    ]
    TaskState.objects.bulk_create(rows, batch_size=_AT_ONCE)


def first_look(kind: Kind, at: datetime) -> datetime:
    """When those who have it are reminded: half of the time is gone."""
    return at + kind.due / 2


def _task(follow_up: FollowUp, kind: Kind, origin: str, at: datetime) -> Task:
    return Task(
        follow_up=follow_up,
        unit_id=follow_up.unit_id,
        kind=kind.key,
        origin=origin,
        made_at=at,
        due_at=at + kind.due,
        next_at=first_look(kind, at),
    )


def _follow_ups(
    changes: Sequence[Change], case: Case, subjects: Mapping[str, Sequence[str]], at: datetime
) -> dict[str, FollowUp]:
    """Those that are there know, besides, whose records a merge or a split gave them since."""
    fresh = [
        FollowUp(
            person=one.person,
            subjects=list(subjects[one.person]),
            disease=case.disease,
            unit_id=one.unit,
            unit_assumed=one.assumed,
            since=at,
            end=one.end,
            ended_at=at if one.end else None,
        )
        for one in changes
        if one.follow_up is None
    ]
    made = FollowUp.objects.bulk_create(fresh, batch_size=_AT_ONCE)
    keys = {one.follow_up: one.person for one in changes if one.follow_up is not None}
    rows = FollowUp.objects.select_for_update().filter(pk__in=list(keys)).order_by("pk")
    there = {keys[one.pk]: one for one in rows}
    merged = []
    for person, one in there.items():
        if person in subjects and one.subjects != [*subjects[person]]:
            one.subjects = list(subjects[person])
            merged.append(one)
    FollowUp.objects.bulk_update(merged, ["subjects"], batch_size=_AT_ONCE)
    return {one.person: one for one in made} | there


def _link(
    changes: Sequence[Change],
    people: Mapping[str, FollowUp],
    case: Case,
    run: Run | None,
    at: datetime,
) -> None:
    fresh: list[Link] = []
    kept: list[Link] = []
    for one in changes:
        if one.listed is None:
            continue
        link = Link(
            pk=one.rests,
            follow_up=people[one.person],
            case=case,
            run=run,
            listed_as=one.person,
            outcome=one.listed.outcome,
            provisional=one.listed.provisional,
            since=at,
        )
        (fresh if one.rests is None else kept).append(link)
    Link.objects.bulk_create(fresh, batch_size=_AT_ONCE)
    fields = ["run", "listed_as", "outcome", "provisional"]
    Link.objects.bulk_update(kept, fields, batch_size=_AT_ONCE)
    gone = [one.rests for one in changes if one.listed is None and one.rests is not None]
    Link.objects.filter(pk__in=gone).update(until=at)


def _settle(changes: Sequence[Change], at: datetime) -> None:
    """A follow-up begins again where there is work anew, and ends where none is left."""
    there = [(one.follow_up, one) for one in changes if one.follow_up is not None]
    again = [key for key, one in there if one.was and not one.end]
    FollowUp.objects.filter(pk__in=again).update(end="", ended_at=None)
    for end in ("closed", "dropped", CASE):
        over = [key for key, one in there if one.end == end and one.end != one.was]
        FollowUp.objects.filter(pk__in=over).update(end=end, ended_at=at)
