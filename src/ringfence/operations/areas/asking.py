"""Which vehicles were in a risk area while it was one, from the home to the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ringfence.audit import acting
from ringfence.engines.question import Engine, EngineMaker
from ringfence.errors import NotFound, Text, UsageError
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.operations.areas.risk import AT_RISK, area_rows, cited, low_risk, risk_area
from ringfence.operations.areas.seen import Seen, Sighting, Span, joined, vehicles_seen
from ringfence.records.vocabularies import AREA_LEVELS
from ringfence.trace.purged import purged_sightings


@dataclass(frozen=True)
class VehiclesAsked:
    """`level`: only vehicles that were seen inside at this level. `since`: only those that were
    seen inside then or later. Neither changes what is told of a vehicle.
    """

    area: str
    level: str | None = None
    since: datetime | None = None
    as_of: datetime | int | None = None


@dataclass(frozen=True)
class VehicleList:
    """`spans`: in which it was a risk area, joined where they touch. `cases`: those cited
    that stand. `names`: of the places that are told of, where a register has them.
    """

    area: str
    spans: tuple[Span, ...]
    cases: tuple[str, ...]
    as_of: datetime
    zone: str
    warnings: tuple[Text, ...]
    vehicles: tuple[Seen, ...]
    names: Mapping[str, str]


def vehicles_asked(
    home: Home, asked: VehiclesAsked, *, by: str, make_engine: EngineMaker, now: datetime
) -> VehicleList:
    """The audit knows of the question before the sightings are read, also where it is refused.

    Errors: those of `vehicles_of`, and NotFound: no such area.
    """
    engine = make_engine(snapshot(home, now, asked.as_of))
    rows = area_rows(engine, asked.area)
    about = {"area": asked.area, "case": ", ".join(cited(rows))}
    with acting(home, "area.vehicles", by=by, at=now, about=about) as told:
        found = vehicles_of(engine, asked, rows)
        told["vehicles"] = str(len(found.vehicles))
    return found


def vehicles_of(
    engine: Engine, asked: VehiclesAsked, rows: Sequence[Mapping[str, Any]]
) -> VehicleList:
    """By what is told of the area (`area_rows`).

    UsageError: no such level. NotAllowed: it cites no case that stands, or was at low risk only.
    NotFound: it was never at this level, or as-of lies before a purge.
    """
    known = engine.snapshot
    _check_level(asked.level)
    area = risk_area(engine, rows)
    if asked.level is not None and all(span.level != asked.level for span in area.spans):
        raise _never(asked.level)
    since = min(span.start for span in area.spans)
    told = list(area.warnings)
    if since < known.as_of:
        told += purged_sightings(known, since, known.as_of)
    else:
        told.append(Text(f"{area.area} is no risk area yet", f"{area.area} 尚未成为风险区域"))
    vehicles = tuple(
        seen
        for seen in vehicles_seen(area.spans, _sightings(engine, area.spans))
        if asked.level is None or asked.level in seen.levels
        if asked.since is None or asked.since <= seen.last.at
    )
    return VehicleList(
        area=area.area,
        spans=joined(area.spans),
        cases=area.cases,
        as_of=known.as_of,
        zone=known.zone,
        warnings=tuple(told),
        vehicles=vehicles,
        names=_names(engine, area.spans, vehicles),
    )


def _check_level(level: str | None) -> None:
    if level is None or level in AT_RISK:
        return
    if level in AREA_LEVELS:
        raise low_risk()
    words = ", ".join(AT_RISK)
    raise UsageError(f"--level is one of: {words}", f"--level 应为：{words}")


def _never(level: str) -> NotFound:
    word = AREA_LEVELS[level]
    return NotFound(
        f"as far as is known this area was never at {word.en}", f"就已知信息，该区域从未为{word.zh}"
    )


def _sightings(engine: Engine, spans: Iterable[Span]) -> list[Sighting]:
    """Before as-of, of every vehicle that was seen at one of the places: there and elsewhere."""
    places = sorted({place for span in spans for place in span.places})
    there = engine.rows("sighting", "place", places)
    vehicles = sorted(
        {one.vehicle for one in _read(engine, there) if any(span.holds(one) for span in spans)}
    )
    return _read(engine, engine.rows("sighting", "vehicle", vehicles)) if vehicles else []


def _read(engine: Engine, rows: Any) -> list[Sighting]:
    columns = (rows[name].to_pylist() for name in ("vehicle", "place", "at"))
    told = (Sighting(*cells) for cells in zip(*columns, strict=True))
    return [one for one in told if one.at < engine.snapshot.as_of]


def _names(engine: Engine, spans: Iterable[Span], vehicles: Iterable[Seen]) -> dict[str, str]:
    """Of several sources' names the first source's."""
    places = {place for span in spans for place in span.places}
    places |= {seen.later.place for seen in vehicles if seen.later is not None}
    rows = engine.rows("place", "place", sorted(places)).to_pylist()
    told = sorted(rows, key=lambda row: row["source"], reverse=True)
    return {row["place"]: row["name"] for row in told if row["name"]}
