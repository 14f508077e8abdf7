"""Carriers: cards tapped aboard, tickets with seats, meters of taxis, cameras at checkpoints."""

from __future__ import annotations

import numpy as np

from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import Noise
from ringfence_city.observe.rows import DAYS_OF_RUNS, Columns, Numbers, chosen
from ringfence_city.observe.scene import Channel, Scene, Seen
from ringfence_city.truth import seats
from ringfence_city.truth.journeys import TICKETED, Occupancies, Rides, Sightings

NOISE = Noise(
    coverage=700_000,
    lag_days=(1, 1, 2),
    late=5_000,
    skew_minutes=2,
    alias=30_000,
    borrowed=20_000,
    seat_swap=900_000,
    unchecked=30_000,
)


def see(scene: Scene, disguise: Disguise) -> list[Seen]:
    return [_rides(scene, disguise), _aboard(scene, disguise), _sightings(scene, disguise)]


def _rides(scene: Scene, disguise: Disguise) -> Seen:
    told = scene.told.rides
    some = np.flatnonzero(disguise.seen(told.person, told.board))
    person, board, sold = told.person[some], told.board[some], told.sold[some]
    columns = chosen(ride_columns(told, scene.day), some)
    columns["subject"] = disguise.codes(person, board)
    as_sold = disguise.chance("seat").happens(disguise.noise.seat_swap, person, board)
    columns |= _spot(np.where(as_sold & (sold >= 0), sold, told.seat[some]))
    unread = disguise.chance("unchecked").happens(disguise.noise.unchecked, person, board)
    columns["status"] = np.where(unread & (sold >= 0), TICKETED, told.status[some])
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
        **_spot(told.seat),
        "role": told.role,
        "status": told.status,
    }


def _spot(seat: Numbers) -> dict[str, Numbers]:
    """As tickets print it."""
    return {"carriage": seats.CARRIAGE[seat], "row": seats.ROW[seat], "seat": seats.WORD[seat]}


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
