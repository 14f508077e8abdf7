"""The reference engine: every rule, every focus, every pair, one after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.engines.persons import SUBJECT_COLUMNS, person_of
from ringfence.engines.question import ANSWER, Focus, Question, Stay, about_persons
from ringfence.engines.reference.conditions import exempt, judge
from ringfence.engines.reference.kleene import all_of
from ringfence.engines.reference.minutes import enough
from ringfence.engines.reference.overlaps import Overlap, overlaps
from ringfence.engines.reference.reading import current_rows
from ringfence.engines.reference.world import KnownStay, World
from ringfence.engines.snapshot import Snapshot
from ringfence.protocols.model import Rule


@dataclass(frozen=True)
class Judged:
    """An overlap that no condition excludes, with what must be asked and what is flagged."""

    overlap: Overlap
    open: tuple[str, ...]
    flags: tuple[str, ...]


class ReferenceEngine:
    """Answers questions by trying everybody against everybody."""

    name = "reference"

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @cached_property
    def _world(self) -> World:
        return World(self.snapshot)

    def ask(self, question: Question) -> pa.Table:
        """Rows of ANSWER, in any order."""
        question = about_persons(question, self.snapshot.persons)
        stays = self._world.stays(question.protocol)
        answer = [
            row
            for rule in question.protocol.of_order(question.order)
            for focus in question.focuses
            for row in self._contacts(question, rule, focus, stays)
        ]
        return pa.Table.from_pylist(answer, schema=ANSWER)

    def rows(self, table: str, column: str, keys: Sequence[str] | None) -> pa.Table:
        """Current rows of a table whose `column` is one of `keys` (None: all)."""
        current = current_rows(self.snapshot, table)
        if keys is None:
            return current
        if column in SUBJECT_COLUMNS[table]:
            keys = [person_of(self.snapshot.persons, key) for key in keys]
        wanted = pa.array(list(keys), current.schema.field(column).type)
        return current.filter(pc.is_in(current[column], value_set=wanted))

    def _contacts(
        self, question: Question, rule: Rule, focus: Focus, stays: Sequence[KnownStay]
    ) -> Iterator[dict[str, Any]]:
        """Rows of the answer about one focus and one rule."""
        people: defaultdict[str, list[Judged]] = defaultdict(list)
        for overlap in overlaps(self._world, stays, focus, rule):
            judged = None if _closed(question, overlap) else self._judge(question, rule, overlap)
            if judged is not None:
                people[overlap.other].append(judged)
        for possible in people.values():
            holding = [one for one in possible if not one.open]
            for_sure = _satisfied(rule, holding)
            if for_sure or _satisfied(rule, possible):
                for one in possible:
                    yield _row(rule, one, satisfied=for_sure and not one.open)

    def _judge(self, question: Question, rule: Rule, overlap: Overlap) -> Judged | None:
        """None where a condition is known not to hold, or an exemption is known to hold."""
        verdicts = judge(rule, overlap)
        disease = question.protocol.disease
        exemptions = {e.id: exempt(e, overlap, self._world, disease) for e in rule.exemptions}
        if all_of(verdicts.values()) is False or True in exemptions.values():
            return None
        return Judged(
            overlap,
            open=tuple(sorted(fact for fact, met in verdicts.items() if met is None)),
            flags=tuple(sorted(f"{e}_unknown" for e, is_so in exemptions.items() if is_so is None)),
        )


def _closed(question: Question, overlap: Overlap) -> bool:
    if overlap.place is None or overlap.stay_start is None:
        return False
    return Stay(overlap.focus.number, overlap.place, overlap.stay_start) in question.closed


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
