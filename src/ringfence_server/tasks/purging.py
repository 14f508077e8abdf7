"""What goes of this part when its time is over. Whoever is still followed up is not touched."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from ringfence_server.tasks.models import (
    Escalation,
    Exposure,
    Feedback,
    FollowUp,
    Link,
    Task,
    TaskState,
)
from ringfence_server.tasks.words import OPEN

_OPEN_WORK = Q(tasks__state__in=OPEN)


def cases_followed_up() -> set[str]:
    """Cases for whose sake somebody is."""
    rests = Link.objects.filter(until__isnull=True, case__isnull=False).filter(
        Q(follow_up__end="") | Q(follow_up__tasks__state__in=OPEN)
    )
    return set(rests.values_list("case__number", flat=True))


def erase_exposures(before: datetime, open_cases: Collection[str]) -> int:
    """Those of an open case too, where the person is followed up no more, are kept: a report may
    still come.
    """
    rows = Exposure.objects.filter(end__lt=before).exclude(follow_up__in=_open())
    return rows.exclude(case__number__in=open_cases).delete()[0]


def erase_reports(before: datetime, open_cases: Collection[str]) -> int:
    """The words; what came of the task stays. One whose trace was not asked yet is not touched."""
    rows = Feedback.objects.filter(at__lt=before, asked_at__isnull=False).exclude(sealed=b"")
    rows = rows.exclude(task__follow_up__in=_open())
    return rows.exclude(task__follow_up__links__case__number__in=open_cases).update(sealed=b"")


def over(before: datetime, held_cases: Collection[str]) -> set[int]:
    """Follow-ups that ended before, of which nothing is open."""
    rows = FollowUp.objects.filter(ended_at__lt=before).exclude(_OPEN_WORK)
    rows = rows.exclude(links__case__number__in=held_cases)
    return set(rows.values_list("pk", flat=True))


def erase_follow_ups(found: Collection[int]) -> int:
    """These, with all that this part hangs on them; what others do is gone before."""
    of_task = Q(task__follow_up__in=found)
    gone = 0
    for rows in (
        TaskState.objects.filter(of_task),
        Escalation.objects.filter(of_task),
        Feedback.objects.filter(of_task),
        Task.objects.filter(follow_up__in=found),
        Exposure.objects.filter(follow_up__in=found),
        Link.objects.filter(follow_up__in=found),
        FollowUp.objects.filter(pk__in=found),
    ):
        gone += rows.delete()[0]
    return gone


def _open() -> Collection[int]:
    rows = FollowUp.objects.filter(Q(end="") | _OPEN_WORK)
    return list(rows.values_list("pk", flat=True))
