"""A task, and the states it went through, as pages show them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from ringfence.errors import Text
from ringfence_server.tasks.asked_about import AskedAbout
from ringfence_server.tasks.kinds import kind_of
from ringfence_server.tasks.models import Task
from ringfence_server.tasks.words import STATES, WITHDRAWN_FOR

_TONES = {
    "dispatched": "plain",
    "accepted": "info",
    "refused": "bad",
    "on_the_way": "info",
    "feedback": "warn",
    "verified": "good",
    "closed": "good",
    "handed_over": "warn",
    "withdrawn": "plain",
}
_LONGEST = 18


def number_in(text: str) -> int:
    """0: none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST else 0


def line_of(task: Task, now: Any) -> dict[str, Any]:
    """A task as a list shows it."""
    return {
        "task": task,
        "kind": kind_of(task.kind).text,
        "state": STATES[task.state],
        "tone": _TONES[task.state],
        "late": task.due_at <= now,
    }


def during(stay: AskedAbout) -> str:
    """By the home's clock; the day of the end where it is another."""
    start, end = (timezone.localtime(moment) for moment in (stay.start, stay.end))
    day = "" if start.date() == end.date() else f"{end:%m-%d} "
    return f"{start:%m-%d %H:%M}–{day}{end:%H:%M}"


def states_of(task: Task) -> list[dict[str, Any]]:
    """In the order of their receipt."""
    rows = task.states.select_related("by", "account", "unit__parent").order_by("pk")
    return [
        {
            "row": one,
            "state": STATES[one.state],
            "reason": WITHDRAWN_FOR.get(one.reason, Text(one.reason, one.reason)),
        }
        for one in rows
    ]
