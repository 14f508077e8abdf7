"""The standing city, made of its parts."""

from __future__ import annotations

import numpy as np

from ringfence_city.chance import Chance
from ringfence_city.parameters import Parameters
from ringfence_city.truth.city import KIND_OF, ROLE_OF, City, People, Places, Venues


def city(asked: Parameters) -> City:
    """The city asked for: the same for the same parameters, on every machine."""
    n = asked.people
    size = Chance.of(asked.seed, "household").pick([254, 297, 210, 132, 62, 45], np.arange(n)) + 1
    ends = np.cumsum(size)
    homes = int(np.searchsorted(ends, n)) + 1
    first = np.concatenate([[0], np.minimum(ends[:homes], n)]).astype(np.int32)
    home = np.repeat(np.arange(homes, dtype=np.int32), np.diff(first))
    every = np.arange(n)
    age = Chance.of(asked.seed, "age").below(85, every).astype(np.int8)
    pupil = (age >= 6) & (age < 18)
    works = (age >= 18) & (age < 60)
    schools, offices = max(1, n // 4000), max(1, n // 40)
    base_school, base_office = homes, homes + schools
    base_shop = base_office + offices
    shops = max(4, n // 500)
    total = base_shop + shops
    draw = Chance.of(asked.seed, "daytime")
    daytime = np.full(n, -1, dtype=np.int32)
    daytime[pupil] = base_school + draw.below(schools, every[pupil])
    daytime[works] = base_office + draw.below(offices, every[works])
    team = np.where(pupil, age, np.where(works, draw.below(3, every, 1), -1)).astype(np.int16)
    role = np.full(n, ROLE_OF["resident"], dtype=np.int8)
    role[pupil], role[works] = ROLE_OF["student"], ROLE_OF["staff"]
    kind = np.full(total, KIND_OF["home"], dtype=np.int8)
    kind[base_school:base_office] = KIND_OF["school"]
    kind[base_office:base_shop] = KIND_OF["office"]
    kind[base_shop:] = KIND_OF["shop"]
    place = np.arange(total)
    zones = np.zeros(total, dtype=np.int16)
    zones[base_school:base_office], zones[base_office:base_shop] = 18, 3
    grids = max(1, homes // 200)
    grid = np.where(place < homes, np.minimum(place // 200, grids - 1), place % grids)
    places = Places(
        kind=kind,
        grid=grid.astype(np.int32),
        ventilation=Chance.of(asked.seed, "air").pick([7, 3], place).astype(np.int8),
        zones=zones,
        lat_e5=(3_000_000 + place % 997).astype(np.int32),
        lon_e5=(11_000_000 + place % 991).astype(np.int32),
        size=np.full(total, 50, dtype=np.int32),
    )
    people = People(
        age=age,
        sex=Chance.of(asked.seed, "sex").below(2, every).astype(np.int8),
        home=home,
        daytime=daytime,
        team=team,
        role=role,
        grid=places.grid[home],
        doses=Chance.of(asked.seed, "doses").pick([1, 1, 3, 5], every).astype(np.int8),
        circle=np.full(n, -1, dtype=np.int32),
    )
    shop = np.arange(base_shop, total, dtype=np.int32)
    venues = Venues({KIND_OF["shop"]: shop}, {KIND_OF["shop"]: np.array([0, shops], np.int32)})
    return City(asked, people, places, first, venues)
