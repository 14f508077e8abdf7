"""Moving a task from state to state: a conditional update claims it, a row tells of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ringfence_server.access import Acting
from ringfence_server.outbox import auditing
from ringfence_server.tasks.keeping import write_states
from ringfence_server.tasks.models import FollowUp, Task
from ringfence_server.tasks.refusals import moved_on, taken, withdrawn
from ringfence_server.tasks.words import LEADS_TO, OPEN


def moved(task: Task, to: str, *, by: Acting, at: datetime, reason: str = "", **also: Any) -> Task:
    """Within a transaction. `also`: fields written with the state. Overtaken: the task is not as
    it was read; who was quicker keeps it.
    """
    if to not in LEADS_TO[task.state]:
        raise refusal(task, by)
    rows = Task.objects.filter(pk=task.pk, state=task.state, account=task.account_id)
    if not rows.update(state=to, **also):
        task.refresh_from_db()
        raise refusal(task, by)
    task.refresh_from_db()
    write_states([task], to, by=by.user, at=at, reason=reason)
    about = {"task": str(task.pk), "kind": task.kind, "unit": task.unit_id}
    auditing.told(f"task.{to}", by=by.user.username, at=at, about=about)
    return task


def refusal(task: Task, by: Acting) -> Exception:
    if task.state == "withdrawn":
        return withdrawn()
    if task.account_id not in (None, by.user.pk):
        return taken()
    return moved_on()


def end_if_done(follow_up: int, at: datetime) -> None:
    """The follow-up ends with its last open task. It is held, so that none begins meanwhile."""
    held = FollowUp.objects.select_for_update().get(pk=follow_up)
    if not held.end and not Task.objects.filter(follow_up=held, state__in=OPEN).exists():
        FollowUp.objects.filter(pk=held.pk).update(end="closed", ended_at=at)
