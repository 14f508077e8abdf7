"""The reference engine: every rule, every focus, every pair, one after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.engines.persons import SUBJECT_COLUMNS, person_of
from ringfence.engines.question import ANSWER, Focus, Question, Stay, about_persons
from ringfence.engines.reference.judging import Judged, answer_rows, judged
from ringfence.engines.reference.overlaps import Overlap, overlaps
from ringfence.engines.reference.reading import current_rows
from ringfence.engines.reference.world import KnownStay, World
from ringfence.engines.snapshot import Snapshot
from ringfence.protocols.model import Rule


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
            if _closed(question, overlap):
                continue
            found = judged(rule, overlap, self._world, question.protocol.disease)
            if found is not None:
                people[overlap.other].append(found)
        for possible in people.values():
            yield from answer_rows(rule, possible)


def _closed(question: Question, overlap: Overlap) -> bool:
    if overlap.place is None or overlap.stay_start is None:
        return False
    return Stay(overlap.focus.number, overlap.place, overlap.stay_start) in question.closed
