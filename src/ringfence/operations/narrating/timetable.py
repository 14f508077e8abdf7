"""A service that a narrative names, beside the timetable: a contradiction is a doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from ringfence.engines.question import Engine
from ringfence.errors import DataError, NotFound
from ringfence.narratives.lasting import Lasting
from ringfence.narratives.model import Doubt, Event
from ringfence.rides.runs import Run, run_of, runs_on
from ringfence.rides.stops import Stop
from ringfence.trace.local_days import day_end, day_start

NUMBERED = frozenset({"train", "aircraft", "coach", "ship"})
"""Means whose code and day name one run."""
_NEAR = timedelta(minutes=15)
_ABOUT = timedelta(minutes=60)
_STATION = re.compile(
    r"(?:火车站|高铁站|汽车站|客运站|站|国际机场|机场| (?:railway )?station| airport)$"
)


@dataclass(frozen=True)
class Aboard:
    """`service`: the key of the run as records name it. `origin`, `to`: as its stops are called,
    where they are its stops, else as they are written.
    """

    service: str
    origin: str | None
    to: str | None
    doubts: tuple[Doubt, ...] = ()


def aboard(engine: Engine, event: Event, when: Lasting) -> Aboard | None:
    """None: no run that has a number of its own, or no day."""
    day = event.day
    if event.means not in NUMBERED or event.service is None or day is None:
        return None
    if day.year is None or not day.real:
        return None
    told = date(day.year, day.month, day.day)
    numbers = event.service.split("/")
    run = _run(engine, event, told, numbers)
    if run is None:
        timetabled = any(one.kind == event.means for one in runs_on(engine, {told}))
        doubts = (Doubt.UNKNOWN_SERVICE,) if timetabled else ()
        return Aboard(f"{event.means}-{numbers[0]}-{told}", event.origin, event.to, doubts)
    on, off = _stop(run, event.origin), _stop(run, event.to)
    return Aboard(
        run.keys[0],
        event.origin if on is None else on.station,
        event.to if off is None else off.station,
        tuple(_doubts(run, event, when, on, off)),
    )


def _run(engine: Engine, event: Event, told: date, numbers: list[str]) -> Run | None:
    """Of that day, or of the evening before where it calls at the station after midnight."""
    for number in numbers:
        for day in (told, told - timedelta(days=1)):
            try:
                run = run_of(engine, number, day)
            except (NotFound, DataError):
                continue
            if day == told or _calls_on(run, event.origin, day + timedelta(days=1), engine):
                return run
    return None


def _calls_on(run: Run, station: str | None, day: date, engine: Engine) -> bool:
    stop = _stop(run, station)
    if stop is None or stop.depart is None:
        return False
    zone = engine.snapshot.zone
    return day_start(day, zone).timestamp() <= stop.depart < day_end(day, zone).timestamp()


def _stop(run: Run, written: str | None) -> Stop | None:
    if written is None:
        return None
    wanted = _plain(written)
    found = [one for one in run.stops if _plain(one.station) == wanted]
    return found[0] if len(found) == 1 else None


def _plain(station: str) -> str:
    return _STATION.sub("", station.strip().casefold())


def _doubts(
    run: Run, event: Event, when: Lasting, on: Stop | None, off: Stop | None
) -> list[Doubt]:
    found = []
    if run.stops and ((event.origin and on is None) or (event.to and off is None)):
        found.append(Doubt.NOT_ITS_STATION)
    leaves = on.depart if on is not None else None
    reaches = off.arrive if off is not None else None
    for told, clock, known in (
        (when.start, event.start, leaves),
        (when.end if when.told else None, event.end, reaches),
    ):
        if told is None or clock is None or known is None:
            continue
        if abs(told.timestamp() - known) > (_ABOUT if clock.about else _NEAR).total_seconds():
            found.append(Doubt.NOT_ITS_TIME)
    return list(dict.fromkeys(found))
