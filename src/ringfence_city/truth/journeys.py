"""Rides aboard runs, and who was in which vehicle. Minutes as in `city.Stays`."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence_city.truth.city import Int8, Int16, Int32


@dataclass(frozen=True)
class Rides:
    """`run` is the number of a run of that day (`lines.Runs`); -1 where a part does not apply."""

    person: Int32
    run: Int32
    board_seq: Int16
    alight_seq: Int16
    carriage: Int16
    row: Int16
    seat: Int16  # number in lines.SEAT_LETTERS
    role: Int8
    board: Int32  # minute
    alight: Int32

    @property
    def count(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Occupancies:
    """Who was in which taxi or lorry, half-open. Lorries are numbered after the taxis."""

    vehicle: Int32
    person: Int32
    start: Int32
    end: Int32
    role: Int8  # driver or passenger


@dataclass(frozen=True)
class Sightings:
    """A lorry was seen passing a checkpoint."""

    vehicle: Int32
    place: Int32
    at: Int32
