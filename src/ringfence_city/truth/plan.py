"""A day's plan: at most five outings of each person, and being at home between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringfence_city.truth.city import DAY, Array, Int64

OUTINGS = 5
FIRST, NOON, AFTERNOON, LATE, EVENING = range(OUTINGS)

Mask = NDArray[np.bool_]
Value = NDArray[np.integer] | int


class Visit(NamedTuple):
    """An outing of one or many: one value, or one a person. `travel`: minutes from and to home."""

    place: Value
    zone: Value
    start: Value
    end: Value
    role: Value
    travel: Value

    def of(self, rows: NDArray[np.integer] | Mask) -> Visit:
        """The visit of some of its persons."""
        return Visit(*(one if isinstance(one, int) else one[rows] for one in self))


@dataclass(frozen=True)
class Plan:
    """One row a person, one column an outing; `start` < 0 where there is none. Minutes of the day.

    `before` and `after` are the minutes of travel that an outing asks for when it starts from or
    ends at home. `away`: does not go home between outings. `comes`, `goes`: was not in the city
    before the first, is not after the last outing. `absent`: not in the city at all.
    """

    person: Int64
    place: NDArray[np.int32]
    zone: NDArray[np.int16]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    role: NDArray[np.int8]
    before: NDArray[np.int32]
    after: NDArray[np.int32]
    away: Mask
    comes: Mask
    goes: Mask
    absent: Mask

    @staticmethod
    def of(person: Int64) -> Plan:
        n = len(person)
        shape = (n, OUTINGS)
        return Plan(
            person,
            np.zeros(shape, np.int32),
            np.full(shape, -1, np.int16),
            np.full(shape, -1, np.int32),
            np.full(shape, -1, np.int32),
            np.zeros(shape, np.int8),
            np.zeros(shape, np.int32),
            np.zeros(shape, np.int32),
            *(np.zeros(n, bool) for _ in range(4)),
        )

    def put(self, outing: int, who: Mask, visit: Visit) -> None:
        """Write an outing for `who` (over what was there); values of `visit`: one, or one a row."""
        for column, value in self._columns(visit):
            np.copyto(column[:, outing], np.asarray(value).astype(column.dtype), where=who)

    def put_rows(self, outing: int, rows: Int64, visit: Visit) -> None:
        """Write an outing for `rows`; values of `visit`: one, or one for each of `rows`."""
        for column, value in self._columns(visit):
            column[rows, outing] = value

    def _columns(self, visit: Visit) -> tuple[tuple[Array, Value], ...]:
        return (
            (self.place, visit.place),
            (self.zone, visit.zone),
            (self.start, visit.start),
            (self.end, visit.end),
            (self.role, visit.role),
            (self.before, visit.travel),
            (self.after, visit.travel),
        )

    def drop(self, outing: int, who: Mask) -> None:
        self.start[who, outing] = -1
        self.end[who, outing] = -1

    def free(self, outing: int) -> Mask:
        return self.start[:, outing] < 0

    def settle(self) -> None:
        """Drop what cannot be reached in time, so that nobody is in two places at once."""
        last = np.full(len(self.person), -5)
        for outing in range(OUTINGS):
            start, end = self.start[:, outing], self.end[:, outing]
            there = (start >= 0) & (start >= last + 3) & (end > start) & (end <= DAY)
            self.drop(outing, ~there)
            last = np.where(there, end, last)
