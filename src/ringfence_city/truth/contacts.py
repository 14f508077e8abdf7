"""Who interacted with whom, of those who were in the same zone of a place."""

from __future__ import annotations

import numpy as np

from ringfence_city.chance import Chance
from ringfence_city.truth.city import SETTING_OF_KIND, City, Met, Stays


def met(city: City, stays: Stays, day: int) -> Met:
    """Pairs of `stays` (all of one day) who interacted: the same pairs whatever else is given."""
    order = np.lexsort((stays.start, stays.zone, stays.place))
    place, zone = stays.place[order], stays.zone[order]
    firsts, seconds = [], []
    for gap in range(1, min(40, len(order))):
        same = np.flatnonzero((place[:-gap] == place[gap:]) & (zone[:-gap] == zone[gap:]))
        if not len(same):
            break
        firsts.append(order[same])
        seconds.append(order[same + gap])
    one = np.concatenate([*firsts, np.zeros(0, int)]).astype(np.int64)
    two = np.concatenate([*seconds, np.zeros(0, int)]).astype(np.int64)
    start = np.maximum(stays.start[one], stays.start[two])
    end = np.minimum(stays.end[one], stays.end[two])
    low = np.minimum(stays.person[one], stays.person[two])
    high = np.maximum(stays.person[one], stays.person[two])
    draw = Chance.of(city.asked.seed, "met")
    where = stays.place[one]
    chosen = (start < end) & (low != high) & draw.happens(400_000, low, high, day, where)
    low, high, where = low[chosen], high[chosen], where[chosen]
    start, end = start[chosen], end[chosen]
    near = 5 + draw.below(26, low, high, day, where, 1)
    return Met(
        low,
        high,
        where,
        start,
        end,
        near.astype(np.int16),
        (near < 12).astype(np.int8),
        np.ones(len(low), np.int8),
        SETTING_OF_KIND[city.places.kind[where]],
    )
