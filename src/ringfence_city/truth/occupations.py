"""Who works or learns where, and with whom: posts, classes and teams."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfence_city.chance import Chance
from ringfence_city.truth import census
from ringfence_city.truth.city import KIND_OF, KINDS, ROLE_OF, Int8, Int16, Int32, Int64
from ringfence_city.truth.sites import Sites
from ringfence_city.truth.venue_kinds import TEAM, UNDIVIDED

_CLASS = {"kindergarten": 25, "school": 40, "university": 35}
_HEALTH = ("hospital", "clinic", "fever_clinic", "laboratory", "test_site", "vaccination_site")
_BY_WARD = (*_HEALTH, "training_centre", "library", "cinema")
"""Staff of these belong to a zone (ward, room), one after the other."""
_LOCAL = 35
"""Percent of workers who work near home; the others anywhere in the city."""


@dataclass(frozen=True)
class Occupation:
    daytime: Int32
    team: Int16
    role: Int8


def _learners(seed: int, age: Int8, dormitory: NDArray[np.bool_]) -> dict[str, NDArray[np.bool_]]:
    """Who goes to which kind of school. 2021: 88% of 3-5, 95% of 6-14, 91% of 15-17, about 58%
    of 18-21 years (Ministry of Education); 6-14 is taken as all.
    """
    draw = Chance.of(seed, "learners").below(100, np.arange(len(age)))
    return {
        "kindergarten": (age >= 3) & (age <= 5) & (draw < 88),
        "school": (age >= 6) & (age <= 17) & ((age <= 14) | (draw < 91)),
        "university": (age >= 18) & (age <= 23) & (draw < np.where(dormitory, 85, 30)),
    }


def _works(seed: int, age: Int8, sex: Int8) -> NDArray[np.bool_]:
    band = np.minimum(age // 5, 17)
    share = np.where(
        sex == 1,
        np.array(census.EMPLOYED_MALE)[band],
        np.array(census.EMPLOYED_FEMALE)[band],
    )
    return (Chance.of(seed, "works").below(100, np.arange(len(age))) < share) & (age >= 16)


def learn(
    seed: int,
    age: Int8,
    grid: Int32,
    *,
    dormitory: NDArray[np.bool_],
    schools: Sites,
    grids: int,
) -> tuple[Occupation, Int32, Int32]:
    """Classes of all who learn (places counted from the first school), the classes of each school
    and the posts of its teachers: two a class.
    """
    n = len(age)
    daytime, team = np.full(n, -1, dtype=np.int32), np.full(n, -1, dtype=np.int16)
    role = np.full(n, ROLE_OF["resident"], dtype=np.int8)
    classes = np.zeros(schools.count, dtype=np.int32)
    for word, who in _learners(seed, age, dormitory).items():
        these = np.flatnonzero(schools.kind == KIND_OF[word])
        pupils = np.flatnonzero(who)
        if not len(these) or not len(pupils):
            continue
        at = these[(grid[pupils].astype(np.int64) * len(these)) // grids]
        shuffle = Chance.of(seed, f"class/{word}").words(pupils) >> np.uint64(40)
        year = at.astype(np.int64) * 128 + age[pupils]
        order = np.argsort((year << 24) | shuffle.astype(np.int64), kind="stable")
        pupils, at, year = pupils[order], at[order], year[order]
        begins = np.flatnonzero(np.r_[True, year[1:] != year[:-1]])
        length = np.diff(np.r_[begins, len(year)])
        parallel = -(-length // _CLASS[word])
        within = np.arange(len(year)) - np.repeat(begins, length)
        before = np.cumsum(parallel) - parallel
        first_of_school = np.flatnonzero(np.r_[True, at[begins][1:] != at[begins][:-1]])
        of_school = np.diff(np.r_[first_of_school, len(begins)])
        base = np.repeat(before[first_of_school], of_school)
        number = np.repeat(before - base, length) + within * np.repeat(parallel, length) // (
            np.repeat(length, length)
        )
        daytime[pupils], team[pupils] = at, number
        role[pupils] = ROLE_OF["student"]
        np.maximum.at(classes, at, number.astype(np.int32) + 1)
    return Occupation(daytime, team, role), classes, 2 * classes


def _post_roles(kinds: Int8) -> Int8:
    table = np.full(len(KINDS), ROLE_OF["staff"], dtype=np.int8)
    for word in _HEALTH:
        table[KIND_OF[word]] = ROLE_OF["health_worker"]
    for word in ("kindergarten", "school", "university", "training_centre"):
        table[KIND_OF[word]] = ROLE_OF["teacher"]
    table[KIND_OF["nursing_home"]] = ROLE_OF["carer"]
    table[KIND_OF["post_office"]] = ROLE_OF["courier"]
    return table[kinds]


def _post_teams(kinds: Int8, slot: Int64, zones: Int32) -> Int16:
    """Zone or team of each post; in places that are not divided, the number of the post."""
    rule = np.zeros(len(KINDS), dtype=np.int8)  # by team
    for word in (*_BY_WARD, "kindergarten", "school", "university"):
        rule[KIND_OF[word]] = 1  # by zone
    for word in (*UNDIVIDED, "nursing_home", "restaurant", "cafe", "bar", "ktv", "mahjong"):
        rule[KIND_OF[word]] = 2  # by post
    for word in ("banquet_hall", "hotel", "isolation_site"):
        rule[KIND_OF[word]] = 2
    how = rule[kinds]
    told = np.where(how == 1, slot % np.maximum(zones, 1), np.where(how == 2, slot, slot // TEAM))
    return np.minimum(told, 32_000).astype(np.int16)


def seekers(seed: int, age: Int8, sex: Int8, learning: Occupation) -> Int64:
    """Who works: numbers of persons."""
    return np.flatnonzero(_works(seed, age, sex) & (learning.daytime < 0))


def employ(
    seed: int,
    workers: Int64,
    *,
    home_grid: Int32,
    sites: Sites,
    depots: tuple[int, int, int],
    so_far: Occupation,
    grids: int,
) -> Occupation:
    """Give `workers` the posts of `sites`; who lives near is preferred for a third of them."""
    draw = Chance.of(seed, "employ")
    place = np.repeat(np.arange(sites.count, dtype=np.int32), sites.staff)
    first = np.cumsum(sites.staff) - sites.staff
    slot = np.arange(len(place)) - np.repeat(first, sites.staff)
    if len(place) > len(workers):
        kept = np.sort(
            np.argsort(draw.words(np.arange(len(place)), 1), kind="stable")[: len(workers)]
        )
        place, slot = place[kept], slot[kept]
    order = np.argsort(sites.grid[place], kind="stable")
    place, slot = place[order], slot[order]
    local = draw.below(100, workers, 2) < _LOCAL
    wish = np.where(local, home_grid[workers], draw.below(grids, workers, 3)).astype(np.int64)
    shuffle = (draw.words(workers, 4) >> np.uint64(34)).astype(np.int64)
    queue = workers[np.argsort((wish << 30) | shuffle, kind="stable")][: len(place)]
    daytime, team, role = so_far.daytime, so_far.team, so_far.role
    daytime[queue] = place
    kinds = sites.kind[place]
    team[queue] = _post_teams(kinds, slot, sites.zones[place])
    role[queue] = _post_roles(kinds)
    for depot in depots:
        drives = place == depot
        role[queue[drives]] = ROLE_OF["driver"]
        team[queue[drives]] = slot[drives]
    return Occupation(daytime, team, role)
