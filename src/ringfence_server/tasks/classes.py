"""As what somebody is followed up: the gravest class among what it rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ringfence.errors import Text
from ringfence.trace import words
from ringfence_server.tasks.kind_model import ASKED, CLASSES, NAMED
from ringfence_server.tasks.models import Link

TEXTS: dict[str, Text] = {
    **{outcome.value: text for outcome, text in words.CLASS_SHORT.items()},
    NAMED: Text("named by somebody", "他人提及"),
    ASKED: Text("to be asked", "待核实是否接触"),
}
HANDED_OVER = Text("contact handed over by another city", "外地移交的接触者")
"""As what, that city alone knows."""


def gravest(outcomes: Iterable[str]) -> str:
    """Empty where there is none."""
    there = set(outcomes)
    return next((one for one in CLASSES if one in there), "")


def classes_of(follow_ups: Iterable[int]) -> dict[int, Text]:
    """By follow-up; of whom nothing rests on a case any more, nothing."""
    rows = Link.objects.filter(follow_up__in=list(follow_ups), until__isnull=True)
    found: dict[int, list[Link]] = {}
    for one in rows:
        found.setdefault(one.follow_up_id, []).append(one)
    return {key: class_of(links) for key, links in found.items()}


def class_of(links: Collection[Link]) -> Text:
    """Of one person. A list of this city says more than that another city told of them."""
    outcome = gravest(one.outcome for one in links)
    if outcome in (NAMED, ASKED) and any(one.received for one in links):
        return HANDED_OVER
    return TEXTS[outcome]
