"""Times of which nothing is known, those first that could hide most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ringfence.movements.model import Episode, Gap
from ringfence.movements.sites import Site, Sites, metres, site
from ringfence.trace.local_days import day_start, local_day
from ringfence.trace.seeds import instant, seconds

LEAST = 60 * 60
LONGEST_NIGHT = 14 * 3600
_WAKES = timedelta(hours=6)
_ROAD_KMH = 80
Span = tuple[int, int]


@dataclass(frozen=True)
class Stretch:
    """[start, end) is asked for; `window`: in which the person may have infected others."""

    start: int
    end: int
    zone: str
    window: Span | None = None


def gaps_of(episodes: Sequence[Episode], sites: Sites, stretch: Stretch) -> list[Gap]:
    """Before, between and after episodes, by what they could hide: waking minutes within the window
    of the case, then waking minutes, then length; nights that were surely slept through last.
    """
    found = [
        _gap(before, after, sites, stretch)
        for before, after in _neighbours(episodes)
        if _until(after, stretch) - _since(before, stretch) >= LEAST
    ]
    return sorted(found, key=lambda g: (g.settled, -g.infectious, -g.waking, -g.minutes, g.start))


def _neighbours(episodes: Iterable[Episode]) -> Iterator[tuple[Episode | None, Episode | None]]:
    last: Episode | None = None
    for one in sorted(episodes, key=lambda one: (one.earliest, one.latest)):
        if last is None or one.earliest > last.latest:
            yield last, one
        if last is None or one.latest > last.latest:
            last = one
    yield last, None


def _since(before: Episode | None, stretch: Stretch) -> int:
    return stretch.start if before is None else before.latest


def _until(after: Episode | None, stretch: Stretch) -> int:
    return stretch.end if after is None else after.earliest


def _gap(before: Episode | None, after: Episode | None, sites: Sites, stretch: Stretch) -> Gap:
    start, end = _since(before, stretch), _until(after, stretch)
    awake = list(_awake(start, end, stretch.zone))
    here, there = (None if one is None else one.where for one in (before, after))
    apart = metres(site(sites, here), site(sites, there))
    window = stretch.window
    return Gap(
        start,
        end,
        here,
        there,
        (end - start) // 60,
        sum(b - a for a, b in awake) // 60,
        0 if window is None else sum(_within(span, window) for span in awake) // 60,
        None if apart is None else round(apart),
        _reach(end - start, apart or 0),
        here == there and _slept(start, end, site(sites, here), stretch.zone),
    )


def _awake(start: int, end: int, zone: str) -> Iterator[Span]:
    """Parts between 06:00 and midnight of each local day."""
    day = local_day(instant(start), zone)
    while (midnight := day_start(day, zone)) < instant(end):
        day += timedelta(days=1)
        low = max(start, seconds(midnight + _WAKES))
        high = min(end, seconds(day_start(day, zone)))
        if low < high:
            yield low, high


def _within(span: Span, window: Span) -> int:
    return max(0, min(span[1], window[1]) - max(span[0], window[0]))


def _reach(duration: int, apart: float) -> int:
    """How far away by road somebody may have been who came from one place to the other."""
    return round((_ROAD_KMH / 3.6 * duration + apart) / 2)


def _slept(start: int, end: int, here: Site | None, zone: str) -> bool:
    night = local_day(instant(start), zone) != local_day(instant(end), zone)
    asleep = here is not None and here.slept_in
    return asleep and end - start <= LONGEST_NIGHT and (night or end - start < 2 * LEAST)
