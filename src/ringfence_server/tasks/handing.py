"""Work that somebody else is to take over: another unit, or another city.

Until they say that they have it, it stays open work of whoever gave it, and late if nobody answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from ringfence_server.access import Acting
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.tasks.keeping import first_look, make, write_states
from ringfence_server.tasks.kinds import NAMED, book, kind_of
from ringfence_server.tasks.models import FollowUp, Link, Task
from ringfence_server.tasks.refusals import nothing_to_hand_over
from ringfence_server.tasks.words import OPEN

ANSWER_WITHIN = timedelta(hours=8)
"""Contacts are handed over within 8 hours (investigators' deadlines)."""
_NOT_REPORTED = ("dispatched", "accepted", "refused", "on_the_way")


def may_be_given(follow_ups: Sequence[int]) -> QuerySet[Task]:
    """Their tasks that are not done yet. What was reported and settles the task is looked at and
    closed here.
    """
    unsettled = Q(pk__in=[])
    for kind in book().kinds.values():
        words = [word for word, end in kind.ends.items() if not end.settled]
        unsettled |= Q(kind=kind.key, outcome__in=words)
    return Task.objects.filter(
        Q(state__in=_NOT_REPORTED) | (Q(state="feedback") & unsettled), follow_up__in=follow_ups
    )


def give(follow_ups: Sequence[int], *, number: str, by: Acting, at: datetime) -> None:
    """Within the transaction of the act, `keeping.alone`. `number`: of the hand-over.

    Overtaken: of one of them nothing is open any more, or it is handed over already.
    """
    _held(follow_ups)
    tasks = list(may_be_given(follow_ups).select_for_update(of=("self",)).order_by("pk"))
    under_way = Task.objects.filter(follow_up__in=follow_ups, state="handed_over")
    if {one.follow_up_id for one in tasks} != set(follow_ups) or under_way.exists():
        raise nothing_to_hand_over()
    due = at + ANSWER_WITHIN
    for one in tasks:
        one.state, one.account, one.outcome, one.told_to = "handed_over", None, "", None
        one.symptoms = False
        one.due_at, one.next_at = due, at + ANSWER_WITHIN / 2
    _write(tasks, by, at, number)


def come_back(follow_ups: Sequence[int], *, by: Acting, at: datetime, reason: str) -> int:
    """They would not have it, or it was taken back: it is work here again; how many tasks."""
    tasks = _given(follow_ups)
    for one in tasks:
        kind = kind_of(one.kind)
        one.state, one.due_at, one.next_at = "dispatched", at + kind.due, first_look(kind, at)
        one.told_to = None
    _write(tasks, by, at, reason)
    return len(tasks)


def go_elsewhere(follow_ups: Sequence[int], *, by: Acting, at: datetime, number: str) -> None:
    """Another city has them. What was reported here before stays to be looked at."""
    tasks = _given(follow_ups)
    for one in tasks:
        one.state, one.next_at = "closed", None
    _write(tasks, by, at, number)
    at_work = Task.objects.filter(follow_up__in=follow_ups, state__in=OPEN).values("follow_up")
    over = FollowUp.objects.filter(pk__in=follow_ups, end="").exclude(pk__in=at_work)
    over.update(end="handed_over", ended_at=at)


def go_to_unit(
    follow_ups: Sequence[int], unit: Unit, *, by: Acting, at: datetime, reason: str
) -> None:
    """Another unit of this tree has them: it is responsible from now on."""
    for person in _held(follow_ups):
        person.unit, person.unit_assumed = unit, False
        person.save(update_fields=["unit", "unit_assumed"])
    tasks = _given(follow_ups)
    for one in tasks:
        one.unit = unit
        one.save(update_fields=["unit"])
    come_back(follow_ups, by=by, at=at, reason=reason)


def take_in(
    subject: str, *, disease: str, unit: Unit, received: str, by: Acting, at: datetime
) -> FollowUp:
    """Somebody of whom another city told: to be verified, and nothing that binds. Within the
    transaction of the act, `keeping.alone`. The same hand-over again makes nothing more.
    """
    person, _ = FollowUp.objects.get_or_create(
        person=subject,
        disease=disease,
        defaults={"subjects": [subject], "unit_id": unit.pk, "since": at},
    )
    _, fresh = Link.objects.get_or_create(
        follow_up=person,
        case=None,
        received=received,
        until=None,
        defaults={"outcome": NAMED, "since": at},
    )
    (kind,) = book().rules[NAMED]
    if fresh and not Task.objects.filter(follow_up=person, kind=kind, state__in=OPEN).exists():
        make([(person, kind)], origin="rule", by=by.user, at=at)
        FollowUp.objects.filter(pk=person.pk).update(end="", ended_at=None)
    return person


def _held(follow_ups: Sequence[int]) -> list[FollowUp]:
    return list(FollowUp.objects.select_for_update().filter(pk__in=follow_ups).order_by("pk"))


def _given(follow_ups: Sequence[int]) -> list[Task]:
    rows = Task.objects.select_for_update(of=("self",)).filter(
        follow_up__in=follow_ups, state="handed_over"
    )
    return list(rows.order_by("pk"))


def _write(tasks: Sequence[Task], by: Acting, at: datetime, reason: str) -> None:
    fields = ["state", "account", "outcome", "symptoms", "told_to", "due_at", "next_at"]
    Task.objects.bulk_update(tasks, fields)
    for state in {one.state for one in tasks}:
        rows = [one for one in tasks if one.state == state]
        write_states(rows, state, by=by.user, at=at, reason=reason)
