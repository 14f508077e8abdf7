"""Vehicles that were seen in a risk area while it was one, and where each was seen first after.

Vehicles alone: neither owners nor occupants, and of what they did elsewhere only the first sighting
after the area, so that the next checkpoint knows which way one left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ringfence.engines.question import Engine, EngineMaker
from ringfence.engines.snapshot import Snapshot
from ringfence.errors import NotAllowed, NotFound, Text
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.records.vocabularies import AREA_LEVELS
from ringfence.trace.case_files import known_cases
from ringfence.trace.local_days import closing
from ringfence.trace.purged import purged_sightings

AT_RISK = ("high", "medium")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Level:
    """The area was `level` within [start, end), UTC; `open`: it still is."""

    level: str
    start: datetime
    end: datetime
    open: bool
    places: frozenset[str]


@dataclass(frozen=True)
class Seen:
    """A vehicle in the area. `places`: in the order of first sightings. `left`: the first sighting
    elsewhere after the last one in the area, before as-of; None: none is known.
    """

    vehicle: str
    level: str
    first: datetime
    last: datetime
    times: int
    places: tuple[str, ...]
    left: tuple[str, datetime] | None


@dataclass(frozen=True)
class VehicleList:
    """`names`: of the places that it speaks of. Vehicles seen last come first."""

    area: str
    as_of: datetime
    zone: str
    levels: tuple[Level, ...]
    cases: tuple[str, ...]
    vehicles: tuple[Seen, ...]
    names: Mapping[str, str]
    warnings: tuple[Text, ...]


def vehicles_asked(
    home: Home,
    area: str,
    *,
    make_engine: EngineMaker,
    now: datetime,
    as_of: datetime | int | None = None,
) -> VehicleList:
    """NotFound: no such area. NotAllowed: it was never at risk, or cites no case that stands."""
    known = snapshot(home, now, as_of)
    return vehicles_of(make_engine(known), area)


def vehicles_of(engine: Engine, area: str) -> VehicleList:
    """The same on what is known."""
    known = engine.snapshot
    rows = engine.rows("area", "area", [area]).to_pylist()
    if not rows:
        raise NotFound(
            "no area of this name is known as of the time asked for",
            "截至所询时间没有该编号的风险区域",
        )
    cases = _standing(engine, {case for row in rows for case in row["cases"]})
    levels = _levels(rows, known)
    if not levels:
        raise NotAllowed(
            "this area was never of high or medium risk: nobody who passed it is listed",
            "该区域从未列为中高风险区：不列出途经车辆",
        )
    places = sorted({place for level in levels for place in level.places})
    found = engine.rows("sighting", "place", places).to_pylist()
    vehicles = _vehicles(engine, found, levels)
    told = {place for one in vehicles for place in (*one.places, *(one.left or ())[:1])}
    return VehicleList(
        area,
        known.as_of,
        known.zone,
        levels,
        cases,
        vehicles,
        _names(engine, told),
        purged_sightings(known, levels[0].start, levels[-1].end),
    )


def _standing(engine: Engine, cited: Collection[str]) -> tuple[str, ...]:
    """The cases for which the area is one. NotAllowed: none of them stands."""
    files = known_cases(engine, sorted(cited)) if cited else {}
    standing = tuple(sorted(case for case, file in files.items() if not file.ended))
    if not standing:
        raise NotAllowed(
            "the area cites no case that stands: without a case there is no risk area",
            "该区域所依据的病例均不成立：没有病例即不存在风险区域",
        )
    return standing


def _levels(rows: Iterable[Row], known: Snapshot) -> tuple[Level, ...]:
    """While it was at risk. Several sources that tell of one beginning are told together; an area
    is of one level at a time: it ends where the next one begins.
    """
    of_start: defaultdict[datetime, list[Row]] = defaultdict(list)
    for row in rows:
        of_start[row["from"]].append(row)
    starts = sorted(of_start)
    found = []
    for number, start in enumerate(starts):
        told = sorted(of_start[start], key=lambda row: str(row["source"]))
        words = {row["level"] for row in told}
        level = next(word for word in AREA_LEVELS if word in words)
        ends = [closing(r["to"], r["to_precision"], known.zone) for r in told if r["to"]]
        following = starts[number + 1 : number + 2]
        end = min([*ends, *following, known.as_of])
        if level in AT_RISK and start < end:
            places = frozenset(place for row in told for place in row["places"])
            found.append(Level(level, start, end, not ends and not following, places))
    return tuple(found)


def _vehicles(engine: Engine, rows: Iterable[Row], levels: Sequence[Level]) -> tuple[Seen, ...]:
    within: defaultdict[str, dict[tuple[datetime, str], Level]] = defaultdict(dict)
    for row in rows:
        level = _level_at(levels, row["place"], row["at"])
        if level is not None:
            within[row["vehicle"]][row["at"], row["place"]] = level
    after = _after(engine, {vehicle: max(seen) for vehicle, seen in within.items()}, levels)
    found = [_seen(vehicle, seen, after.get(vehicle)) for vehicle, seen in within.items()]
    return tuple(sorted(found, key=lambda one: (-one.last.timestamp(), one.vehicle)))


def _level_at(levels: Iterable[Level], place: str, at: datetime) -> Level | None:
    return next((o for o in levels if o.start <= at < o.end and place in o.places), None)


def _seen(
    vehicle: str, seen: Mapping[tuple[datetime, str], Level], left: tuple[str, datetime] | None
) -> Seen:
    """By the gravest level that it was in."""
    times = sorted(seen)
    level = min((one.level for one in seen.values()), key=AT_RISK.index)
    places = tuple(dict.fromkeys(place for _, place in times))
    return Seen(vehicle, level, times[0][0], times[-1][0], len(times), places, left)


def _after(
    engine: Engine, last: Mapping[str, tuple[datetime, str]], levels: Iterable[Level]
) -> dict[str, tuple[str, datetime]]:
    """Where each was seen first elsewhere, after it was seen in the area for the last time."""
    if not last:
        return {}
    inside = {place for level in levels for place in level.places}
    found: dict[str, tuple[str, datetime]] = {}
    rows = engine.rows("sighting", "vehicle", sorted(last)).to_pylist()
    for row in sorted(rows, key=lambda row: (row["at"], row["place"])):
        later = last[row["vehicle"]][0] < row["at"] < engine.snapshot.as_of
        if later and row["place"] not in inside:
            found.setdefault(row["vehicle"], (row["place"], row["at"]))
    return found


def _names(engine: Engine, places: Collection[str]) -> dict[str, str]:
    rows = engine.rows("place", "place", sorted(places)).to_pylist() if places else []
    return {row["place"]: row["name"] for row in rows if row["name"]}
