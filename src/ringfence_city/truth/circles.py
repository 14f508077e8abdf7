"""Friends who meet: of one community, of about one age."""

from __future__ import annotations

import numpy as np

from ringfence_city.chance import Chance
from ringfence_city.truth.city import Circles, Int8, Int32
from ringfence_city.truth.geography import GRIDS_PER_COMMUNITY

SIZE = 9
"""Most members of a circle."""

_YOUNGEST = 3
CHILD, ADULT, OLD = 0, 1, 2


def circles(
    seed: int, age: Int8, grid: Int32, people: int, communities: int
) -> tuple[Circles, Int32]:
    """The circles of residents (`age` and `grid` of them), and each person's circle.

    `people` counts visitors as well: they have none.
    """
    draw = Chance.of(seed, "circle")
    who = np.flatnonzero(age >= _YOUNGEST)
    years = age[who].astype(np.int64)
    of_class = np.where(years < 18, CHILD, np.where(years < 60, ADULT, OLD))
    spread = np.where(of_class == CHILD, 2, 12)
    near = np.maximum(years * 2 + draw.below(spread * 2 + 1, who, 0) - spread, 0)
    community = grid[who].astype(np.int64) // GRIDS_PER_COMMUNITY
    group = community * 4 + of_class
    shuffle = (draw.words(who, 1) >> np.uint64(44)).astype(np.int64)
    order = np.argsort((group << 29) | (near << 20) | shuffle, kind="stable")
    group, member = group[order], who[order].astype(np.int32)
    begins = (
        np.flatnonzero(np.r_[True, group[1:] != group[:-1]]) if len(group) else np.zeros(0, int)
    )
    length = np.diff(np.r_[begins, len(group)])
    within = np.arange(len(group)) - np.repeat(begins, length)
    of_group = -(-length // SIZE)
    circle = within // SIZE + np.repeat(np.cumsum(of_group) - of_group, length)
    total = int(of_group.sum())
    first = np.searchsorted(circle, np.arange(total + 1)).astype(np.int32)
    head = group[first[:-1]] if total else np.zeros(0, np.int64)
    of_person = np.full(people, -1, dtype=np.int32)
    of_person[member] = circle
    of_community = np.searchsorted(head // 4, np.arange(communities + 1)).astype(np.int32)
    return Circles(first, member, of_community, (head % 4).astype(np.int8)), of_person
