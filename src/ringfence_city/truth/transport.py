"""Timetables and who rode: runs of buses, metro and trains; taxis and lorries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfence_city.truth.city import City, Int8, Int16, Int32, Met


@dataclass(frozen=True)
class Rides:
    """`run` is the number of a run of that day (key: `run_key`); -1 where a part is not known."""

    person: Int32
    run: Int32
    board_seq: Int16
    alight_seq: Int16
    carriage: Int16
    row: Int16
    seat: Int16
    role: Int8
    board: Int32  # minute
    alight: Int32


@dataclass(frozen=True)
class Occupancies:
    """Who was in which taxi or lorry, minutes half-open."""

    vehicle: Int32
    person: Int32
    start: Int32
    end: Int32
    role: Int8  # driver or passenger


@dataclass(frozen=True)
class Sightings:
    vehicle: Int32
    place: Int32
    at: Int32


def rides(city: City, persons: Int32, day: int, confined: Int8 | None = None) -> Rides:
    empty, small, tiny = np.zeros(0, np.int32), np.zeros(0, np.int16), np.zeros(0, np.int8)
    return Rides(empty, empty, small, small, small, small, small, tiny, empty, empty)


def occupancies(
    city: City, persons: Int32, day: int, confined: Int8 | None = None
) -> Occupancies:
    empty = np.zeros(0, np.int32)
    return Occupancies(empty, empty, empty, empty, np.zeros(0, np.int8))


def sightings(city: City, persons: Int32, day: int, confined: Int8 | None = None) -> Sightings:
    empty = np.zeros(0, np.int32)
    return Sightings(empty, empty, empty)


def met_aboard(city: City, told: Rides, day: int) -> Met:
    return Met(*(np.zeros(0, np.int32) for _ in range(6)), *(np.zeros(0, np.int8) for _ in range(3)))
