"""What every channel tells of one person as one timeline, with all that speaks against it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ringfence.engines.question import Engine
from ringfence.movements.clashes import clashes_of
from ringfence.movements.clocks import Skew, skews_of
from ringfence.movements.confidence import rated
from ringfence.movements.declared import concealed, denials
from ringfence.movements.episodes import episodes_of
from ringfence.movements.explaining import companions, explained
from ringfence.movements.gaps import Span, Stretch, gaps_of
from ringfence.movements.lodging import nights_of
from ringfence.movements.model import (
    THESE,
    THOSE,
    Confidence,
    Conflict,
    ConflictKind,
    Episode,
    Gap,
    Reason,
    Sphere,
    Told,
    Where,
)
from ringfence.movements.onsets import onset_conflicts
from ringfence.movements.positions import positions_of
from ringfence.movements.questions import Question, questions_of
from ringfence.movements.reading import Known, Ridden, known_of
from ringfence.movements.sites import Sites, aliases_of, sites_of
from ringfence.movements.ticketing import ride_conflicts
from ringfence.movements.weighing import verdicts
from ringfence.rides.layouts import Layout
from ringfence.rides.runs import Run
from ringfence.sources.normalise.places import fold_place

_KEPT = frozenset(
    {
        ConflictKind.SEAT,
        ConflictKind.DELAY,
        ConflictKind.ONSET,
        ConflictKind.CLOCK,
        ConflictKind.ZONE,
        ConflictKind.ALIAS,
        ConflictKind.CONCEALED,
    }
)
"""Conflicts that are not about whether somebody was there."""
_IN_PART = frozenset({ConflictKind.DECLARED, ConflictKind.TWO_PLACES, ConflictKind.SPEED})
"""Those that may contradict a part of a stay only."""


@dataclass(frozen=True)
class Person:
    """Whose movements are asked for, within [start, end), epoch seconds. `case` None: of a contact
    under an order. `window`: in which the person may have infected others."""

    subject: str
    case: str | None
    start: int
    end: int
    window: Span | None = None


@dataclass(frozen=True)
class Movements:
    """`episodes`, `set_aside` (those that conflicts speak against) and `conflicts`: in the order of
    time; `gaps` by what they could hide. `rides`: all, also those not taken.
    """

    person: Person
    episodes: tuple[Episode, ...]
    set_aside: tuple[Episode, ...]
    conflicts: tuple[Conflict, ...]
    gaps: tuple[Gap, ...]
    questions: tuple[Question, ...]
    rides: tuple[Ridden, ...]
    facts: tuple[Told, ...]
    sites: Sites
    runs: Mapping[str, Run]
    rows: int
    sources: tuple[str, ...]


def movements_of(engine: Engine, person: Person, layouts: Mapping[str, Layout]) -> Movements:
    """Everything that is known of the person within the time; nothing is left out: what is set
    aside is listed with the conflict that speaks against it.
    """
    zone = engine.snapshot.zone
    span = person.start, person.end
    known = known_of(engine, person.subject, span, layouts, person.case)
    found = ride_conflicts(engine, known.rides)
    if person.case is not None:
        found += onset_conflicts(engine, person.case, person.subject, zone)
    return fused(known, sites_of(engine, _places(known.told)), person, zone, found)


def fused(
    known: Known, sites: Sites, person: Person, zone: str, found: Sequence[Conflict] = ()
) -> Movements:
    """The same of rows that were read, with the conflicts that were `found` in other tables."""
    named, conflicts = _under_one_name(nights_of(known.told, sites, zone), sites)
    told, skewed = _by_one_clock(named)
    clashes = clashes_of(told, sites)
    judged = verdicts(clashes, episodes_of(told, sites))
    conflicts += [*skewed, *explained(judged, told), *companions(told), *found]
    aside, doubted = _set_aside(conflicts)
    kept = [one for one in told if one not in aside]
    placed = positions_of(known.fixes, episodes_of(kept, sites), sites)
    conflicts += placed.conflicts
    _, unsure = _set_aside(placed.conflicts)
    episodes = rated(placed.episodes, doubted | unsure | placed.coarse, sites)
    sites = placed.sites
    said = {one for conflict in conflicts for one in (*conflict.these, *conflict.those)}
    conflicts += [one for one in denials(told, episodes) if not said & set(one.those)]
    conflicts += _silent(concealed(kept, episodes, sites, zone), conflicts)
    conflicts.sort(key=lambda one: (one.start, one.kind))
    gaps = gaps_of(episodes, sites, Stretch(person.start, person.end, zone, person.window))
    doubtful = [
        *(
            replace(one, confidence=Confidence.DOUBTFUL)
            for one in episodes_of((one for one in told if one in aside), sites)
        ),
        *placed.set_aside,
    ]
    return Movements(
        person,
        tuple(episodes),
        tuple(sorted(doubtful, key=lambda one: (one.start, one.end, one.where.key))),
        tuple(conflicts),
        tuple(gaps),
        tuple(questions_of(conflicts, gaps, episodes, known.rides, sites)),
        known.rides,
        known.facts,
        sites,
        known.runs,
        known.rows,
        _sources(known),
    )


def _places(told: Iterable[Told]) -> set[str]:
    return {
        one.where.key for one in told if one.where is not None and one.where.sphere is Sphere.PLACE
    }


def _sources(known: Known) -> tuple[str, ...]:
    others = [*(one.told for one in known.rides), *(one.told for one in known.fixes)]
    return tuple(sorted({one.source for one in (*known.told, *others, *known.facts)}))


def _under_one_name(told: Sequence[Told], sites: Sites) -> tuple[list[Told], list[Conflict]]:
    aliases = aliases_of(told, sites)
    renamed = [_renamed(one, aliases) for one in told]
    conflicts = []
    for key, first in aliases.items():
        these = tuple(one for one in renamed if one.alias == key)
        there = Where(Sphere.PLACE, first)
        those = tuple(one for one in renamed if one.where == there and one.alias != key)
        same = fold_place(sites[key].name) == fold_place(sites[first].name)
        reason = Reason.SAME_NAME if same else Reason.SAME_POSITION
        conflicts.append(Conflict(ConflictKind.ALIAS, these, those, None, (reason,)))
    return renamed, conflicts


def _renamed(one: Told, aliases: Mapping[str, str]) -> Told:
    if one.where is None or one.where.sphere is not Sphere.PLACE or one.where.key not in aliases:
        return one
    there = Where(Sphere.PLACE, aliases[one.where.key])
    return replace(one, where=there, alias=one.where.key)


def _by_one_clock(told: Sequence[Told]) -> tuple[list[Told], list[Conflict]]:
    """With the error of each wrong clock taken off, and a conflict for each."""
    skews = skews_of(told)
    if not skews:
        return list(told), []
    ahead = {skew.source: skew.ahead for skew in skews}
    shifted = [_shifted(one, ahead.get(one.source, 0)) for one in told]
    shifted.sort(key=lambda one: (one.start, one.end, one.table, one.batch, one.row))
    return shifted, [_clock(skew) for skew in skews]


def _shifted(one: Told, ahead: int) -> Told:
    if ahead == 0 or one.table == "ride":
        return one
    return replace(one, start=one.start - ahead, end=one.end - ahead, shift=ahead)


def _clock(skew: Skew) -> Conflict:
    kind = ConflictKind.ZONE if skew.whole else ConflictKind.CLOCK
    reasons = (Reason.CLOCK_AGREES_SHIFTED,)
    return Conflict(kind, skew.these, skew.those, THOSE, reasons, skew.ahead / 60)


def _set_aside(conflicts: Iterable[Conflict]) -> tuple[set[Told], set[Told]]:
    """Rows that are not believed, and rows that are kept although something speaks against them: a
    stay of which less than half is contradicted, and what records do not decide.
    """
    aside: set[Told] = set()
    doubted: set[Told] = set()
    for conflict in conflicts:
        if conflict.kind in _KEPT:
            continue
        if conflict.likelier is None:
            doubted.update((*conflict.these, *conflict.those))
        right = conflict.these if conflict.likelier == THESE else conflict.those
        for one in conflict.unlikelier:
            stands = conflict.kind in _IN_PART and _mostly_stands(one, right)
            (doubted if stands else aside).add(one)
    return aside, doubted - aside


def _mostly_stands(one: Told, right: Collection[Told]) -> bool:
    if one.instant or one.certainty == "assumed":
        return False
    meeting = [r for r in right if r.start < one.end and r.end >= one.start]
    first = min((max(one.start, r.start) for r in meeting), default=0)
    last = max((min(one.end, r.end) for r in meeting), default=0)
    return (last - first) * 2 < one.end - one.start


def _silent(found: Iterable[Conflict], conflicts: Sequence[Conflict]) -> list[Conflict]:
    """Journeys that were not mentioned, and that contradict nothing that was said."""
    told = {
        row
        for conflict in conflicts
        if conflict.kind is ConflictKind.DECLARED
        for row in (*conflict.these, *conflict.those)
    }
    return [one for one in found if not told & set(one.these)]
