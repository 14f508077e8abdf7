"""The day's runs to other places: number, stations and minutes of each, in the order of `lines`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfence_city.truth import long_distance, travel
from ringfence_city.truth.lines import Runs
from ringfence_city.truth.long_distance import LEGS, SINCE, WAYS
from ringfence_city.truth.seats import Vehicle


@dataclass(frozen=True)
class FarRun:
    """`number` as the carrier prints it; `minutes` of the day at each of `stations`."""

    vehicle: Vehicle
    number: str
    sealed: bool
    stations: tuple[str, ...]
    minutes: tuple[int, ...]


def far_runs(told: Runs) -> list[FarRun]:
    """Of the day whose runs are `told`, from number `told.first_far` on."""
    residents = [
        one for way in range(WAYS) for one in _of_way(way, told.resident_lines, visitors=False)
    ]
    visitors = [
        one for way in range(WAYS) for one in _of_way(way, told.visitor_lines, visitors=True)
    ]
    return residents + visitors


def _of_way(way: int, lines: int, *, visitors: bool) -> list[FarRun]:
    leg, back = divmod(way, 2)
    every = np.arange(lines)
    hour = travel.hour(every, lines, back=bool(back), visitors=visitors)
    begins = long_distance.begins(np.full(lines, leg), hour, back=bool(back)).tolist()
    found = []
    for line in every.tolist():
        risky = visitors and line % travel.ORIGINS == 0
        stations = long_distance.stations(leg, back=bool(back), risky=risky)
        since = SINCE[back, leg, : len(stations)]
        found.append(
            FarRun(
                LEGS[leg].vehicle,
                long_distance.number_of(way, line, visitors=visitors),
                visitors or LEGS[leg].sealed,
                stations,
                tuple((begins[line] + since).tolist()),
            )
        )
    return found
