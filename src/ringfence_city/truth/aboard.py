"""Who interacted aboard a run or in a vehicle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfence_city.chance import Chance, bits, part
from ringfence_city.truth import seats
from ringfence_city.truth.city import DAY, ROLE_OF, SETTING_OF, City, Int32, Int64, Met
from ringfence_city.truth.fleet import fleet
from ringfence_city.truth.journeys import BOARDED, Occupancies, Rides
from ringfence_city.truth.lines import RUNS_OF_A_LINE, runs
from ringfence_city.truth.overlapping import overlapping

_PARTS = 20
"""Parts of a bus or carriage within which people may interact."""
_SPOTS = 64
"""More than any carriage has parts or rows."""
_ABOARD, _SIDE_BY_SIDE, _IN_A_CAR = 500, 600, 900
"""Of 1,000 pairs: of one part, of one row, of one vehicle."""
_DRIVER = ROLE_OF["driver"]


def met_aboard(city: City, told: Rides, day: int) -> Met:
    """Pairs of `told` (all of `day`) who interacted aboard, sorted by pair; `place` is -1."""
    told = _boarded(told)
    count = runs(city, day)
    far = told.run >= count.first_far
    draw = Chance.of(city.asked.seed, "aboard")
    drawn = draw.below(_PARTS, told.person, told.run, told.board_seq)
    spot = np.where(far, seats.LINE[told.seat], drawn)
    cell = np.maximum(seats.CARRIAGE[told.seat], 0).astype(np.int64) * _SPOTS + spot + 1
    key = told.run.astype(np.int64) * 4_096 + np.where(told.role == _DRIVER, 0, cell)
    chance = np.where(far, _SIDE_BY_SIDE, _ABOARD)
    below = told.run < count.bus_lines * RUNS_OF_A_LINE
    bus = np.where(below, SETTING_OF["bus"], SETTING_OF["metro"])
    setting = np.where(far, seats.SETTING[seats.VEHICLE[told.seat]], bus)
    return _pairs(city, _Aboard(key, told.person, told.board, told.alight, chance, setting), day)


def _boarded(told: Rides) -> Rides:
    aboard = told.status == BOARDED
    return told if aboard.all() else Rides(*(column[aboard] for column in vars(told).values()))


def met_in_vehicles(city: City, told: Occupancies, day: int) -> Met:
    """Drivers and passengers of taxis."""
    taxi = told.vehicle < fleet(city.residents).taxis
    key = np.where(taxi, told.vehicle, -1 - np.arange(len(told.vehicle))).astype(np.int64)
    chance = np.full(len(key), _IN_A_CAR)
    setting = np.full(len(key), SETTING_OF["car"])
    return _pairs(city, _Aboard(key, told.person, told.start, told.end, chance, setting), day)


@dataclass(frozen=True)
class _Aboard:
    """Persons and when they were in which part (`key`) of a vehicle."""

    key: Int64
    person: Int32
    start: Int32
    end: Int32
    chance: Int64
    setting: Int64


def _pairs(city: City, told: _Aboard, day: int) -> Met:
    person, start, end = told.person, told.start, told.end
    order = np.lexsort((person, start, told.key))
    one, two = overlapping(told.key[order], start[order], end[order])
    one, two = order[one], order[two]
    low, high = np.minimum(person[one], person[two]), np.maximum(person[one], person[two])
    begin = np.maximum(start[one], start[two])
    word = Chance.of(city.asked.seed, "met/aboard").words(low, high, begin)
    chosen = ((bits(word, 0) * 1_000 >> 16) < told.chance[one]) & (low != high)
    one, two, low, high, begin, word = (
        column[chosen] for column in (one, two, low, high, begin, word)
    )
    finish = np.minimum(end[one], end[two])
    minute = begin.astype(np.int64) - day * DAY
    sorted_ = np.lexsort((minute, high, low))
    n = len(low)
    touches = part(word, 2, 100) < 10
    return Met(
        low[sorted_].astype(np.int32),
        high[sorted_].astype(np.int32),
        np.full(n, -1, np.int32),
        begin[sorted_].astype(np.int32),
        finish[sorted_].astype(np.int32),
        np.where(touches, 5, 6 + part(word, 3, 15))[sorted_].astype(np.int16),
        touches[sorted_].astype(np.int8),
        np.ones(n, np.int8),
        told.setting[one][sorted_].astype(np.int8),
    )
