"""The lake in a few lines of plain Python: slow, in memory, obviously right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from .delivering import Row

KEY = 3
"""The natural key of a presence row: subject, place, start."""


@dataclass
class Model:
    """Acts in the order of their sequence numbers, beginning with 1."""

    acts: list[tuple[str, str]] = field(default_factory=list)
    delivered: dict[str, tuple[int, str, list[Row]]] = field(default_factory=dict)

    def deliver(self, batch: str, source: str, rows: list[Row]) -> dict[str, int]:
        counts: Counter[str] = Counter()
        before = self.versions(len(self.acts))
        seen: dict[Row, Row] = {key[:KEY]: row for key, row in before.items() if key[KEY] == source}
        others = {key[:KEY] for key in before if key[KEY] != source}
        for row in rows:
            key = row[:KEY]
            if key in seen:
                counts["unchanged" if seen[key] == row else "updated"] += 1
            else:
                counts["merged" if key in others else "created"] += 1
            seen[key] = row
        self.acts.append(("deliver", batch))
        self.delivered[batch] = (len(self.acts), source, rows)
        return dict(counts)

    def act(self, kind: str, batch: str) -> None:
        self.acts.append((kind, batch))

    def withdrawn(self, until: int) -> set[str]:
        gone: set[str] = set()
        for kind, batch in self.acts[:until]:
            if kind == "withdraw":
                gone.add(batch)
            elif kind == "reinstate":
                gone.discard(batch)
        return gone

    def versions(self, until: int) -> dict[Row, Row]:
        """Current row of each key and source."""
        gone = self.withdrawn(until)
        found: dict[Row, Row] = {}
        for batch, (sequence, source, rows) in self.delivered.items():
            if sequence <= until and batch not in gone:
                found.update({(*row[:KEY], source): row for row in rows})
        return found

    def current(self, until: int) -> list[Row]:
        return sorted(((*row, key[KEY]) for key, row in self.versions(until).items()), key=repr)
