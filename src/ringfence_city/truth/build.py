"""The standing city, made of its parts."""

from __future__ import annotations

import numpy as np

from ringfence_city.chance import Chance
from ringfence_city.parameters import Parameters
from ringfence_city.truth import geography, occupations, sites
from ringfence_city.truth.circles import circles
from ringfence_city.truth.city import (
    KIND_OF,
    ROLE_OF,
    Blocks,
    City,
    Int8,
    Int32,
    People,
    Places,
    Teams,
    Venues,
)
from ringfence_city.truth.fleet import fleet
from ringfence_city.truth.households import households
from ringfence_city.truth.venue_kinds import GRIDS_OF_REACH, ROW_OF_KIND, VENUE_KINDS

_RESIDENTS_FOR_A_VISITOR = 200
_IN_HOTELS = 60
"""Percent of visitors who stay in hotels; the others stay with a household."""


def city(asked: Parameters) -> City:
    """The city asked for: the same for the same parameters, on every machine."""
    seed = asked.seed
    visitors = asked.people // _RESIDENTS_FOR_A_VISITOR
    residents = asked.people - visitors
    living = households(seed, residents, asked.household_size)
    homes = len(living.kind)
    grids = geography.grids_for(homes)
    grid_of_home = (np.arange(homes) // geography.HOMES_PER_GRID).astype(np.int32)
    size = np.diff(living.first)
    home = np.repeat(np.arange(homes, dtype=np.int32), size)
    grid = grid_of_home[home]
    schools = sites.schools(seed, residents, grids)
    dormitory = (living.kind == KIND_OF["dormitory"])[home]
    learning, classes, teachers = occupations.learn(
        seed, living.age, grid, dormitory=dormitory, schools=schools, grids=grids
    )
    schools = sites.Sites(
        schools.kind, schools.grid, schools.ventilation, classes, teachers, teachers
    )
    workers = occupations.seekers(seed, living.age, living.sex, learning)
    parts = [
        sites.homes(seed, living.kind, grid_of_home, size),
        sites.venues(seed, residents, grids),
        schools,
        sites.depots(seed, grids, fleet(residents).drivers),
    ]
    jobs = max(0, len(workers) - sum(int(part.staff.sum()) for part in parts))
    parts.append(sites.workplaces(seed, jobs, grids))
    first = np.cumsum([0, *(part.count for part in parts)])
    blocks = Blocks(int(first[1]), int(first[2]), int(first[3]), int(first[4]))
    every = sites.joined(parts)
    learning.daytime[learning.daytime >= 0] += blocks.schools
    work = occupations.employ(
        seed,
        workers,
        home_grid=grid,
        sites=every,
        depots=(blocks.bus_depot, blocks.taxi_depot, blocks.lorry_depot),
        so_far=learning,
        grids=grids,
    )
    communities = -(-grids // geography.GRIDS_PER_COMMUNITY)
    friends, circle = circles(seed, living.age, grid, asked.people, communities)
    places = _placed(seed, every, grids)
    venues = _venues(places, blocks, grids)
    people = _with_visitors(
        asked,
        age=living.age,
        sex=living.sex,
        home=home,
        work=work,
        circle=circle,
        places=places,
        venues=venues,
    )
    return City(
        asked,
        people,
        places,
        living.first,
        residents,
        grids,
        blocks,
        venues,
        friends,
        _teams(every, blocks, communities),
        _taxi_drivers(people, blocks),
    )


def _placed(seed: int, every: sites.Sites, grids: int) -> Places:
    lat, lon = geography.positions(seed, every.grid, np.arange(every.count), grids)
    return Places(
        every.kind,
        every.grid,
        every.ventilation,
        np.minimum(every.zones, 32_000).astype(np.int16),
        lat,
        lon,
        every.size,
        every.staff,
    )


def _venues(places: Places, blocks: Blocks, grids: int) -> Venues:
    row = ROW_OF_KIND[places.kind[blocks.venues : blocks.schools]]
    grid = places.grid[blocks.venues : blocks.schools]
    first = np.zeros((len(VENUE_KINDS), grids), dtype=np.int32)
    count = np.zeros((len(VENUE_KINDS), grids), dtype=np.int32)
    every = np.arange(grids)
    for number in range(len(VENUE_KINDS)):
        begin, end = np.searchsorted(row, [number, number + 1])
        reach = int(GRIDS_OF_REACH[number])
        low = np.searchsorted(grid[begin:end], every // reach * reach)
        high = np.searchsorted(grid[begin:end], every // reach * reach + reach)
        none = high == low  # nothing near: anywhere in the city will do
        first[number] = blocks.venues + begin + np.where(none, 0, low)
        count[number] = np.where(none, end - begin, high - low)
    zones = places.zones[blocks.venues : blocks.schools].astype(np.int64)
    return Venues(blocks.venues, first, count, np.r_[0, np.cumsum(zones)])


def _teams(every: sites.Sites, blocks: Blocks, communities: int) -> Teams:
    grid = every.grid[blocks.workplaces :]
    teams = every.zones[blocks.workplaces :]
    before = np.r_[0, np.cumsum(teams)].astype(np.int32)
    begins = np.searchsorted(grid // geography.GRIDS_PER_COMMUNITY, np.arange(communities + 1))
    return Teams(blocks.workplaces, before, before[begins])


def _taxi_drivers(people: People, blocks: Blocks) -> Int32:
    """Where a post is empty the last taxis have none."""
    drivers = np.flatnonzero(people.role == ROLE_OF["driver"]).astype(np.int32)
    here = drivers[people.daytime[drivers] == blocks.taxi_depot]
    told = np.full(int(people.team[here].max(initial=-1)) + 1, -1, dtype=np.int32)
    told[people.team[here]] = here
    return told


def _doses(seed: int, age: Int8) -> Int8:
    """Doses by autumn 2022: about nine of ten had two or more; fewer of the oldest and children."""
    draw = Chance.of(seed, "doses").below(100, np.arange(len(age)))
    adult = np.searchsorted([7, 10, 30], draw, side="right")
    old = np.searchsorted([25, 32, 52], draw, side="right")
    child = np.searchsorted([15, 25], draw, side="right")
    told = np.where(age < 3, 0, np.where(age < 18, child, np.where(age < 75, adult, old)))
    return told.astype(np.int8)


def _with_visitors(
    asked: Parameters,
    *,
    age: Int8,
    sex: Int8,
    home: Int32,
    work: occupations.Occupation,
    circle: Int32,
    places: Places,
    venues: Venues,
) -> People:
    """Residents, then visitors: in hotels, or with a household."""
    residents = len(age)
    each = np.arange(asked.people - residents)
    draw = Chance.of(asked.seed, "visitor")
    row = int(ROW_OF_KIND[KIND_OF["hotel"]])
    hotels, hotel = int(venues.count[row].max()), int(venues.first[row].min())
    lodges = draw.below(100, each, 0) < _IN_HOTELS
    host = home[draw.below(residents, each, 1)] if len(each) else np.zeros(0, np.int32)
    stay = np.where(lodges, hotel + each % max(hotels, 1), host).astype(np.int32)
    room = np.where(lodges, each // max(hotels, 1) % np.maximum(places.zones[stay], 1), -1)
    none = np.full(len(each), -1)
    ages = np.r_[age, (18 + draw.below(35, each, 2) + draw.below(15, each, 3)).astype(np.int8)]
    homes = np.r_[home, stay].astype(np.int32)
    return People(
        ages,
        np.r_[sex, draw.below(2, each, 4).astype(np.int8)],
        homes,
        np.r_[work.daytime, none.astype(np.int32)],
        np.r_[work.team, room.astype(np.int16)],
        np.r_[work.role, np.full(len(each), ROLE_OF["visitor"], dtype=np.int8)],
        places.grid[homes],
        _doses(asked.seed, ages),
        circle,
    )
