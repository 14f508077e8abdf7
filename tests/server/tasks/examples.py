"""A task at a unit of the tree, written as rows."""

from __future__ import annotations

from ringfence_server.deployment.here import now
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.tasks.models import FollowUp, Task


def task_at(at: str) -> Task:
    """Made when first asked for; nobody has it yet."""
    known = Task.objects.filter(follow_up__person=f"t-{at}").first()
    if known is not None:
        return known
    unit, moment = Unit.objects.get(code=at), now()
    follow_up = FollowUp.objects.create(
        person=f"t-{at}", subjects=[f"t-{at}"], disease="covid-19", unit=unit, since=moment
    )
    return Task.objects.create(
        follow_up=follow_up,
        unit=unit,
        kind="notify",
        origin="rule",
        made_at=moment,
        due_at=moment,
    )
