"""Parts of places within which people can interact: a table, a team, a class, a shop's counter.

A large place that is not divided has cells of its own: people who come at the same minute are in
one cell (so those who come together stay together), and each post belongs to one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfence_city.chance import Chance
from ringfence_city.truth.city import KIND_OF, KINDS, ROLE_OF, City, Int64, Stays
from ringfence_city.truth.venue_kinds import TABLED, TEAM

_PEOPLE_OF_A_CELL = 30
_SERVICE, _TEAMS, _MEETINGS = 1 << 15, 1 << 14, 1 << 13
_PEOPLE_OF_A_MEETING = 6
_WORKING = np.zeros(len(ROLE_OF), dtype=bool)
for _word in ("staff", "health_worker", "teacher", "carer", "driver", "courier"):
    _WORKING[ROLE_OF[_word]] = True
_WHOLE = np.isin(np.array(KINDS), ["home", "dormitory", "nursing_home"])
"""Not divided, and small enough for everybody to be one cell."""
_TABLED = np.isin(np.array(KINDS), sorted(TABLED))
_BEDS = np.isin(np.array(KINDS), ["hotel"])
_STATION = KIND_OF["station"]


@dataclass(frozen=True)
class Cells:
    """Entries of stays in cells. `key` is of a place and a cell; `stay` the number of a stay.

    `works`: the person works there (of each stay). `service`: a cell where only those who work
    and those who do not interact (of each entry).
    """

    key: Int64
    stay: Int64
    service: NDArray[np.bool_]
    works: NDArray[np.bool_]


def cells(city: City, stays: Stays, day: int) -> Cells:
    place = stays.place.astype(np.int64)
    kind = city.places.kind[place]
    works = _WORKING[stays.role] & (city.people.daytime[stays.person] == stays.place)
    post = np.maximum(city.people.team[stays.person], 0).astype(np.int64)
    zone = stays.zone.astype(np.int64)
    divided = zone >= 0
    entry = np.arange(stays.count)
    open_ = ~divided & ~_WHOLE[kind]
    cell = np.where(divided, zone, 0)
    # 1: not divided: those who come by the minute they come, those who work by their post
    at = np.flatnonzero(open_)
    many = np.maximum(city.places.size[place[at]] // _PEOPLE_OF_A_CELL, 1)
    many = np.maximum(many, np.minimum(city.places.staff[place[at]], 200)).astype(np.int64)
    many = np.minimum(many, _MEETINGS - 1)
    drawn = Chance.of(city.asked.seed, "cell").below(many, place[at], stays.start[at])
    cell[at] = np.where(works[at], post[at] % many, drawn)
    parts = [(entry, cell, open_)]
    # 2: colleagues there
    some = np.flatnonzero(open_ & works)
    parts.append((some, _TEAMS + post[some] // TEAM, np.zeros(len(some), dtype=bool)))
    # 3: colleagues of other teams, met once that day
    some = np.flatnonzero(divided & works & (place >= city.blocks.workplaces))
    groups = city.places.staff[place[some]].astype(np.int64) // _PEOPLE_OF_A_MEETING + 1
    group = Chance.of(city.asked.seed, "meeting").below(groups, stays.person[some], day)
    parts.append((some, _MEETINGS + group, np.zeros(len(some), dtype=bool)))
    # 4: who serves a table or a room
    some = np.flatnonzero(divided & (_TABLED | _BEDS)[kind])
    posts = np.maximum(city.places.staff[place[some]], 1).astype(np.int64)
    number = np.where(works[some], post[some], zone[some]) % posts
    parts.append((some, _SERVICE + number, np.ones(len(some), dtype=bool)))
    stay, within, service = (np.concatenate([part[i] for part in parts]) for i in range(3))
    # service: in an undivided place all may interact but those who work there (they have teams)
    key = (place[stay] << 16) | within
    return Cells(key, stay, service, works)


def may_interact(cells: Cells, one: Int64, two: Int64) -> NDArray[np.bool_]:
    """Whether the cell lets a pair of entries interact."""
    first, second = cells.works[cells.stay[one]], cells.works[cells.stay[two]]
    served = (cells.key[one] & _SERVICE) > 0
    return np.where(served, first != second, ~(cells.service[one] & first & second))
