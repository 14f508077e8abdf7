"""Sending a task to a unit or an account, and looking at what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from ringfence.errors import NotAllowed, NotFound, UsageError
from ringfence.lake import Home
from ringfence.operations.checks import check_words
from ringfence_server.access import Acting, acting_of
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.accounts.roles import roles
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.queries import line_above
from ringfence_server.outbox import auditing
from ringfence_server.tasks.keeping import alone, first_look, make
from ringfence_server.tasks.kinds import book, kind_of
from ringfence_server.tasks.models import FollowUp, Link, Task
from ringfence_server.tasks.moving import end_if_done, moved
from ringfence_server.tasks.queries import DISPATCH, WORK, check_right, dispatched
from ringfence_server.tasks.refusals import moved_on
from ringfence_server.tasks.sites import at_site, measured_still
from ringfence_server.tasks.words import ENDS, OPEN

_CARED_FOR = frozenset({"case", "handed_over"})


@dataclass(frozen=True)
class Load:
    """Whom a task may be given to, and how much they have in hand."""

    user: User
    open: int


def loads(unit: Unit, at: datetime) -> list[Load]:
    """Everybody who works in this unit, the least loaded first."""
    codes = [one.code for one in line_above(unit)]
    working = [key for key, role in roles().items() if WORK in role.rights]
    held = Appointment.objects.filter(
        Q(until__isnull=True) | Q(until__gt=at), role__in=working, since__lte=at
    ).filter(Q(unit__in=codes) | Q(unit__level="country"))
    users = User.objects.filter(pk__in=held.values("user"), is_active=True)
    counted = dict(
        Task.objects.filter(account__in=users, state__in=OPEN)
        .values("account")
        .annotate(n=Count("pk"))
        .values_list("account", "n")
    )
    found = [Load(user, counted.get(user.pk, 0)) for user in users]
    return sorted(found, key=lambda one: (one.open, one.user.username))


def send(
    *,
    number: int,
    seen: int,
    by: Acting,
    at: datetime,
    unit: str = "",
    account: str = "",
    reason: str = "",
) -> Task:
    """To another unit within reach, to an account that works there, or back to everybody of the
    unit. Its time stays what it was, unless what came back settled nothing.

    `seen`: the last state that the page showed. NotAllowed: the account does not work there.
    """
    with transaction.atomic():
        task = _seen(by, number, seen)
        if reason:
            check_words("reason", "理由", reason)
        to = task.unit if not unit else _unit(unit)
        check_right(by, DISPATCH, to)
        user = _worker(account, to, at) if account else None
        kind = kind_of(task.kind)
        also: dict[str, object] = {"account": user, "outcome": "", "symptoms": False}
        if task.state in ("feedback", "verified", "refused") or task.next_at is None:
            also |= {"next_at": first_look(kind, at)}
        if task.state in ("feedback", "verified"):
            also |= {"due_at": at + kind.due}
        if to.pk != task.unit_id:
            held = Task.objects.select_for_update().get(pk=task.pk)
            held.unit = to
            held.save(update_fields=["unit"])
        return moved(task, "dispatched", by=by, at=at, reason=reason.strip(), **also)


def check(*, number: int, seen: int, by: Acting, at: datetime) -> Task:
    """The report was looked at and is sound. What settles nothing is sent out again instead."""
    with transaction.atomic():
        task = _seen(by, number, seen)
        end = kind_of(task.kind).ends.get(task.outcome)
        if task.state == "feedback" and (end is None or not end.settled):
            raise NotAllowed(
                "the report settles nothing: send the task out again", "该反馈未能办结：请重新派发"
            )
        return moved(task, "verified", by=by, at=at)


def close(*, number: int, seen: int, by: Acting, at: datetime) -> Task:
    with transaction.atomic():
        task = _seen(by, number, seen)
        FollowUp.objects.select_for_update().get(pk=task.follow_up_id)
        done = moved(task, "closed", by=by, at=at, next_at=None)
        end_if_done(task.follow_up_id, at)
        return done


def add(*, home: Home, number: int, kind: str, by: Acting, at: datetime) -> Task:
    """Another piece of work for the person of this task. NotAllowed: an order where the case is
    provisional, where somebody only named the person, or where no measure asks for it; and for
    whom others care: a case, or somebody of another city.
    """
    with transaction.atomic():
        alone()
        follow_up = FollowUp.objects.select_for_update().get(pk=dispatched(by, number).follow_up_id)
        if kind not in book().kinds or not book().kinds[kind].by_hand:
            raise UsageError("there is no such kind of task", "没有此任务类型")
        check_right(by, DISPATCH, follow_up.unit)
        rests = Link.objects.filter(follow_up=follow_up, until__isnull=True)
        if not rests.exists():
            raise NotFound("nobody follows this person up any more", "此人已不再随访")
        if follow_up.end in _CARED_FOR:
            raise NotAllowed(*ENDS[follow_up.end])
        if book().kinds[kind].order:
            _check_order(home, kind, rests, at)
        there = Task.objects.filter(follow_up=follow_up, kind=kind, state__in=OPEN).first()
        if there is not None:
            return there
        (made,) = make([(follow_up, kind)], origin="hand", by=by.user, at=at)
        FollowUp.objects.filter(pk=follow_up.pk).update(end="", ended_at=None)
        about = {"task": str(made.pk), "kind": kind, "unit": made.unit_id}
        auditing.told("task.added", by=by.user.username, at=at, about=about)
        return made


def _check_order(home: Home, kind: str, rests: QuerySet[Link], at: datetime) -> None:
    """By hand as by rule: what rules make of a stay at a site needs a day there to come, and every
    other order a day of some measure.
    """
    binding = rests.filter(run__isnull=False, provisional=False)
    lists = {(run, person) for run, person in binding.values_list("run", "listed_as") if run}
    if not lists:
        raise NotAllowed(
            "nothing that binds a person follows from a provisional trace or from hearsay",
            "临时追踪或他人提及不得下达管控措施",
        )
    by_rule = {one for kinds in book().rules.values() for one in kinds}
    if kind not in by_rule and not measured_still(home, lists, at):
        raise NotAllowed(
            "the measures ask nothing of this person any more",
            "按管控措施，对此人已无任何要求",
        )
    if kind in by_rule and not at_site(home, lists, at):
        raise NotAllowed(
            "by the measures this person has no day at a site any more",
            "按管控措施，此人已无须集中隔离",
        )


def last_state(task: Task) -> int:
    return task.states.order_by("-pk").values_list("pk", flat=True).first() or 0


def _seen(by: Acting, number: int, seen: int) -> Task:
    task = dispatched(by, number)
    Task.objects.select_for_update().get(pk=task.pk)
    task.refresh_from_db()
    if last_state(task) != seen:
        raise moved_on()
    return task


def _unit(code: str) -> Unit:
    found = Unit.objects.filter(code=code).first() if "\0" not in code else None
    if found is None:
        raise NotFound("there is no such unit", "没有此单位")
    return found


def _worker(username: str, unit: Unit, at: datetime) -> User:
    user: User | None = User.objects.filter(username=username, is_active=True).first()
    if user is None or not acting_of(user, at).may(WORK, unit):
        raise NotAllowed("this account does not work in this unit", "该账户不在此单位执行任务")
    return user
