"""Runs of a day and their stops: canonical tables of carriers."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence_city.observe.rows import Numbers, services
from ringfence_city.truth import keys, lines, travel
from ringfence_city.truth.city import DAY, City, Int64
from ringfence_city.writing import instants

_BUS, _METRO, _TRAIN = range(3)
_KINDS = ("bus", "metro", "train")


def service_table(city: City, day: int) -> pa.Table:
    told = lines.runs(city, day)
    number = np.arange(told.count)
    line = number // lines.RUNS_OF_A_LINE
    kind = np.where(line < told.bus_lines, _BUS, np.where(line < told.lines, _METRO, _TRAIN))
    public = [
        [_public_number(told, int(kind_of), int(n))]
        for kind_of, n in zip(kind, np.where(kind == _TRAIN, number, line), strict=True)
    ]
    date = city.asked.first_day + timedelta(days=day)
    return pa.table(
        {
            "service": services(np.full(told.count, day), number),
            "kind": keys.coded(kind.astype(np.int32), pa.array(_KINDS)),
            "date": pa.array([date] * told.count, pa.date32()),
            "numbers": pa.array(public, pa.list_(pa.string())),
        }
    )


def _public_number(told: lines.Runs, kind: int, number: int) -> str:
    if kind == _TRAIN:
        return f"G{number - told.first_train + 1}"
    return f"B{number + 1}" if kind == _BUS else f"M{number - told.bus_lines + 1}"


def stop_table(city: City, day: int) -> pa.Table:
    """Stops in the order in which a run comes to them."""
    told = lines.runs(city, day)
    on_line = np.repeat(np.arange(told.first_train), lines.STOPS)
    seq = np.tile(np.arange(lines.STOPS), told.first_train)
    line, run = on_line // lines.RUNS_OF_A_LINE, on_line % lines.RUNS_OF_A_LINE
    backward = run % 2 == 1
    stop = np.where(backward, lines.STOPS - 1 - seq, seq)
    at = lines.FIRST_RUN + lines.INTERVAL * run + lines.HOP * seq
    trains = np.repeat(np.arange(told.first_train, told.count), 2)
    train_seq = np.tile([0, 1], told.count - told.first_train)
    leaves = _train_leaves(told)[trains - told.first_train]
    number = np.concatenate([on_line, trains])
    every = np.concatenate([seq, train_seq])
    minute = day * DAY + np.concatenate([at, leaves + lines.TRAIN_MINUTES * train_seq])
    last = np.concatenate([seq == lines.STOPS - 1, train_seq == 1])
    count = told.lines * lines.STOPS
    stations = [f"L{n // lines.STOPS + 1}-{n % lines.STOPS + 1}" for n in range(count)]
    stations += ["central", "elsewhere"]
    elsewhere = (train_seq == 1) != _inbound(told)[trains - told.first_train]
    station = np.concatenate([line * lines.STOPS + stop, count + elsewhere])
    return pa.table(
        {
            "service": services(np.full(len(number), day), number),
            "seq": pa.array(every, pa.int64()),
            "station": keys.coded(station.astype(np.int32), pa.array(stations)),
            "arrive": _instants(city, minute, every == 0),
            "depart": _instants(city, minute, last),
        }
    )


def _instants(city: City, minute: Numbers, missing: Numbers) -> pa.Array:
    told = instants(city.asked, minute)
    return pc.if_else(pa.array(missing), pa.scalar(None, told.type), told)


def _inbound(told: lines.Runs) -> Numbers:
    """Trains out in the morning, those in; those that bring visitors, those that take them."""
    counts = (told.trains, told.trains, told.visitor_trains, told.visitor_trains)
    return np.repeat([False, True, True, False], counts)


def _train_leaves(told: lines.Runs) -> Int64:
    """Minute at which each train leaves its first station."""
    day = np.arange(told.trains)
    visits = np.arange(told.visitor_trains)
    return np.concatenate(
        [
            travel.departure(day, told.trains),
            travel.arrival(day, told.trains) - lines.TRAIN_MINUTES,
            travel.visitor_arrival(visits, told.visitor_trains) - lines.TRAIN_MINUTES,
            travel.visitor_departure(visits, told.visitor_trains),
        ]
    ).astype(np.int64)
