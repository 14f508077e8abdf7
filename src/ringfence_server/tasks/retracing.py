"""After a report: the cases that it bears on are traced again, once the lake has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ringfence.errors import NotAllowed
from ringfence.lake import Home
from ringfence_server.cases.models import Case
from ringfence_server.deployment.here import deployment
from ringfence_server.outbox.delivering import deliver
from ringfence_server.tasks.models import Feedback, Link
from ringfence_server.tracing.actions import ask_after
from ringfence_server.tracing.models import Run

_AT_ONCE = 500


def retrace(home: Home, *, at: datetime) -> int:
    """How many runs were asked. Each report leads to a run that knows it, whoever is killed: it is
    noted with the run, and a run that was begun before the lake had the report does not count.
    """
    waiting = list(
        Feedback.objects.filter(asked_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    )[:_AT_ONCE]
    if not waiting:
        return 0
    deliver(home, secret=deployment().secret, at=at)
    asked = 0
    postponed: set[int] = set()
    for case, told in _cases(waiting).items():
        went = _ask(case, told[-1], at)
        if went is None:
            postponed.update(told)
        else:
            asked += went
    done = [one for one in waiting if one not in postponed]
    Feedback.objects.filter(pk__in=done).update(asked_at=at)
    return asked


def _cases(waiting: Sequence[int]) -> dict[int, list[int]]:
    """By case, the reports that bear on it."""
    of = dict(Feedback.objects.filter(pk__in=waiting).values_list("pk", "task__follow_up"))
    links = Link.objects.filter(
        follow_up__in=set(of.values()), until__isnull=True, case__isnull=False
    )
    cases = defaultdict(list)
    for follow_up, case in links.values_list("follow_up", "case"):
        cases[follow_up].append(case)
    found: dict[int, list[int]] = {}
    for pk, follow_up in sorted(of.items()):
        for case in cases[follow_up]:
            found.setdefault(case, []).append(pk)
    return found


def _ask(case: int, feedback: int, at: datetime) -> bool | None:
    """None: a run is at work that may not know the report; later. Else whether one was asked."""
    with transaction.atomic():
        held = Case.objects.select_for_update(of=("self",)).get(pk=case)
        if not held.may_be_traced:
            return False
        if Run.objects.filter(case=held, state="running").exists():
            return None
        task = Feedback.objects.values_list("task", flat=True).get(pk=feedback)
        try:
            ask_after(case=held, because=f"report of task {task}", at=at)
        except NotAllowed:  # its 48 hours are over
            return False
        return True
