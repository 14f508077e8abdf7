"""Which vehicles were seen in an area while it was one, and whether they left and came back.

Instants in UTC; spans are half-open. A sighting is inside where a span holds its place and time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby


@dataclass(frozen=True)
class Span:
    """A time in which these places were at one level of risk; `end` None: still are."""

    level: str
    start: datetime
    end: datetime | None
    places: frozenset[str]

    def holds(self, one: Sighting) -> bool:
        begun = one.place in self.places and self.start <= one.at
        return begun and (self.end is None or one.at < self.end)


@dataclass(frozen=True)
class Sighting:
    vehicle: str
    place: str
    at: datetime


@dataclass(frozen=True)
class Seen:
    """One vehicle. `first`, `last`, `times`, `places` and `levels` are of its sightings inside.

    `places`: in the order in which it was first seen there. `levels`: in the order of the spans.
    `later`: the last sighting after `last`, outside; None: it was not seen since. `came_back`: it
    was seen outside between two sightings inside.
    """

    vehicle: str
    first: Sighting
    last: Sighting
    times: int
    places: tuple[str, ...]
    levels: tuple[str, ...]
    later: Sighting | None
    came_back: bool

    @property
    def latest(self) -> Sighting:
        """Where it was seen last, inside or outside."""
        return self.later or self.last


def vehicles_seen(spans: Sequence[Span], sightings: Iterable[Sighting]) -> tuple[Seen, ...]:
    """Those with a sighting inside, the latest seen first; what is told twice counts once."""
    told: defaultdict[str, list[Sighting]] = defaultdict(list)
    for one in sightings:
        told[one.vehicle].append(one)
    found = [seen for own in told.values() if (seen := _seen(spans, own)) is not None]
    return latest_first(found)


def latest_first(found: Iterable[Seen]) -> tuple[Seen, ...]:
    """Those seen at one time by their keys."""
    by_key = sorted(found, key=lambda seen: seen.vehicle)
    return tuple(sorted(by_key, key=lambda seen: seen.latest.at, reverse=True))


def _seen(spans: Sequence[Span], told: Iterable[Sighting]) -> Seen | None:
    """Of one vehicle; None: it was never inside."""
    inside: list[Sighting] = []
    outside: list[Sighting] = []
    for one, _ in groupby(sorted(told, key=lambda one: (one.at, one.place))):
        (inside if any(span.holds(one) for span in spans) else outside).append(one)
    if not inside:
        return None
    first, last = inside[0], inside[-1]
    later = [one for one in outside if one.at > last.at]
    levels = (span.level for span in spans if any(span.holds(one) for one in inside))
    return Seen(
        vehicle=first.vehicle,
        first=first,
        last=last,
        times=len(inside),
        places=tuple(dict.fromkeys(one.place for one in inside)),
        levels=tuple(dict.fromkeys(levels)),
        later=later[-1] if later else None,
        came_back=any(first.at < one.at < last.at for one in outside),
    )


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans of one level and of the same places that touch or overlap as one, in order of time."""
    of: defaultdict[tuple[str, frozenset[str]], list[Span]] = defaultdict(list)
    for span in sorted(spans, key=lambda one: one.start):
        own = of[span.level, span.places]
        if own and (own[-1].end is None or span.start <= own[-1].end):
            own[-1] = replace(own[-1], end=_later(own[-1].end, span.end))
        else:
            own.append(span)
    every = [span for own in of.values() for span in own]
    return tuple(sorted(every, key=lambda one: (one.start, one.level, sorted(one.places))))


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)
