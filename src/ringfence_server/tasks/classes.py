"""As what somebody is followed up: the gravest class among what it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from ringfence.errors import Text
from ringfence.trace import words
from ringfence_server.tasks.kind_model import ASKED, CLASSES, NAMED
from ringfence_server.tasks.models import Link

TEXTS: dict[str, Text] = {
    **{outcome.value: text for outcome, text in words.CLASS_SHORT.items()},
    NAMED: Text("named by somebody", "他人提及"),
    ASKED: Text("to be asked", "待核实是否接触"),
}


def gravest(outcomes: Iterable[str]) -> str:
    """Empty where there is none."""
    there = set(outcomes)
    return next((one for one in CLASSES if one in there), "")


def classes_of(follow_ups: Iterable[int]) -> dict[int, Text]:
    """By follow-up; of whom nothing rests on a case any more, nothing."""
    rows = Link.objects.filter(follow_up__in=list(follow_ups), until__isnull=True)
    found: dict[int, set[str]] = {}
    for follow_up, outcome in rows.values_list("follow_up", "outcome"):
        found.setdefault(follow_up, set()).add(outcome)
    return {key: TEXTS[gravest(outcomes)] for key, outcomes in found.items()}
