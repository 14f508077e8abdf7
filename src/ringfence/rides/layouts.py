"""What a vehicle looks like inside: cabins of lettered seats, or of numbered seats and berths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ringfence.errors import Text

LAST = 999
"""No row, seat or berth has a higher number."""
LEVELS = ("lower", "middle", "upper")
LEVEL_TERMS = {
    "lower": Text("lower", "下"),
    "middle": Text("middle", "中"),
    "upper": Text("upper", "上"),
}


@dataclass(frozen=True)
class Cabin:
    """A part of a vehicle in which seats follow one scheme. `carriages`: as tickets name them;
    none: every carriage that no other cabin names, or a vehicle that has none.

    Lettered: `rows` first and last, `blocks` of letters between aisles. Numbered: `numbers` first
    and last; `levels` of berths under one number; `abreast` numbers in a row of seats, 0 where
    numbers say nothing of rows; `bay` numbers in a bay or compartment, 0 where there are none.
    """

    title: Text
    carriages: tuple[str, ...] = ()
    rows: tuple[int, int] | None = None
    blocks: tuple[tuple[str, ...], ...] = ()
    numbers: tuple[int, int] | None = None
    levels: tuple[str, ...] = ()
    abreast: int = 0
    bay: int = 0

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """From one side to the other."""
        return tuple(letter for block in self.blocks for letter in block)


@dataclass(frozen=True)
class Layout:
    """`id`: as services name it. `source`: where the plan comes from."""

    id: str
    title: Text
    source: str
    cabins: tuple[Cabin, ...]

    def cabins_of(self, carriage: str | None) -> tuple[Cabin, ...]:
        named = tuple(one for one in self.cabins if carriage in one.carriages)
        return named or tuple(one for one in self.cabins if not one.carriages)
