"""Which followings an approval would begin, told before it is given."""

from __future__ import annotations

from datetime import datetime

from ringfence.lake import Home
from ringfence_server.follow_ups.measuring import measured_by
from ringfence_server.follow_ups.models import Watch
from ringfence_server.follow_ups.watching import RELEASE, begins
from ringfence_server.tasks.models import Link, Task
from ringfence_server.tasks.planning import Plan
from ringfence_server.tasks.words import OPEN
from ringfence_server.tracing.models import Run


def begun_by(home: Home, run: Run, plan: Plan, _: datetime) -> dict[str, tuple[str, ...]]:
    """By person, the kind of task: as `watching.watch` will find them once the plan is kept."""
    people = {one.follow_up: one.person for one in plan.changes if one.follow_up is not None}
    others = Link.objects.filter(
        follow_up__in=people, until__isnull=True, run__isnull=False, provisional=False
    ).exclude(case=run.case_id)
    lists = {
        (of, listed_as): (people[follow_up], protocol)
        for of, listed_as, follow_up, protocol in others.values_list(
            "run", "listed_as", "follow_up", "run__protocol"
        )
    }
    for one in plan.changes:
        if one.listed is not None and not one.listed.provisional:
            lists[run.pk, one.person] = (one.person, run.protocol)
    wanted = measured_by(home, lists)
    known = {one.follow_up_id: one for one in Watch.objects.filter(follow_up__in=people)}
    rows = Task.objects.filter(follow_up__in=people, kind=RELEASE, state__in=OPEN)
    at_work = set(rows.values_list("follow_up", flat=True)) & set(known)
    return {
        one.person: (RELEASE,)
        for one in plan.changes
        if one.person in wanted
        and one.follow_up not in at_work
        and begins(one.end, known.get(one.follow_up or 0), wanted[one.person])
    }
