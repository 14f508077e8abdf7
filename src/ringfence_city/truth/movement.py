"""Where persons are on a day."""

from __future__ import annotations

import numpy as np

from ringfence_city.chance import Chance
from ringfence_city.truth.city import DAY, KIND_OF, ROLE_OF, City, Int8, Int32, Stays


def stays(city: City, persons: Int32, day: int, confined: Int8 | None = None) -> Stays:
    """The day of `persons` (in ascending order). `confined`: FREE, AT_HOME, IN_HOSPITAL, ISOLATED."""
    people = city.people
    draw = Chance.of(city.asked.seed, "day")
    n = len(persons)
    free = np.ones(n, dtype=bool) if confined is None else np.asarray(confined) == 0
    daytime = people.daytime[persons]
    works = free & (daytime >= 0) & ((day % 7) < 5)
    leave = 420 + draw.below(60, persons, day)
    back = np.where(works, 1020 + draw.below(90, persons, day, 1), leave)
    shop = city.venues.at[KIND_OF["shop"]]
    shops = free & draw.happens(600_000, persons, day, 2)
    at = shop[draw.below(len(shop), persons, day, 3)]
    home, role = people.home[persons], people.role[persons]
    none = np.full(n, -1)
    resident = np.full(n, ROLE_OF["resident"])
    customer = np.full(n, ROLE_OF["customer"])
    rows = [
        (home, none, np.zeros(n, int), leave, resident, np.ones(n, bool)),
        (daytime, people.team[persons], leave + 30, back, role, works),
        (at, none, back + 20, back + 40, customer, shops),
        (home, none, back + 60, np.full(n, DAY), resident, np.ones(n, bool)),
    ]
    columns = [np.stack([row[i] for row in rows], axis=1) for i in range(5)]
    kept = np.stack([row[5] for row in rows], axis=1)
    place, zone, start, end, doing = (column[kept] for column in columns)
    person = np.broadcast_to(np.asarray(persons)[:, None], kept.shape)[kept]
    mask = (place >= city.first_of_home.size - 1) & draw.happens(500_000, person, day, 9)
    return Stays(
        person.astype(np.int32),
        place.astype(np.int32),
        zone.astype(np.int16),
        (start + day * DAY).astype(np.int32),
        (end + day * DAY).astype(np.int32),
        doing.astype(np.int8),
        mask.astype(np.int8),
    )
