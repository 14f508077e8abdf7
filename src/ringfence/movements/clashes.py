"""Pairs of rows that cannot both be true: two places at once, or too far apart for the time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ringfence.movements.model import Sphere, Told
from ringfence.movements.sites import Site, Sites, metres, site

CLOCKS = 5 * 60
"""By so much clocks may differ."""
RECALL = 30 * 60
"""By so much what people remember may differ, of a long stay; of a short one a quarter of it."""
CHANGING = 45 * 60
"""So long before a departure and after an arrival somebody may be at a station."""
NEAR_M = 300
"""Places so near to each other are not told apart: one may be within the other."""
ERRAND_M = 2_000
ERRAND = 30 * 60
"""Who says to have been at one place all day may have gone as far, for as long."""
MOST_EACH = 8
_SLACK_M = 1_000
_AHEAD = 48


@dataclass(frozen=True)
class Clash:
    """`one` begins first. `kmh`: the speed that going from one to the other would have needed;
    None: at the same time. `astray`: what comes after fits with `one`, and not with `other`.
    """

    one: Told
    other: Told
    kmh: float | None = None
    astray: bool = False


def clashes_of(told: Sequence[Told], sites: Sites) -> list[Clash]:
    """`told` in the order of starts. No row is held against more than so many others."""
    return [*_at_once(told, sites), *_too_fast(told, sites)]


def _at_once(told: Sequence[Told], sites: Sites) -> Iterator[Clash]:
    there: list[Told] = []
    for one in told:
        there = [other for other in there if other.end > one.start]
        found = 0
        for other in there:
            if found < MOST_EACH and _contradict(other, one, sites):
                found += 1
                yield Clash(other, one)
        if not one.instant and len(there) < MOST_EACH * 8:
            there.append(one)


def _contradict(one: Told, other: Told, sites: Sites) -> bool:
    """`other` begins while `one` goes on."""
    start, end = other.start, min(one.end, other.end)
    if one.where == other.where or _within(one, other, start, end):
        return False
    here, there = site(sites, one.where), site(sites, other.where)
    if here is not None and there is not None:
        apart = metres(here, there)
        near = apart is not None and (apart <= NEAR_M or _errand(one, other, apart))
        return not near and not (here.moving and there.hub) and not (there.moving and here.hub)
    if here is None and there is None:
        return True
    standing, moved = (here, other) if here is not None else (there, one)
    assert standing is not None
    return not standing.moving and not _on_the_way(standing, (one, other), moved)


def _on_the_way(standing: Site, both: tuple[Told, Told], moved: Told) -> bool:
    """Whether somebody may be at the place aboard, or just before and after."""
    one, other = both
    start, end = other.start, min(one.end, other.end)
    if standing.hub:
        return start - moved.start <= CHANGING or moved.end - end <= CHANGING
    driven = moved.where is not None and moved.where.sphere is Sphere.VEHICLE
    return driven and (one.instant or other.instant)


def _within(one: Told, other: Told, start: int, end: int) -> bool:
    """Whether clocks and memories alone may explain that they overlap."""
    leeway = max(_leeway(one), _leeway(other))
    if other.instant:
        return start - one.start < leeway or one.end - start < leeway
    return end - start <= leeway


def _leeway(one: Told) -> int:
    if one.certainty != "declared":
        return CLOCKS
    return max(CLOCKS, min(RECALL, (one.end - one.start) // 4))


def _errand(one: Told, other: Told, apart: float) -> bool:
    told, seen = (one, other) if one.certainty == "declared" else (other, one)
    if told.certainty != "declared" or seen.certainty == "declared":
        return False
    return apart <= ERRAND_M and seen.end - seen.start < ERRAND < told.end - told.start


def _too_fast(told: Sequence[Told], sites: Sites) -> Iterator[Clash]:
    """Between neighbours that stand still, where nothing tells of a ride between them."""
    last: Told | None = None
    carried = 0
    standing = [one for one in told if _stands(one, sites) or site(sites, one.where) is None]
    for at, one in enumerate(standing):
        if site(sites, one.where) is None:
            carried = max(carried, one.end)
            continue
        if last is None or one.start < last.end:
            last = one if last is None or one.end > last.end else last
            continue
        kmh = None if carried > last.end else too_fast(last, one, sites)
        if kmh is not None:
            astray = _astray(last, one, islice(standing, at + 1, at + 1 + _AHEAD), sites)
            yield Clash(last, one, kmh, astray)
            last = last if astray else one
        else:
            last = one


def _stands(one: Told, sites: Sites) -> bool:
    there = site(sites, one.where)
    return there is not None and there.lat is not None and not there.moving


def _astray(last: Told, one: Told, following: Iterable[Told], sites: Sites) -> bool:
    """Whether what another source tells next can be reached from `last`, but not from `one`."""
    for other in following:
        if other.source != one.source and _stands(other, sites) and other.start > one.start:
            return too_fast(last, other, sites) is None and too_fast(one, other, sites) is not None
    return False


def too_fast(one: Told, other: Told, sites: Sites) -> float | None:
    """The speed in km/h that is needed from the end of one to the start of the other, where nobody
    travels so fast; None: it can be.
    """
    apart = metres(site(sites, one.where), site(sites, other.where))
    if apart is None:
        return None
    recalled = "declared" in {one.certainty, other.certainty}
    return speed_needed(apart, max(0, other.start - one.end) + (RECALL if recalled else 0))


def speed_needed(apart: float, seconds: int) -> float | None:
    """In km/h, over so many metres, where nobody travels so fast; None: it can be."""
    if apart <= _SLACK_M or (seconds and apart - _SLACK_M <= most_kmh(apart) / 3.6 * seconds):
        return None
    return apart / max(seconds, 60) * 3.6


def most_kmh(metres: float) -> float:
    """A car as far as it is the fastest, then a train, then an aircraft."""
    return 120 if metres < 150_000 else 320 if metres < 1_200_000 else 850
