"""Positions of a telephone beside what else is told: which agree, and which say otherwise."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ringfence.movements.clashes import ERRAND, ERRAND_M, NEAR_M
from ringfence.movements.drifting import agree, drift, follow, km_apart, lasting, merged, walked
from ringfence.movements.episodes import STRENGTH, strength
from ringfence.movements.model import (
    THOSE,
    Confidence,
    Conflict,
    ConflictKind,
    Episode,
    Reason,
    Told,
)
from ringfence.movements.reading import Fix
from ringfence.movements.sites import Site, Sites, metres, site

_RECORDED = STRENGTH["recorded"]
_METRES_A_DEGREE = 111_195
"""Of latitude."""


@dataclass(frozen=True)
class Positions:
    """`episodes`: with the positions that agree with them, and those of times of which nothing else
    tells. `set_aside`: by the `conflicts`. `coarse`: rows that confirm nothing where they agree.
    """

    episodes: tuple[Episode, ...]
    set_aside: tuple[Episode, ...]
    conflicts: tuple[Conflict, ...]
    coarse: frozenset[Told]
    sites: Sites


def positions_of(fixes: Sequence[Fix], episodes: Sequence[Episode], sites: Sites) -> Positions:
    """`fixes` and `episodes` by time."""
    beside: defaultdict[Episode, list[Fix]] = defaultdict(list)
    against: list[tuple[Fix, Episode]] = []
    alone: list[Fix] = []
    for fix, there in _there(fixes, episodes):
        if not there:
            alone.append(fix)
        elif (match := _match(fix, there, sites)) is not None:
            beside[match].append(fix)
        else:
            against.append((fix, _nearest(fix, there, sites)))
    kept, conflicts = walked(alone, episodes, sites)
    for group, episode in _groups(against):
        if _errand(group, episode, sites):
            beside[episode].extend(group)
            continue
        conflict = _conflict(group, episode, sites)
        conflicts.append(conflict)
        if conflict.likelier is None:
            kept.append(group)
    aside = {row for conflict in conflicts for row in conflict.unlikelier}
    joined = [_joined(one, beside[one]) if one in beside else one for one in episodes]
    apart = [_stay(group) for group in kept]
    told = {one.site.key: one.site for one in fixes}
    named = _named({one.where.key for one in apart}, told, sites)
    return Positions(
        tuple(sorted([*joined, *apart], key=lambda one: (one.start, one.end, one.where.key))),
        tuple(
            replace(_stay(some), confidence=Confidence.DOUBTFUL)
            for some in _together(one for one in fixes if one.told in aside)
        ),
        tuple(merged(conflicts)),
        frozenset(_coarse(joined, told)),
        {**sites, **told, **named},
    )


def _named(keys: Iterable[str], told: Sites, sites: Sites) -> dict[str, Site]:
    """With the name of the nearest place of the timeline that lies within, if people stay there."""
    places = sorted(
        (one.lat, one.key, one)
        for one in sites.values()
        if one.lat is not None and one.name and not one.passed
    )
    found = {}
    for key in keys:
        spot = told[key]
        assert spot.lat is not None
        reach = spot.radius / _METRES_A_DEGREE
        first = bisect_left(places, (spot.lat - reach, ""))
        last = bisect_right(places, (spot.lat + reach, "\uffff"))
        near = [
            (metres(spot, one) or 0, number)
            for number, (_, _, one) in enumerate(places[first:last])
        ]
        within = [pair for pair in near if pair[0] <= spot.radius]
        if within:
            found[key] = replace(spot, name=places[first + min(within)[1]][2].name)
    return found


def _there(
    fixes: Iterable[Fix], episodes: Sequence[Episode]
) -> Iterator[tuple[Fix, Sequence[Episode]]]:
    """Each position with what is told of its time."""
    begun, there = 0, list[Episode]()
    for fix in fixes:
        at = fix.told.start
        while begun < len(episodes) and episodes[begun].start <= at:
            there.append(episodes[begun])
            begun += 1
        there = [one for one in there if one.end > at or one.start == at]
        yield fix, tuple(there)


def _match(fix: Fix, there: Sequence[Episode], sites: Sites) -> Episode | None:
    """Aboard something the person may be anywhere, and so at a place of which no position is
    known.
    """
    for one in there:
        spot = site(sites, one.where)
        if spot is None or spot.moving or spot.lat is None:
            return one
    near = _nearest(fix, there, sites)
    spot = site(sites, near.where)
    return near if spot is not None and agree(fix.site, spot) else None


def _nearest(fix: Fix, there: Sequence[Episode], sites: Sites) -> Episode:
    return min(there, key=lambda one: metres(fix.site, site(sites, one.where)) or 0)


def _groups(against: Iterable[tuple[Fix, Episode]]) -> Iterator[tuple[list[Fix], Episode]]:
    """Positions that follow and agree with each other, against one stay."""
    group: list[Fix] = []
    stay: Episode | None = None
    for fix, episode in against:
        if episode is stay and follow(group, fix):
            group.append(fix)
            continue
        if stay is not None:
            yield group, stay
        group, stay = [fix], episode
    if stay is not None:
        yield group, stay


def _together(fixes: Iterable[Fix]) -> list[list[Fix]]:
    """Those that follow and agree with each other."""
    found: list[list[Fix]] = []
    for one in fixes:
        if found and follow(found[-1], one):
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _errand(group: Sequence[Fix], episode: Episode, sites: Sites) -> bool:
    """Who stays somewhere for hours may go round the corner."""
    spot = site(sites, episode.where)
    apart = [(metres(fix.site, spot) or 0) - fix.site.radius for fix in group]
    short = group[-1].told.start - group[0].told.start < ERRAND < episode.end - episode.start
    return short and max(apart) <= ERRAND_M


def _conflict(group: Sequence[Fix], episode: Episode, sites: Sites) -> Conflict:
    """What lasts is no drift: then the telephone was elsewhere, or the stay was not so."""
    rows = tuple(fix.told for fix in group)
    first, last = rows[0].start, rows[-1].start
    telling = tuple(one for one in episode.told if one.start <= last and one.end >= first)
    telling = telling or episode.told
    if not lasting(group):
        return drift(
            rows, telling, Reason.COARSE_POSITION, km_apart(group, site(sites, episode.where))
        )
    if any(strength(one) >= _RECORDED and one.table != "event" for one in episode.told):
        reasons = (Reason.PERSON_OVER_TOKEN,)
        return Conflict(ConflictKind.BORROWED, rows, telling, THOSE, reasons)
    declared = any(one.certainty == "declared" for one in episode.told)
    kind = ConflictKind.DECLARED if declared else ConflictKind.TWO_PLACES
    return Conflict(kind, telling, rows, None)


def _joined(episode: Episode, fixes: Iterable[Fix]) -> Episode:
    rows = [replace(one.told, where=episode.where, alias=one.site.key) for one in fixes]
    told = sorted([*episode.told, *rows], key=lambda one: (one.start, one.end))
    return replace(episode, told=tuple(told))


def _coarse(episodes: Iterable[Episode], sites: Sites) -> Iterator[Told]:
    for one in episodes:
        for row in one.told:
            if row.table == "fix" and row.alias is not None and sites[row.alias].radius > NEAR_M:
                yield row


def _stay(fixes: Sequence[Fix]) -> Episode:
    """At the most accurate of positions that agree with each other."""
    best = min(fixes, key=lambda one: one.site.radius)
    where = best.told.where
    assert where is not None
    rows = tuple(
        one.told if one.told.where == where else replace(one.told, where=where, alias=one.site.key)
        for one in fixes
    )
    start, end = rows[0].start, rows[-1].start
    return Episode(where, start, end, start, end, rows)
