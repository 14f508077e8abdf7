"""Runs and stops as canonical tables; keys of runs and vehicles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence_city.clock import instants
from ringfence_city.truth import keys, lines, travel, week
from ringfence_city.truth.city import DAY, City, Int64
from ringfence_city.truth.fleet import fleet

_HERE, _RISK, _ELSEWHERE = "环渭", "临江", "远山"
_STATIONS = (_HERE, _RISK, _ELSEWHERE)
"""This city's, that of the risk area, that of all others."""


def run_keys(city: City, day: int) -> pa.Array:
    """Keys of the runs of a day, by their number."""
    told = lines.runs(city, day)
    today = week.date_of(city.asked.first_day, day)
    date = f"{today:%Y%m%d}"
    names = [f"bus-{line}" for line in range(told.bus_lines)]
    names += [f"metro-{line}" for line in range(told.lines - told.bus_lines)]
    every = np.arange(told.first_train)
    line = pa.array(names).take(pa.array(every // lines.RUNS_OF_A_LINE))
    number = pc.cast(pa.array(every % lines.RUNS_OF_A_LINE), pa.string())
    runs = pc.binary_join_element_wise(line, date, number, "-")
    trains = [f"train-{name}-{today.isoformat()}" for name in _train_names(told)]
    return pa.concat_arrays([runs, pa.array(trains, pa.string())])


def _train_names(told: lines.Runs) -> list[str]:
    return [
        *(f"D{number + 1}" for number in range(told.trains)),
        *(f"E{number + 1}" for number in range(told.trains)),
        *(f"G{number + 1}" for number in range(told.visitor_trains)),
        *(f"H{number + 1}" for number in range(told.visitor_trains)),
    ]


def services(city: City, day: int) -> pa.Table:
    """The canonical service table of a day."""
    told = lines.runs(city, day)
    every = np.arange(told.count)
    train = every >= told.first_train
    metro = (every >= told.bus_lines * lines.RUNS_OF_A_LINE) & ~train
    kind = np.where(train, 2, np.where(metro, 1, 0))
    date = week.date_of(city.asked.first_day, day)
    own = run_keys(city, day)
    return pa.table(
        {
            "service": own,
            "kind": keys.coded(kind, pa.array(["bus", "metro", "train"])),
            "date": pa.array([date]).take(pa.array(np.zeros(told.count, np.int64))),
            "numbers": _numbers(told),
            "sealed": pa.array(metro | train),
            "hepa": pa.array(np.zeros(told.count, bool)),
        }
    )


def _numbers(told: lines.Runs) -> pa.Array:
    """Public numbers: of the line, or of the train."""
    names = [f"{line + 1}路" for line in range(told.bus_lines)]
    names += [f"M{line + 1}" for line in range(told.lines - told.bus_lines)]
    names += _train_names(told)
    every = np.arange(told.first_train) // lines.RUNS_OF_A_LINE
    index = np.r_[every, told.lines + np.arange(told.count - told.first_train)]
    flat = pa.array(names).take(pa.array(index))
    return pa.ListArray.from_arrays(pa.array(np.arange(told.count + 1, dtype=np.int32)), flat)


def stops(city: City, day: int) -> pa.Table:
    """The canonical stop table of a day: planned and real times are alike."""
    told = lines.runs(city, day)
    every = np.repeat(np.arange(told.first_train), lines.STOPS)
    seq = np.tile(np.arange(lines.STOPS), told.first_train)
    line, run = every // lines.RUNS_OF_A_LINE, every % lines.RUNS_OF_A_LINE
    stop = np.where(run % 2 == 0, seq, lines.STOPS - 1 - seq)
    station = line * lines.STOPS + stop
    at = lines.FIRST_RUN + lines.INTERVAL * run + lines.HOP * seq
    names = [f"stop-{number}-{own}" for number in range(told.lines) for own in range(lines.STOPS)]
    trains = np.arange(told.first_train, told.count)
    begins, origin, goal = _train_times(told, trains - told.first_train)
    base = len(names)
    run_number = np.r_[every, np.repeat(trains, 2)]
    both = np.r_[seq, np.tile([0, 1], len(trains))]
    stations = np.r_[station, base + np.stack([origin, goal], axis=1).ravel()]
    minute = np.r_[at, np.stack([begins, begins + lines.TRAIN_MINUTES], axis=1).ravel()]
    last = np.r_[seq == lines.STOPS - 1, np.tile([False, True], len(trains))]
    told_at = minute + day * DAY
    arrive = instants(city.asked, told_at, missing=both == 0)
    depart = instants(city.asked, told_at, missing=last)
    return pa.table(
        {
            "service": keys.coded(run_number, run_keys(city, day)),
            "seq": pa.array(both, pa.int64()),
            "station": keys.coded(stations, pa.array([*names, *_STATIONS])),
            "arrive": arrive,
            "depart": depart,
            "actual_arrive": arrive,
            "actual_depart": depart,
            "cancelled": pa.array(np.zeros(len(both), bool)),
        }
    )


@dataclass(frozen=True)
class Trains:
    """Runs of a day from `first` on: public numbers, stations of departure and of arrival."""

    first: int
    numbers: pa.StringArray
    origins: pa.StringArray
    goals: pa.StringArray


def trains(city: City, day: int) -> Trains:
    told = lines.runs(city, day)
    _, origin, goal = _train_times(told, np.arange(told.count - told.first_train))
    stations = pa.array(_STATIONS)
    return Trains(
        told.first_train,
        pa.array(_train_names(told), pa.string()),
        stations.take(pa.array(origin)),
        stations.take(pa.array(goal)),
    )


def _train_times(told: lines.Runs, train: Int64) -> tuple[Int64, Int64, Int64]:
    """Minute of departure, station of departure and of arrival (0 here, 1 risk area, 2 elsewhere)
    of each train, counted from the first.
    """
    visiting = train - 2 * told.trains
    number = np.where(visiting >= 0, visiting % told.visitor_trains, train % told.trains)
    out = lines.TRAIN_MINUTES
    begins = np.select(
        [train < told.trains, visiting < 0, visiting < told.visitor_trains],
        [
            travel.departure(number, told.trains),
            travel.arrival(number, told.trains) - out,
            travel.visitor_arrival(number, told.visitor_trains) - out,
        ],
        travel.visitor_departure(number, told.visitor_trains),
    )
    risky = np.where((visiting >= 0) & (number % travel.ORIGINS == 0), 1, 2)
    incoming = ((visiting < 0) & (train >= told.trains)) | (
        (visiting >= 0) & (visiting < told.visitor_trains)
    )
    return begins, np.where(incoming, risky, 0), np.where(incoming, 0, risky)


def vehicle_keys(city: City) -> pa.Array:
    """Keys of taxis, then of lorries."""
    told = fleet(city.residents)
    return pa.array(
        [f"taxi-{number}" for number in range(told.taxis)]
        + [f"lorry-{number}" for number in range(told.lorries)]
    )
