"""One run of a vehicle: its numbers, its kind, and when it was where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.engines.question import Engine
from ringfence.errors import DataError, NotFound
from ringfence.records.vocabularies import SERVICE_KINDS
from ringfence.rides.stops import Stop, stops_of

Row = Mapping[str, Any]
T = TypeVar("T")
_GOES = {"ship": timedelta(days=31)}
_GOES_ELSE = timedelta(days=3)
"""How long a run may go on for of which no timetable is known."""
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_MOST_NAMED = 8


@dataclass(frozen=True)
class Run:
    """`keys`: under which records name it: of one train under two numbers there are several.
    `kind`, `date`: None where neither a register nor the key itself tells. `stops`: in order; empty
    where no timetable is known, without times where they cannot be (`unsound`: at which stop).
    """

    keys: tuple[str, ...]
    kind: str | None
    date: date | None
    numbers: tuple[str, ...]
    layout: str | None = None
    sealed: bool | None = None
    hepa: bool | None = None
    stops: tuple[Stop, ...] = ()
    unsound: int | None = None

    @property
    def name(self) -> str:
        return "/".join(self.numbers)

    def stop(self, seq: int) -> Stop | None:
        return next((one for one in self.stops if one.seq == seq), None)

    def seq_of(self, station: str | None) -> int | None:
        """None: it calls there never, or more than once."""
        found = [one.seq for one in self.stops if one.station == station]
        return found[0] if len(found) == 1 else None


def runs_on(engine: Engine, days: Collection[date]) -> list[Run]:
    """The runs that depart on these local days, by key, as registers tell them; without stops."""
    return _told_of(_registered(engine, days))


def _registered(engine: Engine, days: Collection[date]) -> pa.Table:
    rows = engine.rows("service", "service", None)
    return rows.filter(pc.is_in(rows["date"], value_set=pa.array(sorted(days), pa.date32())))


def _that_bear(rows: pa.Table, wanted: str, name: str) -> pa.Table:
    """All that is told of the runs with this number (in capitals), key, or spoken name."""
    numbers = rows["numbers"].combine_chunks()
    spoken = _spoken(name).numbers[0].upper()
    named = pc.is_in(pc.utf8_upper(pc.list_flatten(numbers)), value_set=pa.array([wanted, spoken]))
    keys = rows["service"].take(pc.list_parent_indices(numbers).filter(named))
    values = pa.concat_arrays([keys.combine_chunks(), pa.array([name])])
    return rows.filter(pc.is_in(rows["service"], value_set=values))


def _told_of(rows: pa.Table) -> list[Run]:
    of_key: dict[str, list[Row]] = {}
    for row in rows.to_pylist():
        of_key.setdefault(row["service"], []).append(row)
    return [_told(key, told) for key, told in sorted(of_key.items())]


def run_of(engine: Engine, name: str, day: date) -> Run:
    """The run of this number, or key, on this local day of departure. One that only tickets name
    has neither stops nor layout.

    NotFound: none. DataError: two of one number; each is named by its key.
    """
    wanted = name.upper()
    there = _told_of(_that_bear(_registered(engine, {day}), wanted, name))
    found = [run for run in there if name in run.keys]
    found = found or [run for run in there if wanted in {one.upper() for one in run.numbers}]
    if len(found) > 1:
        keys = sorted(run.keys[0] for run in found)
        some = [*keys[:_MOST_NAMED], *(["…"] if len(keys) > _MOST_NAMED else [])]
        raise DataError(
            f"{len(keys)} services have this number on {day}: name one by its key: "
            f"{', '.join(some)}",
            f"{day} 有 {len(keys)} 个班次使用该编号：请用班次编号指定其一：{'、'.join(some)}",
        )
    if found:
        return with_stops(engine, found[0])
    keys = [f"{kind}-{wanted}-{day}" for kind in SERVICE_KINDS]
    rows = engine.rows("ride", "service", keys)
    named = set(rows["service"].to_pylist())
    for kind, key in zip(SERVICE_KINDS, keys, strict=True):
        if key in named:
            return Run((key,), kind, day, (wanted,))
    raise NotFound(
        f"nothing is known of a service of this number that departs on {day}: import its timetable"
        " or its tickets",
        f"没有 {day} 始发的该车次（航班）的任何记录：请先导入时刻表或客票",
    )


def span_of(run: Run, zone: str) -> tuple[int, int] | None:
    """Epoch seconds within which the run goes: as its stops say, as far as they are timed; None:
    its day is not known. `zone`: of its day of departure.
    """
    if run.date is None:
        return None
    midnight = datetime.combine(run.date, time(), ZoneInfo(zone))
    longest = _GOES.get(run.kind or "", _GOES_ELSE)
    start, end = int(midnight.timestamp()), int((midnight + longest).timestamp())
    if not run.stops:
        return start, end
    times = [at for one in run.stops for at in (one.arrive, one.depart) if at is not None]
    leaves, reaches = run.stops[0].depart, run.stops[-1].arrive
    return (
        min([start, *times]) if leaves is None else leaves,
        max([end, *times]) if reaches is None else reaches,
    )


def runs_named(engine: Engine, keys: Set[str]) -> list[Run]:
    """The runs that records name by these keys, with their stops; each run once."""
    runs = _told_of(engine.rows("service", "service", sorted(keys)))
    left = {key: _spoken(key) for key in keys - {run.keys[0] for run in runs}}
    days = {run.date for run in left.values() if run.date is not None}
    registered = runs_on(engine, days) if days else []
    for key, alone in sorted(left.items()):
        found = [run for run in registered if key in run.keys]
        runs += found if len(found) == 1 else [alone]
    runs = list({run.keys: run for run in runs}.values())
    return [with_stops(engine, run) for run in runs]


def contested(engine: Engine, runs: Iterable[Run], keys: Collection[str]) -> frozenset[str]:
    """Those of `keys` that stand for several registered runs: which one is not known."""
    spoken = [run for run in runs if any(key in keys for key in run.keys[1:])]
    days = {run.date for run in spoken if run.date is not None}
    claims = (
        Counter(key for run in runs_on(engine, days) for key in run.keys) if days else Counter()
    )
    return frozenset(key for key in keys if claims[key] > 1)


def _spoken(key: str) -> Run:
    """What a key says by itself, where channels that know no register made it."""
    kind, _, rest = key.partition("-")
    number, day = rest[:-11], rest[-10:]
    try:
        if kind in SERVICE_KINDS and number and rest[-11] == "-":
            told = date.fromisoformat(day)
            if _FIRST_YEAR <= told.year < _LAST_YEAR:
                return Run((key,), kind, told, (number,))
    except ValueError:
        pass
    return Run((key,), None, None, (key,))


def with_stops(engine: Engine, run: Run) -> Run:
    rows = engine.rows("stop", "service", list(run.keys)).to_pylist()
    stops, unsound = stops_of(rows, run.kind, run.date, engine.snapshot.zone)
    return replace(run, stops=stops, unsound=unsound)


def _told(key: str, told: Sequence[Row]) -> Run:
    rows = sorted(told, key=lambda row: str(row["source"]))
    first = rows[0]
    numbers = tuple(dict.fromkeys(one for row in rows for one in row["numbers"]))
    return Run(
        tuple(dict.fromkeys([key, *keys_of({**first, "numbers": numbers})])),
        first["kind"],
        first["date"],
        numbers,
        next((row["layout"] for row in rows if row["layout"]), None),
        _agreed(row["sealed"] for row in rows),
        _agreed(row["hepa"] for row in rows),
    )


def keys_of(row: Row) -> list[str]:
    """By which keys channels that know no register name the run of a row of `service`."""
    return [f"{row['kind']}-{number}-{row['date']}" for number in row["numbers"]]


def _agreed(words: Iterable[T | None]) -> T | None:
    told = {word for word in words if word is not None}
    return told.pop() if len(told) == 1 else None
