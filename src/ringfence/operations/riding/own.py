"""On which runs records tell that somebody rode: whom a list of passengers can be asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ringfence.engines.persons import person_of
from ringfence.engines.question import EngineMaker
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.operations.riding import words
from ringfence.rides.catalogue import layouts
from ringfence.rides.legs import Leg, legs_of
from ringfence.rides.runs import Run, runs_named


@dataclass(frozen=True)
class OwnRide:
    """One ride of one person. `stations`: as the timetable names them, else as the record does."""

    run: Run
    leg: Leg
    stations: str


def rides_of(
    home: Home, subject: str, *, make_engine: EngineMaker, now: datetime
) -> tuple[OwnRide, ...]:
    """Of a case's person, the latest run first, on each in the order of stops; whoever asks has
    seen to it that it is one. Not those on which the person is known not to have been.
    """
    known = snapshot(home, now)
    engine = make_engine(known)
    rows = engine.rows("ride", "subject", [person_of(known.persons, subject)]).to_pylist()
    if not rows:
        return ()
    known_layouts = layouts(home.layouts)
    found = []
    for run in runs_named(engine, {row["service"] for row in rows}):
        own = [row for row in rows if row["service"] in run.keys]
        layout = known_layouts.get(run.layout) if run.layout is not None else None
        legs = sorted(legs_of(run, own, layout), key=lambda leg: leg.board or 0)
        told = {(row["batch"], row["source_row"]): row for row in own}
        found += [OwnRide(run, leg, _way(run, leg, told[leg.batch, leg.row])) for leg in legs]
    return tuple(sorted(found, key=_departs, reverse=True))


def _way(run: Run, leg: Leg, row: Mapping[str, Any]) -> str:
    ends = ((leg.board, row["from"]), (leg.alight, row["to"]))
    return "–".join(words.station(run, seq, named) for seq, named in ends)


def _departs(one: OwnRide) -> tuple[str, int]:
    day = one.run.date
    return day.isoformat() if day is not None else "", -(one.leg.board or 0)
