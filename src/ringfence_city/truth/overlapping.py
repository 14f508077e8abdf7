"""Which of those in one cell were there at the same time."""

from __future__ import annotations

import numpy as np

from ringfence_city.truth.city import Int32, Int64


def overlapping(key: Int64, start: Int32, end: Int32) -> tuple[Int64, Int64]:
    """Pairs of rows, sorted by `key` and `start`, of one key that overlap in time."""
    active = np.arange(len(key))
    ones, twos = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    gap = 1
    while len(active):
        active = active[: np.searchsorted(active, len(key) - gap)]
        later = active + gap
        # whoever comes later still overlaps no more
        active = active[(key[active] == key[later]) & (start[later] < end[active])]
        ones.append(active)
        twos.append(active + gap)
        gap += 1
    return np.concatenate(ones), np.concatenate(twos)
