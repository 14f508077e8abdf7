"""A text in pieces, each of which is marked with the events whose words it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ringfence.narratives.model import Reading


@dataclass(frozen=True)
class Piece:
    """`kind`: of the nearest event, empty: of none. `begins`: the numbers of events, from 1, whose
    words begin here. `unread`: nothing became of these words.
    """

    text: str
    kind: str = ""
    begins: tuple[int, ...] = ()
    unread: bool = False


def pieces_of(reading: Reading) -> list[Piece]:
    spans = [event.span for event in reading.events]
    unread = [one.span for one in reading.not_understood]
    cuts = sorted({0, len(reading.shown), *(at for span in (*spans, *unread) for at in span)})
    found = []
    for start, end in pairwise(cuts):
        number = _shortest(spans, start, end)
        found.append(
            Piece(
                reading.shown[start:end],
                "" if number is None else reading.events[number].kind.value,
                tuple(at + 1 for at, span in enumerate(spans) if span[0] == start),
                number is None and any(first <= start and end <= last for first, last in unread),
            )
        )
    return found


def _shortest(spans: Sequence[tuple[int, int]], start: int, end: int) -> int | None:
    """Of the events that hold these signs, the one with the fewest words."""
    around = [at for at, (first, last) in enumerate(spans) if first <= start and end <= last]
    return min(around, key=lambda at: spans[at][1] - spans[at][0], default=None)
