"""Rides aboard runs, and who was in which vehicle. Minutes as in `city.Stays`."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence.records.vocabularies import RIDE_STATUSES
from ringfence_city.truth.city import Int8, Int16, Int32

STATUS_WORDS = tuple(RIDE_STATUSES)
BOARDED, TICKETED, NO_SHOW = (
    STATUS_WORDS.index(word) for word in ("boarded", "ticketed", "no_show")
)


@dataclass(frozen=True)
class Rides:
    """`run` is the number of a run of that day (`lines.Runs`). A no-show was not aboard."""

    person: Int32
    run: Int32
    board_seq: Int16
    alight_seq: Int16
    seat: Int16  # where one really sat, a number of `seats`; of a no-show: where nobody sat
    sold: Int16  # the seat on the ticket; -1: none was sold
    role: Int8
    status: Int8  # number in STATUS_WORDS: BOARDED or NO_SHOW
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
