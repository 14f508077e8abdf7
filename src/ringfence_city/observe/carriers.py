"""Carriers: cards tapped aboard, tickets with seats, meters of taxis, cameras at checkpoints."""

from __future__ import annotations

import numpy as np

from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import Noise
from ringfence_city.observe.rows import DAYS_OF_RUNS, Columns, chosen
from ringfence_city.observe.scene import Channel, Scene, Seen
from ringfence_city.truth.journeys import Occupancies, Rides, Sightings

NOISE = Noise(
    coverage=700_000,
    lag_days=(1, 1, 2),
    late=5_000,
    skew_minutes=2,
    alias=30_000,
    borrowed=20_000,
    seat_swap=40_000,
)
_SEATS = 5


def see(scene: Scene, disguise: Disguise) -> list[Seen]:
    return [_rides(scene, disguise), _aboard(scene, disguise), _sightings(scene, disguise)]


def _rides(scene: Scene, disguise: Disguise) -> Seen:
    told = scene.told.rides
    some = np.flatnonzero(disguise.seen(told.person, told.board))
    rows = ride_columns(told, scene.day)
    person, board = told.person[some], told.board[some]
    columns = chosen(rows, some)
    columns["subject"] = disguise.codes(person, board)
    swapped = disguise.chance("seat").happens(disguise.noise.seat_swap, person, board)
    seat, row = told.seat[some], told.row[some]
    other = disguise.chance("other seat").below(_SEATS, person, board)
    columns["seat"] = np.where(swapped & (seat >= 0), other, seat)
    moved = disguise.chance("other row").below(3, person, board)
    columns["row"] = np.where(swapped & (row > 1), row - 1 + moved, row)
    return Seen("ride", columns, disguise.late(person, board))


def _aboard(scene: Scene, disguise: Disguise) -> Seen:
    told = scene.told.occupancies
    some = np.flatnonzero(disguise.seen(told.person, told.start))
    person, start = told.person[some], told.start[some]
    columns = chosen(occupancy_columns(told), some)
    columns["subject"] = disguise.codes(person, start)
    skew = disguise.skew(told.vehicle[some])
    columns["start"], columns["end"] = start + skew, told.end[some] + skew
    return Seen("occupancy", columns, disguise.late(person, start))


def _sightings(scene: Scene, disguise: Disguise) -> Seen:
    told = scene.told.sightings
    some = np.flatnonzero(disguise.seen(told.vehicle, told.at))
    columns = chosen(sighting_columns(told), some)
    columns["at"] = told.at[some] + disguise.skew(told.place[some])
    return Seen("sighting", columns, disguise.late(told.vehicle[some], told.at[some]))


def ride_columns(told: Rides, day: int) -> Columns:
    return {
        "subject": told.person,
        "service": told.run + np.int64(day) * DAYS_OF_RUNS,
        "board_seq": told.board_seq,
        "alight_seq": told.alight_seq,
        "carriage": told.carriage,
        "row": told.row,
        "seat": told.seat,
        "role": told.role,
        "status": "boarded",
    }


def occupancy_columns(told: Occupancies) -> Columns:
    return {
        "vehicle": told.vehicle,
        "subject": told.person,
        "start": told.start,
        "end": told.end,
    }


def sighting_columns(told: Sightings) -> Columns:
    return {"vehicle": told.vehicle, "place": told.place, "at": told.at}


CHANNEL = Channel("transport", NOISE, see)
