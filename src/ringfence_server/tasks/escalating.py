"""What is not reported in time: those who have it are reminded, then the next level is told, and
the one above that, as far as the top.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ringfence_server.jurisdictions.models import Unit
from ringfence_server.tasks.kinds import kind_of
from ringfence_server.tasks.models import Escalation, Task
from ringfence_server.tasks.words import BEFORE_REPORT

_AT_ONCE = 500


@dataclass(frozen=True)
class Escalated:
    reminded: int
    told: int


def escalate(*, at: datetime) -> Escalated:
    """All whose time has come. Twice at once does it once: each task is held by one."""
    reminded = told = 0
    while found := _some(at):
        reminded, told = reminded + found.reminded, told + found.told
    return Escalated(reminded, told)


def _some(at: datetime) -> Escalated | None:
    with transaction.atomic():
        due = Task.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            state__in=BEFORE_REPORT, next_at__lte=at
        )
        tasks = list(
            due.select_related("unit__parent", "told_to__parent").order_by("next_at")[:_AT_ONCE]
        )
        if not tasks:
            return None
        rows = [_step(task, at) for task in tasks]
        Escalation.objects.bulk_create(rows, ignore_conflicts=True)
        Task.objects.bulk_update(tasks, ["next_at", "told_to"])
        told = sum(row.unit is not None for row in rows)
        return Escalated(len(rows) - told, told)


def _step(task: Task, at: datetime) -> Escalation:
    if at < task.due_at:
        task.next_at = task.due_at
        return Escalation(task=task, unit=None, at=at)
    above = _above(task)
    task.told_to = above
    task.next_at = at + kind_of(task.kind).due / 2 if above.parent_id else None
    return Escalation(task=task, unit=above, at=at)


def _above(task: Task) -> Unit:
    """The level above the highest that was told already."""
    last = task.told_to or task.unit
    return last.parent or last
