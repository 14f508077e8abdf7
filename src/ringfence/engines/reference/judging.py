"""From overlaps of a pair to rows of ANSWER: what a rule says of them, minutes and all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ringfence.engines.reference.conditions import Registers, exempt, judge
from ringfence.engines.reference.kleene import all_of
from ringfence.engines.reference.minutes import enough
from ringfence.engines.reference.overlaps import Overlap
from ringfence.protocols.model import Rule


@dataclass(frozen=True)
class Judged:
    """An overlap that no condition excludes, with what must be asked and what is flagged."""

    overlap: Overlap
    open: tuple[str, ...]
    flags: tuple[str, ...]


def judged(rule: Rule, overlap: Overlap, registers: Registers, disease: str) -> Judged | None:
    """None where a condition is known not to hold, or an exemption is known to hold."""
    verdicts = judge(rule, overlap)
    exemptions = {e.id: exempt(e, overlap, registers, disease) for e in rule.exemptions}
    if all_of(verdicts.values()) is False or True in exemptions.values():
        return None
    return Judged(
        overlap,
        open=tuple(sorted(fact for fact, met in verdicts.items() if met is None)),
        flags=tuple(sorted(f"{e}_unknown" for e, is_so in exemptions.items() if is_so is None)),
    )


def answer_rows(rule: Rule, possible: Sequence[Judged]) -> Iterator[dict[str, Any]]:
    """Rows of ANSWER of one pair, where it satisfies the rule or may."""
    for_sure = _satisfied(rule, [one for one in possible if not one.open])
    if for_sure or _satisfied(rule, possible):
        for one in possible:
            yield _row(rule, one, satisfied=for_sure and not one.open)


def _satisfied(rule: Rule, together: Sequence[Judged]) -> bool:
    if rule.minutes is None:
        return bool(together)
    return enough(rule.minutes, [(one.overlap.start, one.overlap.end) for one in together])


def _row(rule: Rule, judged: Judged, *, satisfied: bool) -> dict[str, Any]:
    overlap = judged.overlap
    return {
        "focus": overlap.focus.number,
        "other": overlap.other,
        "rule": rule.id,
        "satisfied": satisfied,
        "kind": overlap.kind,
        "setting": overlap.setting,
        "place": overlap.place,
        "zone": overlap.zone,
        "start": overlap.start,
        "end": overlap.end,
        "certainty": overlap.certainty,
        "open": list(judged.open),
        "flags": list(judged.flags),
        "stay_start": overlap.stay_start,
        "focus_batch": overlap.focus_batch,
        "focus_row": overlap.focus_row,
        "other_batch": overlap.other_batch,
        "other_row": overlap.other_row,
    }
