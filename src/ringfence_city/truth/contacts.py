"""Who interacted with whom, of those who were in the same part of a place.

Interacting means what the POLYMOD survey asked for: to talk face to face, or to touch. Whether two
people did is decided by the pair, the day and the place alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ringfence_city.chance import Chance, bits, further, part
from ringfence_city.truth.cells import Cells, cells, may_interact
from ringfence_city.truth.city import (
    DAY,
    KINDS,
    SETTING_OF_KIND,
    Array,
    City,
    Int64,
    Met,
    Stays,
    Truths,
)
from ringfence_city.truth.overlapping import overlapping

_CHUNK = 1 << 18
"""Entries at once, so that memory stays bounded."""

_CHANCES = {
    # kind: of 1,000 pairs who interact: both visit (or live, or learn), one works there, both work;
    # then the most minutes of it (0: as long as both are there) and percent who touch
    "home": (970, 900, 900, 0, 80),
    "dormitory": (900, 900, 900, 0, 35),
    "nursing_home": (60, 180, 350, 90, 45),
    "kindergarten": (400, 600, 400, 240, 70),
    "school": (400, 350, 350, 240, 55),
    "university": (210, 250, 350, 180, 30),
    "training_centre": (150, 500, 400, 90, 25),
    "office": (760, 760, 760, 300, 30),
    "factory": (700, 700, 700, 300, 30),
    "restaurant": (960, 550, 600, 0, 55),
    "cafe": (960, 500, 600, 0, 40),
    "bar": (960, 500, 600, 0, 40),
    "ktv": (960, 500, 600, 0, 50),
    "mahjong": (930, 400, 600, 0, 25),
    "banquet_hall": (800, 400, 600, 0, 40),
    "hotel": (900, 250, 500, 0, 30),
    "cinema": (8, 20, 500, 20, 20),
    "hospital": (60, 350, 450, 40, 25),
    "clinic": (150, 650, 600, 25, 35),
    "fever_clinic": (40, 400, 500, 25, 20),
    "isolation_site": (0, 150, 500, 10, 5),
    "market": (430, 850, 550, 8, 12),
    "wholesale_market": (100, 350, 550, 15, 10),
    "supermarket": (500, 800, 550, 8, 10),
    "mall": (300, 600, 550, 20, 15),
    "shop": (450, 900, 700, 8, 10),
    "gym": (250, 500, 600, 40, 25),
    "nightclub": (250, 200, 600, 60, 50),
    "park": (130, 100, 400, 60, 45),
    "worship": (150, 200, 500, 40, 30),
    "salon": (200, 900, 700, 0, 60),
    "station": (40, 80, 400, 15, 15),
    "test_site": (60, 300, 700, 5, 20),
}
_OTHERS = (450, 900, 550, 12, 15)
_TABLE: Int64 = np.array([_CHANCES.get(kind, _OTHERS) for kind in KINDS], dtype=np.int64)
_WORK = (700, 700, 700, 300, 30)
for _kind in ("warehouse", "construction_site", "farm", "workplace"):
    _TABLE[KINDS.index(_kind)] = _WORK

_FRIENDS = 900
"""Of 1,000 pairs of friends who came to a place together, who interact."""

_OPEN_AIR = 2


def met(city: City, stays: Stays, day: int) -> Met:
    """Pairs of `stays` (all of `day`) who interacted, sorted by pair and start.

    The same pairs come out whatever other stays are given beside theirs. A pair that was together
    twice on a day (morning and night at home) has two rows.
    """
    entries = cells(city, stays, day)
    start = stays.start[entries.stay].astype(np.int64) - day * DAY
    order = np.argsort((entries.key << 11) | start, kind="stable")
    parts = []
    begin = 0
    while begin < len(order):
        end = min(begin + _CHUNK, len(order))
        if end < len(order):  # to the end of the cell
            key = entries.key[order[end - 1]]
            while end < len(order) and entries.key[order[end]] == key:
                end += 1
        parts.append(_interactions(city, stays, day, entries, order[begin:end]))
        begin = end
    if not parts:
        return _met([np.zeros(0, kind) for kind in _TYPES])
    columns = [np.concatenate([part[i] for part in parts]) for i in range(len(_TYPES))]
    minute = columns[3].astype(np.int64) - day * DAY
    pair = (columns[0].astype(np.int64) << 36) | (columns[1].astype(np.int64) << 11) | minute
    sorted_ = np.argsort(pair, kind="stable")
    pair = pair[sorted_]
    sorted_ = sorted_[np.r_[True, pair[1:] != pair[:-1]][: len(pair)]]  # of two cells: once
    return _met([column[sorted_] for column in columns])


def _met(columns: list[Array]) -> Met:
    told: list[Any] = [column.astype(kind) for column, kind in zip(columns, _TYPES, strict=True)]
    return Met(*told)


_TYPES = (np.int32, np.int32, np.int32, np.int32, np.int32, np.int16, np.int8, np.int8, np.int8)


def _interactions(
    city: City, stays: Stays, day: int, entries: Cells, some: Int64
) -> tuple[Array, ...]:
    there = entries.stay[some]
    one, two = overlapping(entries.key[some], stays.start[there], stays.end[there])
    one, two = some[one], some[two]
    allowed = may_interact(entries, one, two)
    one, two = one[allowed], two[allowed]
    working = entries.works[entries.stay[one]].astype(np.int64) + entries.works[entries.stay[two]]
    one, two = entries.stay[one], entries.stay[two]
    apart = stays.person[one] != stays.person[two]
    one, two, working = one[apart], two[apart], working[apart]
    low = np.minimum(stays.person[one], stays.person[two])
    high = np.maximum(stays.person[one], stays.person[two])
    place = stays.place[one]
    kind = city.places.kind[place]
    wanted = _TABLE[kind, working]
    wanted = np.where(_together(city, stays, one, two), np.maximum(wanted, _FRIENDS), wanted)
    word = Chance.of(city.asked.seed, "met").words(low, high, day, place)
    chosen = (bits(word, 0) * 1_000 >> 16) < wanted
    one, two, low, high, place, kind = (
        column[chosen] for column in (one, two, low, high, place, kind)
    )
    word = word[chosen]
    start = np.maximum(stays.start[one], stays.start[two]).astype(np.int64)
    together = np.minimum(stays.end[one], stays.end[two]) - start
    most = _TABLE[kind, 3]
    share = part(word, 1, 1_000)
    minutes = np.where(most == 0, together, 1 + most * share * share // 1_000_000)
    minutes = np.minimum(minutes, together)
    start += (bits(further(word, 1), 0) * (together - minutes + 1)) >> 16
    touches = part(word, 2, 100) < _TABLE[kind, 4]
    near = np.where(touches, 5 + part(word, 3, 5), 6 + part(word, 3, 25))
    return (
        low,
        high,
        place,
        start,
        start + minutes,
        near,
        touches,
        city.places.ventilation[place] != _OPEN_AIR,
        SETTING_OF_KIND[kind],
    )


def _together(city: City, stays: Stays, one: Int64, two: Int64) -> Truths:
    """Friends of one circle, or people of one home, who came at the same minute."""
    people = city.people
    low, high = stays.person[one], stays.person[two]
    circle = people.circle[low]
    same = ((circle >= 0) & (circle == people.circle[high])) | (
        people.home[low] == people.home[high]
    )
    told: Truths = same & (stays.start[one] == stays.start[two])
    return told
