"""Which vehicles were in a risk area while it was one, from the home to the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.audit import acting
from ringfence.engines.question import Engine, EngineMaker
from ringfence.errors import NotFound, Text, UsageError
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.operations.areas.risk import AT_RISK, area_rows, cited, low_risk, risk_area
from ringfence.operations.areas.seen import (
    Seen,
    Sighting,
    Span,
    joined,
    latest_first,
    vehicles_seen,
)
from ringfence.records import INSTANT
from ringfence.records.vocabularies import AREA_LEVELS
from ringfence.trace.purged import purged_unheld

_AT_ONCE = 20_000
_MICROSECONDS = 1_000_000


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
        told += purged_unheld(known, "sighting", since, known.as_of)
    else:
        told.append(Text(f"{area.area} is no risk area yet", f"{area.area} 尚未成为风险区域"))
    vehicles = tuple(
        seen
        for seen in _seen(engine, area.spans)
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


def _seen(engine: Engine, spans: Sequence[Span]) -> tuple[Seen, ...]:
    """Counted for some vehicles at a time, so that a busy gate does not fill the memory."""
    vehicles = _inside(engine, spans)
    since = min(span.start for span in spans)
    found: list[Seen] = []
    for start in range(0, len(vehicles), _AT_ONCE):
        some = vehicles[start : start + _AT_ONCE]
        rows = engine.rows("sighting", "vehicle", some)
        rows = rows.filter(_between(rows["at"], since, engine.snapshot.as_of))
        found += vehicles_seen(spans, _read(rows))
    return latest_first(found)


def _read(rows: pa.Table) -> Iterator[Sighting]:
    """Arrow makes its own instants one by one, far more slowly than numbers."""
    micros = rows["at"].cast(pa.int64()).to_pylist()
    told = zip(rows["vehicle"].to_pylist(), rows["place"].to_pylist(), micros, strict=True)
    for vehicle, place, at in told:
        yield Sighting(vehicle, place, datetime.fromtimestamp(at / _MICROSECONDS, UTC))


def _inside(engine: Engine, spans: Iterable[Span]) -> list[str]:
    """Vehicles that were seen at one of the places in its time."""
    places = sorted({place for span in spans for place in span.places})
    rows = engine.rows("sighting", "place", places)
    as_of = engine.snapshot.as_of
    found: set[str] = set()
    for span in spans:
        there = pc.is_in(rows["place"], value_set=pa.array(sorted(span.places), pa.string()))
        until = as_of if span.end is None else min(span.end, as_of)
        then = _between(rows["at"], span.start, until)
        found.update(pc.unique(rows["vehicle"].filter(pc.and_(there, then))).to_pylist())
    return sorted(found)


def _between(at: pa.ChunkedArray, start: datetime, end: datetime) -> pa.ChunkedArray:
    since, until = (pa.scalar(one, INSTANT) for one in (start, end))
    return pc.and_(pc.greater_equal(at, since), pc.less(at, until))


def _names(engine: Engine, spans: Iterable[Span], vehicles: Iterable[Seen]) -> dict[str, str]:
    """Of several sources' names the first source's."""
    places = {place for span in spans for place in span.places}
    places |= {seen.later.place for seen in vehicles if seen.later is not None}
    rows = engine.rows("place", "place", sorted(places)).to_pylist()
    told = sorted(rows, key=lambda row: row["source"], reverse=True)
    return {row["place"]: row["name"] for row in told if row["name"]}
