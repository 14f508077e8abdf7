"""Runs and stops as canonical tables; keys of runs and vehicles."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence_city.chance import Chance
from ringfence_city.clock import instants
from ringfence_city.truth import keys, lines, week
from ringfence_city.truth.city import DAY, City
from ringfence_city.truth.far_runs import far_runs
from ringfence_city.truth.fleet import fleet
from ringfence_city.truth.long_distance import LEGS
from ringfence_city.truth.seats import VEHICLES

_STATIONS = tuple(dict.fromkeys(name for leg in LEGS for name in (*leg.stations, *leg.risky)))

_ON_TIME, _MOST_LATE = 30, 10
"""Of 40 runs to other places, how many are on time; the others are late by 1 to 9 minutes."""


def run_keys(city: City, day: int) -> pa.Array:
    """Keys of the runs of a day, by their number."""
    told = lines.runs(city, day)
    today = week.date_of(city.asked.first_day, day)
    date = f"{today:%Y%m%d}"
    names = [f"bus-{line}" for line in range(told.bus_lines)]
    names += [f"metro-{line}" for line in range(told.lines - told.bus_lines)]
    every = np.arange(told.first_far)
    line = pa.array(names).take(pa.array(every // lines.RUNS_OF_A_LINE))
    number = pc.cast(pa.array(every % lines.RUNS_OF_A_LINE), pa.string())
    runs = pc.binary_join_element_wise(line, date, number, "-")
    far = [f"{one.vehicle.kind}-{one.number}-{today.isoformat()}" for one in far_runs(told)]
    return pa.concat_arrays([runs, pa.array(far, pa.string())])


def services(city: City, day: int) -> pa.Table:
    """The canonical service table of a day."""
    told = lines.runs(city, day)
    metro = np.arange(told.first_far) >= told.bus_lines * lines.RUNS_OF_A_LINE
    far = far_runs(told)
    vehicle = np.array([VEHICLES.index(one.vehicle) for one in far])
    kinds = ["bus", "metro", *(one.kind for one in VEHICLES)]
    none = np.full(told.first_far, -1)
    date = week.date_of(city.asked.first_day, day)
    return pa.table(
        {
            "service": run_keys(city, day),
            "kind": keys.coded(np.r_[metro, 2 + vehicle], pa.array(kinds)),
            "date": pa.array([date]).take(pa.array(np.zeros(told.count, np.int64))),
            "numbers": _numbers(told),
            "layout": keys.coded(np.r_[none, vehicle], pa.array([v.layout for v in VEHICLES])),
            "sealed": pa.array([*metro.tolist(), *(one.sealed for one in far)]),
            "hepa": pa.array([*(none > 0).tolist(), *(one.vehicle.hepa for one in far)]),
        }
    )


def _numbers(told: lines.Runs) -> pa.Array:
    """Public numbers: of the line, or of the run."""
    names = [f"{line + 1}路" for line in range(told.bus_lines)]
    names += [f"M{line + 1}" for line in range(told.lines - told.bus_lines)]
    names += [one.number for one in far_runs(told)]
    every = np.arange(told.first_far) // lines.RUNS_OF_A_LINE
    index = np.r_[every, told.lines + np.arange(told.count - told.first_far)]
    flat = pa.array(names).take(pa.array(index))
    return pa.ListArray.from_arrays(pa.array(np.arange(told.count + 1, dtype=np.int32)), flat)


def stops(city: City, day: int) -> pa.Table:
    """The canonical stop table of a day. What goes to other places may be late; buses never are."""
    told = lines.runs(city, day)
    every = np.repeat(np.arange(told.first_far), lines.STOPS)
    seq = np.tile(np.arange(lines.STOPS), told.first_far)
    line, run = every // lines.RUNS_OF_A_LINE, every % lines.RUNS_OF_A_LINE
    stop = np.where(run % 2 == 0, seq, lines.STOPS - 1 - seq)
    names = [f"stop-{number}-{own}" for number in range(told.lines) for own in range(lines.STOPS)]
    far = far_runs(told)
    calls = [len(one.stations) for one in far]
    station = [_STATIONS.index(name) for one in far for name in one.stations]
    run_number = np.r_[every, np.repeat(np.arange(told.first_far, told.count), calls)]
    both = np.r_[seq, [number for count in calls for number in range(count)]]
    last = np.r_[np.full(told.first_far, lines.STOPS), calls][run_number] - 1
    stations = np.r_[line * lines.STOPS + stop, len(names) + np.array(station)]
    at = lines.FIRST_RUN + lines.INTERVAL * run + lines.HOP * seq
    told_at = np.r_[at, [minute for one in far for minute in one.minutes]] + day * DAY
    late = Chance.of(city.asked.seed, "late run").below(_ON_TIME + _MOST_LATE, run_number, day)
    planned = told_at - np.where(run_number < told.first_far, 0, np.maximum(late - _ON_TIME, 0))
    return pa.table(
        {
            "service": keys.coded(run_number, run_keys(city, day)),
            "seq": pa.array(both, pa.int64()),
            "station": keys.coded(stations, pa.array([*names, *_STATIONS])),
            "arrive": instants(city.asked, planned, missing=both == 0),
            "depart": instants(city.asked, planned, missing=both == last),
            "actual_arrive": instants(city.asked, told_at, missing=both == 0),
            "actual_depart": instants(city.asked, told_at, missing=both == last),
            "cancelled": pa.array(np.zeros(len(both), bool)),
        }
    )


def vehicle_keys(city: City) -> pa.Array:
    """Keys of taxis, then of lorries."""
    told = fleet(city.residents)
    return pa.array(
        [f"taxi-{number}" for number in range(told.taxis)]
        + [f"lorry-{number}" for number in range(told.lorries)]
    )
