"""Positions of times of which nothing else tells: where a cell drifted, what lies together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ringfence.movements.clashes import NEAR_M, RECALL, speed_needed
from ringfence.movements.episodes import CHAIN
from ringfence.movements.model import THOSE, Conflict, ConflictKind, Episode, Reason, Told
from ringfence.movements.reading import Fix
from ringfence.movements.sites import Site, Sites, metres, site

LASTING = 30 * 60
LEAST = 3
"""Positions that agree for so long, and so many, are no drift; nor is one as near as a place."""
_AHEAD = 8
_FIRM = 2 * _AHEAD


@dataclass(frozen=True)
class _Unit:
    """A stay, or positions that agree with each other (`fixes`, the list grows). `site` None: on
    the way. `leeway`: seconds by which it may be told wrongly.
    """

    start: int
    end: int
    site: Site | None
    rows: Sequence[Told]
    fixes: list[Fix]
    leeway: int = 0


def agree(one: Site, other: Site) -> bool:
    """Whether somebody may have been at both."""
    apart = metres(one, other)
    return apart is not None and apart <= one.radius + other.radius + NEAR_M


def follow(group: Sequence[Fix], one: Fix) -> bool:
    """Whether a position goes on with those of a group."""
    soon = one.told.start - group[-1].told.start <= CHAIN
    return soon and agree(group[0].site, one.site)


def lasting(fixes: Sequence[Fix]) -> bool:
    seconds = fixes[-1].told.start - fixes[0].told.start
    return _lasts(len(fixes), seconds, min(one.site.radius for one in fixes))


def _lasts(count: int, seconds: int, finest: float) -> bool:
    return finest <= NEAR_M or (count >= LEAST and seconds >= LASTING)


def drift(rows: Sequence[Told], those: Sequence[Told], reason: Reason, km: float) -> Conflict:
    return Conflict(ConflictKind.DRIFT, tuple(rows), tuple(those), THOSE, (reason,), km)


def km_apart(fixes: Iterable[Fix], spot: Site | None) -> float:
    return max(metres(one.site, spot) or 0 for one in fixes) / 1000


def walked(
    alone: Sequence[Fix], episodes: Sequence[Episode], sites: Sites
) -> tuple[list[list[Fix]], list[Conflict]]:
    """What is left of the positions, those together that agree with each other; and a conflict for
    each that nobody could have come from, or gone on from, in the time.
    """
    units = [_of_fix(one) for one in alone] + [_of_stay(one, sites) for one in episodes]
    units.sort(key=lambda one: (one.start, one.end))
    kept: list[_Unit] = []
    conflicts: list[Conflict] = []
    for number, unit in enumerate(units):
        ahead = units[number + 1 : number + 1 + _AHEAD]
        if _believed(unit, kept, ahead, conflicts):
            _keep(unit, kept)
    return [one.fixes for one in kept if one.fixes], conflicts


def _of_fix(one: Fix) -> _Unit:
    return _Unit(one.told.start, one.told.start, one.site, [], [one])


def _of_stay(one: Episode, sites: Sites) -> _Unit:
    spot = site(sites, one.where)
    if spot is not None and (spot.moving or spot.lat is None):
        spot = None
    recalled = all(row.certainty == "declared" for row in one.told)
    return _Unit(one.start, one.end, spot, one.told, [], RECALL if recalled else 0)


def _believed(
    unit: _Unit, kept: list[_Unit], ahead: Sequence[_Unit], conflicts: list[Conflict]
) -> bool:
    """Whether it was not adrift itself; those that were are taken from `kept`."""
    while kept and (kmh := _too_fast(kept[-1], unit)) is not None:
        before = kept[-1]
        adrift = _adrift(kept, unit, ahead)
        if adrift is None:
            these, those = _beside(before, unit), _beside(unit, before)
            conflicts.append(Conflict(ConflictKind.SPEED, these, those, None, figure=kmh))
            return True
        other = unit if adrift is before else before
        rows = [one.told for one in adrift.fixes]
        km = km_apart(adrift.fixes, other.site)
        conflicts.append(drift(rows, _beside(other, adrift), Reason.FITS_NEIGHBOURS, km))
        if adrift is unit:
            return False
        kept.pop()
    return True


def _keep(unit: _Unit, kept: list[_Unit]) -> None:
    last = kept[-1] if kept else None
    if last is None or not (last.fixes or unit.fixes):
        if last is None or unit.end >= last.end:
            kept.append(unit)
        return
    soon = unit.start - last.end <= CHAIN
    if last.fixes and unit.fixes and soon and _near(last, unit):
        best = min((last, unit), key=lambda one: one.site.radius if one.site is not None else 0)
        last.fixes.extend(unit.fixes)
        kept[-1] = replace(last, end=unit.end, site=best.site)
    else:
        kept.append(unit)


def _too_fast(before: _Unit, after: _Unit) -> float | None:
    """km/h; None: it can be, or stays alone are concerned, which are judged elsewhere."""
    if before.site is None or after.site is None or not (before.fixes or after.fixes):
        return None
    apart = metres(before.site, after.site) or 0
    apart = max(0, apart - before.site.radius - after.site.radius)
    seconds = max(0, after.start - before.end) + before.leeway + after.leeway
    return speed_needed(apart, seconds)


def _near(one: _Unit, other: _Unit) -> bool:
    return one.site is not None and other.site is not None and agree(one.site, other.site)


def _adrift(kept: Sequence[_Unit], unit: _Unit, ahead: Sequence[_Unit]) -> _Unit | None:
    """That of the last one and of `unit` for which less speaks; None: nothing decides."""
    before = kept[-1]
    for_before, for_unit = (_weight(one, ahead) for one in (before, unit))
    if for_before >= _FIRM and for_unit >= _FIRM:
        return None
    if for_before != for_unit:
        return unit if for_before > for_unit else before
    fits = len(kept) > 1 and _too_fast(kept[-2], unit) is None
    return before if fits else None


def _weight(unit: _Unit, ahead: Sequence[_Unit]) -> int:
    """How many tell of it, of what follows too."""
    if not unit.fixes or unit.site is None:
        return _FIRM
    near = [one for one in ahead if one.fixes and _near(one, unit)]
    count = len(unit.fixes) + len(near)
    until = max((one.end for one in near), default=unit.end)
    finest = min([unit.site.radius, *(one.site.radius for one in near if one.site is not None)])
    return _FIRM if _lasts(count, until - unit.start, finest) else count


def _beside(unit: _Unit, other: _Unit) -> tuple[Told, ...]:
    """The row of `unit` that is next to the other."""
    first = unit.start <= other.start
    if unit.fixes:
        return (unit.fixes[-1 if first else 0].told,)
    if first:
        return (max(unit.rows, key=lambda one: (one.end, one.start)),)
    return (min(unit.rows, key=lambda one: (one.start, one.end)),)


def merged(conflicts: Iterable[Conflict]) -> list[Conflict]:
    """Drifts that follow each other within hours are one matter."""
    groups: list[list[Conflict]] = []
    for one in sorted(conflicts, key=lambda one: (one.kind, one.reasons, _begun(one))):
        if groups and one.kind is ConflictKind.DRIFT and _soon(groups[-1][-1], one):
            groups[-1].append(one)
        else:
            groups.append([one])
    return [group[0] if len(group) == 1 else _one_of(group) for group in groups]


def _begun(one: Conflict) -> int:
    return min(row.start for row in one.these)


def _soon(last: Conflict, one: Conflict) -> bool:
    alike = (last.kind, last.reasons) == (one.kind, one.reasons)
    return alike and _begun(one) - max(row.start for row in last.these) <= CHAIN


def _one_of(group: Sequence[Conflict]) -> Conflict:
    return replace(
        group[0],
        these=tuple(dict.fromkeys(row for one in group for row in one.these)),
        those=tuple(dict.fromkeys(row for one in group for row in one.those)),
        figure=max(one.figure or 0 for one in group),
    )
