"""Where somebody can sit or stand aboard, each spot by one number; -1: nowhere in particular.

First all seats of a train, then those of an aircraft, then those of a coach, then the carriages of
the metro, which have no numbered seats.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfence_city.truth.city import SETTING_OF, Int8, Int16, Int64

LETTERS = "ABCDEF"
METRO_CARRIAGES = 6


@dataclass(frozen=True)
class Vehicle:
    """`kind` and `layout` as in the table of services. `carriages` 0: it has none. `letters` of a
    row; none: seats are numbered from the front, `abreast` in a row.
    """

    kind: str
    layout: str
    carriages: int
    rows: int
    letters: str = ""
    abreast: int = 0
    hepa: bool = False

    @property
    def in_a_row(self) -> int:
        return len(self.letters) or self.abreast

    @property
    def seats(self) -> int:
        return max(self.carriages, 1) * self.rows * self.in_a_row


TRAIN = Vehicle("train", "high-speed-second", 8, 16, "ABCDF")
AIRCRAFT = Vehicle("aircraft", "aircraft-single-aisle", 0, 33, "ABCDEF", hepa=True)
COACH = Vehicle("coach", "coach", 0, 12, abreast=4)
VEHICLES = (TRAIN, AIRCRAFT, COACH)

SEATS: Int64 = np.array([vehicle.seats for vehicle in VEHICLES], dtype=np.int64)
FIRST: Int64 = np.r_[0, np.cumsum(SEATS)]
"""Number of the first seat of each vehicle, and at last of the first carriage of the metro."""

WORDS = (*LETTERS, *(str(number) for number in range(1, COACH.seats + 1)))
"""Seats as tickets print them beside the row: a letter, or a number of its own."""


def _spots() -> tuple[Int16, Int16, Int16, Int16, Int8]:
    columns: list[list[int]] = [[], [], [], [], []]
    for number, vehicle in enumerate(VEHICLES):
        for seat in range(vehicle.seats):
            line, across = divmod(seat, vehicle.in_a_row)
            carriage, row = divmod(line, vehicle.rows)
            printed = (
                (row + 1, LETTERS.index(vehicle.letters[across]))
                if vehicle.letters
                else (-1, len(LETTERS) + seat)
            )
            told = (carriage + 1 if vehicle.carriages else -1, *printed, row + 1, number)
            for column, value in zip(columns, told, strict=True):
                column.append(value)
    for carriage in range(1, METRO_CARRIAGES + 1):
        for column, value in zip(columns, (carriage, -1, -1, -1, -1), strict=True):
            column.append(value)
    wide = [np.array([*column, -1], dtype=np.int16) for column in columns]
    return wide[0], wide[1], wide[2], wide[3], wide[4].astype(np.int8)


CARRIAGE, ROW, WORD, LINE, VEHICLE = _spots()
"""By number of the spot, -1 where it has none (and at the end, so for -1): carriage, row and word
as printed on tickets; row counted from the front; place in `VEHICLES`.
"""

SETTING: Int8 = np.array([SETTING_OF[vehicle.kind] for vehicle in VEHICLES], dtype=np.int8)

_STRIDES: Int64 = np.array([277, 5, 5])
"""Coprime to the seats: who books after another sits far away in a train, near in a cabin."""
_NEXT = 131
"""From the seat of one way to that of the next."""


def sold(vehicle: NDArray[np.integer], turn: Int64, way: Int64) -> Int64:
    """The seat sold to the `turn`th of those who book a run: no two alike, another on each way."""
    told: Int64 = FIRST[vehicle] + (turn * _STRIDES[vehicle] + way * _NEXT) % SEATS[vehicle]
    return told
