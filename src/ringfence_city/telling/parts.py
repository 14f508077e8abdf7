"""A text while it is put together: words, and the events that rest on them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Text:
    """`events`: cells by column, with `span`: [start, end) of the text."""

    words: str = ""
    events: list[dict[str, object]] = field(default_factory=list)

    def say(self, words: str) -> None:
        self.words += words

    def tell(self, words: str, cells: Mapping[str, str | None]) -> None:
        """Words on which one event rests."""
        start = len(self.words)
        self.words += words
        told = {name: value for name, value in cells.items() if value}
        self.events.append({**told, "span": [start, len(self.words)]})


@dataclass(frozen=True)
class Style:
    """How somebody writes: drawn once for a narrative. `parts`: of every ten stays without a
    clock, as many are told by a part of the day.
    """

    chance: random.Random
    day: str
    clock: str
    between: str
    ends: str
    parts: int
    person: str

    def pick(self, some: Sequence[str]) -> str:
        return self.chance.choice(some)

    def often(self, of_ten: int) -> bool:
        return self.chance.randrange(10) < of_ten
