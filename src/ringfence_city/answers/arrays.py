"""Short names of array types, and runs of rows that share a key."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int64]
Small = NDArray[np.int8]
Real = NDArray[np.float64]
Bool = NDArray[np.bool_]


def spread(first: Int, count: Int) -> tuple[Int, Int]:
    """Each of `count[i]` numbers from `first[i]` on: the i that it belongs to, and the number."""
    owner = np.repeat(np.arange(len(first), dtype=np.int64), count)
    before = np.cumsum(count) - count
    return owner, np.arange(len(owner), dtype=np.int64) - before[owner] + first[owner]


@dataclass(frozen=True)
class Runs:
    """Rows sorted by a key: `of(keys)` finds the rows of each key."""

    order: Int
    keys: Int

    @staticmethod
    def by(keys: Int) -> Runs:
        order = np.argsort(keys, kind="stable")
        return Runs(order, keys[order])

    def of(self, wanted: Int) -> tuple[Int, Int]:
        """Position in `wanted`, and row, of every row that has a wanted key."""
        first = np.searchsorted(self.keys, wanted, side="left")
        last = np.searchsorted(self.keys, wanted, side="right")
        owner, at = spread(first, last - first)
        return owner, self.order[at]


def numbered(*columns: Int) -> tuple[Int, Int]:
    """A number for each different combination of values, and one row that has it."""
    if not len(columns[0]):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    key = columns[0].astype(np.int64)
    for column in columns[1:]:
        low = int(column.min())
        width = int(column.max()) - low + 1
        if int(key.max()) < (1 << 62) // width:
            key = key * width + (column - low)
        else:
            key = np.unique(key, return_inverse=True)[1] * width + (column - low)
    _, example, number = np.unique(key, return_index=True, return_inverse=True)
    return number.astype(np.int64), example.astype(np.int64)
