"""What a worker does with a task before there is anything to report."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ringfence.errors import UsageError
from ringfence.operations.checks import check_words
from ringfence_server.access import Acting
from ringfence_server.tasks.kinds import kind_of
from ringfence_server.tasks.models import Task
from ringfence_server.tasks.moving import moved, refusal
from ringfence_server.tasks.queries import of_worker, worked
from ringfence_server.tasks.refusals import taken

STEPS = ("accepted", "refused", "on_the_way")


def step(*, number: int, to: str, by: Acting, at: datetime, reason: str = "") -> Task:
    """Accept, refuse with a reason, or set out. Done already by this account: nothing more happens.

    NotFound: no task of the own unit. Overtaken: somebody else has it, or it was withdrawn.
    """
    with transaction.atomic():
        task = of_worker(by).filter(pk=number).first() or worked(by, number)
        if to not in STEPS:
            raise UsageError("there is no such step", "没有此操作")
        if to == "refused":
            check_words("reason", "理由", reason)
        if task.account_id not in (None, by.user.pk):
            raise taken()
        if task.state == to and _own_word(task, by):
            return task
        if to == "on_the_way" and task.state != "accepted":
            raise refusal(task, by)
        also: dict[str, object] = {"account": by.user}
        if to == "refused":
            also = {"account": None, "next_at": at + kind_of(task.kind).due / 4}
        return moved(task, to, by=by, at=at, reason=reason.strip(), **also)


def _own_word(task: Task, by: Acting) -> bool:
    """Whether this account brought it into its state."""
    return task.states.order_by("-pk").values_list("by", flat=True).first() == by.user.pk
