"""Trains, flights and coaches to other places: which runs a day has, from stop to stop.

Travellers have lines; on each leg a line has one run out in the day and one run back. Beyond the
place where a train ends, another goes on: who changes there is aboard both, one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfence_city.truth import seats
from ringfence_city.truth.city import Int64, Truths
from ringfence_city.truth.seats import AIRCRAFT, COACH, TRAIN, VEHICLES, Vehicle

CHANGE = 25
"""Minutes between the arrival of a train and the departure of the one that goes on."""
_TRAIN_MINUTES = 95


@dataclass(frozen=True)
class Leg:
    """`stations` from this city outward, `risky` those of a line to the risk area; `minutes`
    between them. `number`: letters and first of its runs' public numbers. `leaves`: minutes by
    which the run out departs after its line's hour of leaving. `comes`: minutes by which the run
    back arrives after its line's hour of coming. `sealed`: of residents; all of visitors are.
    """

    vehicle: Vehicle
    number: tuple[str, int]
    stations: tuple[str, ...]
    risky: tuple[str, ...]
    minutes: tuple[int, ...]
    leaves: int
    comes: int
    sealed: bool = True


RAIL, COACHES, FLIGHTS, BEYOND = range(4)
LEGS = (
    Leg(TRAIN, ("D", 1001), ("环渭", "远山"), ("环渭", "临江"), (_TRAIN_MINUTES,), 0, 0),
    Leg(
        COACH,
        ("HW", 1001),
        ("环渭客运站", "清溪客运站", "远山客运站"),
        ("环渭客运站", "清溪客运站", "临江客运站"),
        (40, 45),
        20,
        -30,
        sealed=False,
    ),
    Leg(AIRCRAFT, ("ZZ", 1001), ("环渭机场", "远山机场"), ("环渭机场", "临江机场"), (110,), 45, 20),
    Leg(
        TRAIN,
        ("D", 3001),
        ("远山", "雪岭"),
        ("临江", "临江港"),
        (60,),
        _TRAIN_MINUTES + CHANGE,
        -_TRAIN_MINUTES - CHANGE,
    ),
)
WAYS = 2 * len(LEGS)
"""Runs of a line on a day: of each leg one out, then one back."""

_OF_VISITORS = 4_000
"""What the numbers of visitors' runs are higher by than those of residents."""

_MOST_STOPS = max(len(leg.stations) for leg in LEGS)


def _since(*, back: bool) -> Int64:
    """Minutes from the first departure to each stop; one row a leg."""
    told = np.zeros((len(LEGS), _MOST_STOPS), dtype=np.int64)
    for number, leg in enumerate(LEGS):
        passed = np.cumsum([0, *(leg.minutes[::-1] if back else leg.minutes)])
        told[number, : len(passed)] = passed
    return told


LAST: Int64 = np.array([len(leg.minutes) for leg in LEGS], dtype=np.int64)
"""Number of the last stop of each leg."""
SINCE: Int64 = np.stack([_since(back=False), _since(back=True)])
VEHICLE = np.array([VEHICLES.index(leg.vehicle) for leg in LEGS], dtype=np.int8)
_AFTER_HOUR: Int64 = np.array([[leg.leaves for leg in LEGS], [leg.comes for leg in LEGS]])


def passes(leg: Int64, hour: Int64, *, back: bool) -> Int64:
    """Minute at which a run out departs from its first stop, or one back arrives at its last;
    `hour`: of its line, on that way.
    """
    told: Int64 = hour + _AFTER_HOUR[int(back), leg]
    return told


def begins(leg: Int64, hour: Int64, *, back: bool) -> Int64:
    """Minute at which a run departs from its first stop."""
    told: Int64 = passes(leg, hour, back=back) - back * SINCE[1, leg, LAST[leg]]
    return told


def number_of(way: int, line: int, *, visitors: bool) -> str:
    """As the carrier prints it: odd away from the city, even back."""
    leg, back = divmod(way, 2)
    letters, first = LEGS[leg].number
    return f"{letters}{first + _OF_VISITORS * visitors + 2 * line + back}"


_BLOCK = 25
_SHARES = np.array([20, 2, 3])
"""Of `_BLOCK` who travel on a line: by rail, by coach, by air. All even, or pairs across blocks."""
_BEFORE: Int64 = np.r_[0, np.cumsum(_SHARES)].astype(np.int64)
_CHANGE_FROM = 16
"""Of those by rail in a block, who change beyond."""
_MIX, _BACK = 8, 22
"""Inverse of each other modulo `_BLOCK`: the few of a small city are of every kind."""

MOST_OF_A_LINE = 500
"""No more than that find a seat each: 400 by rail, 40 by coach, 60 by air."""


@dataclass(frozen=True)
class Booked:
    """By what a traveller goes: line, leg (RAIL, COACHES or FLIGHTS), whether one goes on BEYOND,
    and which of those who book that run one is. Pairs of turns (0 and 1, 2 and 3, …) book the same.
    """

    line: Int64
    leg: Int64
    turn: Int64
    changes: Truths


def booked(number: Int64, lines: int) -> Booked:
    """Of traveller `number` (0, 1, 2 …): below `lines` times MOST_OF_A_LINE."""
    block, place = np.divmod(number // lines, _BLOCK)
    place = place * _MIX % _BLOCK
    leg = np.searchsorted(_BEFORE[1:-1], place, side="right")
    within = place - _BEFORE[leg]
    changes = (leg == RAIL) & (within >= _CHANGE_FROM)
    return Booked(number % lines, leg, block * _SHARES[leg] + within, changes)


def partner(trip: Booked, lines: int) -> Int64:
    """Number of the traveller who has the other turn of the pair."""
    block, within = np.divmod(trip.turn ^ 1, _SHARES[trip.leg])
    place = (within + _BEFORE[trip.leg]) * _BACK % _BLOCK
    return (block * _BLOCK + place) * lines + trip.line


def seat_sold(leg: Int64, turn: Int64, *, back: bool) -> Int64:
    return seats.sold(VEHICLE[leg], turn, 2 * leg + back)


def hops(trip: Booked) -> Int64:
    """How many stops from the city one goes: of a coach some leave it half-way."""
    midway = (trip.leg == COACHES) & (trip.turn // 2 % 3 == 0)
    return np.where(midway, 1, LAST[trip.leg])


def stations(leg: int, *, back: bool, risky: bool) -> tuple[str, ...]:
    """Of a run, in the order in which it calls at them."""
    told = LEGS[leg].risky if risky else LEGS[leg].stations
    return told[::-1] if back else told
