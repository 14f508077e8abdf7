"""On which runs records tell that somebody rode: whom a list of passengers can be asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
    """One ride of one person."""

    run: Run
    leg: Leg

    @property
    def stations(self) -> str:
        return words.stations(self.run, self.leg.board, self.leg.alight)


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
        found += [OwnRide(run, leg) for leg in legs]
    return tuple(sorted(found, key=_departs, reverse=True))


def _departs(one: OwnRide) -> tuple[str, int]:
    day = one.run.date
    return day.isoformat() if day is not None else "", -(one.leg.board or 0)
