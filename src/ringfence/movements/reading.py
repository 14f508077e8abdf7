"""All rows about one person within a time, whatever table they are in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ringfence.engines.question import Engine
from ringfence.movements.model import Sphere, Told, Where
from ringfence.movements.sites import Site
from ringfence.rides.layouts import Layout
from ringfence.rides.legs import NOT_ABOARD, Leg, grade_of, leg_told
from ringfence.rides.runs import Run, runs_named, span_of
from ringfence.trace.seeds import seconds

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Ridden:
    """A ride with its row; `told.start` equals its end where no times are known (`timed` False)."""

    told: Told
    run: Run
    leg: Leg
    status: str | None

    @property
    def timed(self) -> bool:
        return self.leg.timed


@dataclass(frozen=True)
class Fix:
    """A position of the case's telephone; `site.radius`: metres within which it was."""

    told: Told
    site: Site


@dataclass(frozen=True)
class Known:
    """What is known of the person. `told`: with a place or vehicle, by start. `rides`: all, also
    those that were not taken, or of which no times are known. `facts`: without a place. `fixes`:
    by time.
    """

    told: tuple[Told, ...]
    rides: tuple[Ridden, ...]
    facts: tuple[Told, ...]
    runs: Mapping[str, Run]
    fixes: tuple[Fix, ...] = ()

    @property
    def rows(self) -> int:
        others = {one.told for one in self.rides} - set(self.told)
        return len(self.told) + len(others) + len(self.facts) + len(self.fixes)


def known_of(
    engine: Engine,
    subject: str,
    span: tuple[int, int],
    layouts: Mapping[str, Layout],
    case: str | None = None,
) -> Known:
    """Rows whose time meets [start, end). Sightings of a vehicle count while the person was in it,
    and no longer. Positions are read under the `case` for which they were obtained, and no other.
    """
    start, end = span
    drives = [one for one in _drives(engine, subject, end) if one.start < end and one.end > start]
    rides = [one for one in _rides(engine, subject, layouts) if _meets(one, start, end)]
    told = [*_stays(engine, subject, end), *_instants(engine, subject), *drives]
    told += _seen(engine, drives)
    told += [one.told for one in rides if one.timed and one.status not in NOT_ABOARD]
    within = [one for one in told if one.start < end and (one.end > start or one.start >= start)]
    return Known(
        tuple(sorted(within, key=_order)),
        tuple(rides),
        tuple(one for one in _facts(engine, subject) if start <= one.start < end),
        {one.run.keys[0]: one.run for one in rides},
        tuple(one for one in _fixes(engine, case) if start <= one.told.start < end),
    )


def _order(one: Told) -> tuple[int, int, str, str, int]:
    return one.start, one.end, one.table, one.batch, one.row


def _meets(one: Ridden, start: int, end: int) -> bool:
    if one.timed:
        return one.told.start < end and one.told.end > start
    return one.run.date is None or start <= one.told.start < end


def _stays(engine: Engine, subject: str, until: int) -> Iterator[Told]:
    for row in engine.rows("presence", "subject", [subject]).to_pylist():
        start = seconds(row["start"])
        end = until if row["end"] is None else seconds(row["end"])
        where = Where(Sphere.PLACE, row["place"])
        yield _told("presence", row, where, (start, max(start, end)), row["certainty"])


def _instants(engine: Engine, subject: str) -> Iterator[Told]:
    for row in engine.rows("event", "subject", [subject]).to_pylist():
        at, where = seconds(row["at"]), Where(Sphere.PLACE, row["place"])
        yield _told("event", row, where, (at, at), kind=row["kind"])


def _drives(engine: Engine, subject: str, until: int) -> Iterator[Told]:
    for row in engine.rows("occupancy", "subject", [subject]).to_pylist():
        start = seconds(row["start"])
        end = until if row["end"] is None else seconds(row["end"])
        where = Where(Sphere.VEHICLE, row["vehicle"])
        yield _told("occupancy", row, where, (start, max(start, end)))


def _seen(engine: Engine, drives: Iterable[Told]) -> list[Told]:
    of_vehicle: dict[str, list[Told]] = {}
    for one in drives:
        assert one.where is not None
        of_vehicle.setdefault(one.where.key, []).append(one)
    if not of_vehicle:
        return []
    found = []
    for row in engine.rows("sighting", "vehicle", sorted(of_vehicle)).to_pylist():
        at = seconds(row["at"])
        if any(one.start <= at < one.end for one in of_vehicle[row["vehicle"]]):
            where = Where(Sphere.PLACE, row["place"])
            found.append(_told("sighting", row, where, (at, at)))
    return found


def _rides(engine: Engine, subject: str, layouts: Mapping[str, Layout]) -> Iterator[Ridden]:
    rows = engine.rows("ride", "subject", [subject]).to_pylist()
    runs = runs_named(engine, {row["service"] for row in rows})
    of_key = {key: run for run in runs for key in run.keys}
    for row in rows:
        run = of_key[row["service"]]
        layout = layouts.get(run.layout) if run.layout is not None else None
        grade = grade_of(row["status"], {row["status"]})
        leg = leg_told(run, row, layout, aboard=True, certainty=grade)
        told = _told(
            "ride",
            row,
            Where(Sphere.RUN, run.keys[0]),
            _times(run, leg, engine.snapshot.zone),
            grade,
            kind=row["status"],
            detail=leg.seat.label if leg.seat.named or leg.seat.carriage else None,
        )
        yield Ridden(told, run, leg, row["status"])


def _times(run: Run, leg: Leg, zone: str) -> tuple[int, int]:
    """Of a ride without times: what is known of them, else the beginning of its day."""
    if leg.start is not None and leg.end is not None:
        return leg.start, leg.end
    day = span_of(run, zone)
    known = [at for at in (leg.start, leg.end) if at is not None]
    at = known[0] if known else 0 if day is None else day[0]
    return at, at


def _facts(engine: Engine, subject: str) -> Iterator[Told]:
    for row in engine.rows("test", "subject", [subject]).to_pylist():
        at, result = seconds(row["sampled"]), row["result"]
        yield _told("test", row, None, (at, at), kind=result, detail=row["sampled_precision"])


def _fixes(engine: Engine, case: str | None) -> list[Fix]:
    found = []
    for row in engine.rows("fix", "case", [] if case is None else [case]).to_pylist():
        at, radius = seconds(row["at"]), row["accuracy_m"]
        lat, lon = (round(row[name], 4) + 0.0 for name in ("lat", "lon"))
        key = f"{lat:.4f}, {lon:.4f} ±{radius:.0f} m"
        told = _told("fix", row, Where(Sphere.POSITION, key), (at, at), "assumed")
        found.append(Fix(told, Site(key, None, "", lat, lon, radius)))
    return sorted(found, key=lambda one: _order(one.told))


def _told(
    table: str,
    row: Row,
    where: Where | None,
    times: tuple[int, int],
    certainty: str | None = None,
    *,
    kind: str | None = None,
    detail: str | None = None,
) -> Told:
    return Told(
        table,
        row["source"],
        where,
        *times,
        certainty or "recorded",
        row["batch"],
        row["source_row"],
        kind,
        detail,
    )
