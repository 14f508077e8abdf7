"""Somebody who is followed, at a unit of the tree, written as rows."""

from __future__ import annotations

from ringfence_server.deployment.here import now
from ringfence_server.follow_ups.models import Watch
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.tasks.models import FollowUp, Task


def watched_at(at: str) -> FollowUp:
    """Made when first asked for; to be released today."""
    known = FollowUp.objects.filter(person=f"w-{at}").first()
    if known is not None:
        return known
    unit, moment = Unit.objects.get(code=at), now()
    person = FollowUp.objects.create(
        person=f"w-{at}", subjects=[f"w-{at}"], disease="covid-19", unit=unit, since=moment
    )
    Watch.objects.create(
        follow_up=person,
        since=moment.date(),
        release_date=moment.date(),
        rule={"en": "by hand", "zh": "示例"},
    )
    Task.objects.create(
        follow_up=person,
        unit=unit,
        kind="release",
        origin="measure",
        made_at=moment,
        due_at=moment,
    )
    return person
