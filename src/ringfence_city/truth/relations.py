"""Relations that follow from meetings: who shared a table, worked together, cared for whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfence_city.chance import Chance
from ringfence_city.truth.city import KIND_OF, ROLE_OF, SETTING_OF, City, Int8, Int32, Met, Stays

SAME_TABLE, ADJACENT_TABLE, COLLEAGUE, PHYSICAL, CARE, VISITOR = (
    "same_table",
    "adjacent_table",
    "colleague",
    "physical",
    "care",
    "visitor",
)
WORDS = (SAME_TABLE, ADJACENT_TABLE, COLLEAGUE, PHYSICAL, CARE, VISITOR)
_PROTECTED = 800_000
_HAS_TABLES = tuple(KIND_OF[word] for word in ("restaurant", "banquet_hall", "cafe"))


@dataclass(frozen=True)
class Relations:
    """`relation` is a number in WORDS; `ppe`: 1 worn, 0 not, on the carer's side."""

    person_a: Int32
    person_b: Int32
    relation: Int8
    start: Int32
    end: Int32
    ppe: Int8


def relations(city: City, met: Met, stays: Stays) -> Relations:
    """Relations of the pairs in `met`; tables next to each other are told from `stays`."""
    people = city.people
    setting = met.setting
    carer = ROLE_OF["health_worker"]
    cares = (people.role[met.person_a] == carer) | (people.role[met.person_b] == carer)
    same_home = people.home[met.person_a] == people.home[met.person_b]
    household = setting == SETTING_OF["household"]
    told = (
        (SAME_TABLE, setting == SETTING_OF["dining"]),
        (COLLEAGUE, setting == SETTING_OF["work"]),
        (PHYSICAL, (met.physical > 0) & ~household),
        (CARE, (setting == SETTING_OF["healthcare"]) & cares),
        (VISITOR, household & ~same_home),
    )
    parts = [_of(city, met, word, np.flatnonzero(where)) for word, where in told]
    return joined([*parts, _next_tables(city, stays)])


def _of(city: City, met: Met, word: str, rows: NDArray[np.int64]) -> Relations:
    low, high, start = met.person_a[rows], met.person_b[rows], met.start[rows]
    protected = Chance.of(city.asked.seed, "ppe").happens(_PROTECTED, low, high, start)
    return Relations(
        low,
        high,
        np.full(len(rows), WORDS.index(word), np.int8),
        start,
        met.end[rows],
        (protected & (word == CARE)).astype(np.int8),
    )


def _next_tables(city: City, stays: Stays) -> Relations:
    """Tables are numbered as they stand: one more is the next one."""
    at_table = np.isin(city.places.kind[stays.place], _HAS_TABLES) & (stays.zone >= 0)
    some = np.flatnonzero(at_table)
    key = stays.place[some].astype(np.int64) * 100_000 + stays.zone[some]
    order = np.argsort(key, kind="stable")
    sorted_key = key[order]
    first = np.searchsorted(sorted_key, key + 1, side="left")
    size = np.searchsorted(sorted_key, key + 1, side="right") - first
    mine = np.repeat(some, size)
    steps = np.arange(len(mine)) - np.repeat(np.cumsum(size) - size, size)
    others = some[order[np.repeat(first, size) + steps]]
    start = np.maximum(stays.start[mine], stays.start[others])
    end = np.minimum(stays.end[mine], stays.end[others])
    kept = (start < end) & (stays.person[mine] != stays.person[others])
    one, two = stays.person[mine][kept], stays.person[others][kept]
    count = len(one)
    return Relations(
        np.minimum(one, two),
        np.maximum(one, two),
        np.full(count, WORDS.index(ADJACENT_TABLE), np.int8),
        start[kept],
        end[kept],
        np.zeros(count, np.int8),
    )


def joined(parts: list[Relations]) -> Relations:
    names = ("person_a", "person_b", "relation", "start", "end", "ppe")
    return Relations(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
