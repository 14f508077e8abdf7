"""The standing city: who lives there, and which places there are. Columns are NumPy arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfence.records.vocabularies import PLACE_KINDS, ROLES, Setting
from ringfence_city.parameters import Parameters

Int64 = NDArray[np.int64]
Int32 = NDArray[np.int32]
Int16 = NDArray[np.int16]
Int8 = NDArray[np.int8]
Truths = NDArray[np.bool_]
Array = NDArray[np.generic]
"""A column of any type."""

DAY = 1440
"""Minutes of a day: every clock of the city counts minutes, and days have no summer time."""

KINDS = tuple(PLACE_KINDS)
ROLE_WORDS = tuple(ROLES)
SETTINGS = tuple(setting.value for setting in Setting)
VENTILATION_WORDS = ("good", "poor", "open_air")

KIND_OF = {word: number for number, word in enumerate(KINDS)}
ROLE_OF = {word: number for number, word in enumerate(ROLE_WORDS)}
SETTING_OF = {word: number for number, word in enumerate(SETTINGS)}
SETTING_OF_KIND = np.array(
    [SETTING_OF[setting.value] for setting, _ in PLACE_KINDS.values()], dtype=np.int8
)
"""Setting number of each kind number."""

FREE, AT_HOME, IN_HOSPITAL, ISOLATED = 0, 1, 2, 3
"""What `confined` says of a person on a day."""


@dataclass(frozen=True)
class People:
    """One entry a person; the index is the person's number (key: `subject_key`).

    Persons of one home have consecutive numbers, and homes are in the order of their grids.
    """

    age: Int8
    sex: Int8  # 0 female, 1 male
    home: Int32  # place number
    daytime: Int32  # place of work or school; -1: none
    team: Int16  # zone of work or class within `daytime`; -1: none
    role: Int8  # number in ROLE_WORDS
    grid: Int32  # grid of the home: index into the jurisdictions' grids
    doses: Int8  # vaccinations against the disease, before the first day
    circle: Int32  # number in Circles; -1: none

    @property
    def count(self) -> int:
        return len(self.age)


@dataclass(frozen=True)
class Places:
    """One entry a place; the index is the place's number (key: `keys.place_keys`).

    Homes come first.
    """

    kind: Int8  # number in KINDS
    grid: Int32
    ventilation: Int8  # number in VENTILATION_WORDS
    zones: Int16  # number of zones (tables, rooms, classes); 0: not divided
    lat_e5: Int32  # degrees times 100,000, WGS-84
    lon_e5: Int32
    size: Int32  # visits expected on a day, or staff or residents where there are no visitors
    staff: Int32  # posts

    @property
    def count(self) -> int:
        return len(self.kind)


@dataclass(frozen=True)
class Venues:
    """Where to find a place of a kind (a row of `venue_kinds.VENUE_KINDS`) near a grid.

    Places of a row have consecutive numbers: `count[row, grid]` of them from `first[row, grid]`
    are within its reach. `zones_before`: zones of all venues before each place (counted from
    `base`), so that every table of an area has a number.
    """

    base: int
    first: Int32
    count: Int32
    zones_before: Int64


@dataclass(frozen=True)
class Circles:
    """Friends who meet. `member[first[c]:first[c + 1]]` are those of circle `c`; circles are in the
    order of communities, `of_community[m]` is the first of community `m`.
    """

    first: Int32
    member: Int32
    of_community: Int32
    class_: Int8  # 0 children, 1 adults, 2 old people


@dataclass(frozen=True)
class Teams:
    """Teams of workplaces that nobody visits, numbered in the order of communities.

    `before[p - base]`: teams of the workplaces before place `p`.
    """

    base: int
    before: Int32
    of_community: Int32


@dataclass(frozen=True)
class Blocks:
    """Numbers of the first place of each block, and the depots of drivers."""

    venues: int
    schools: int
    depots: int
    workplaces: int

    @property
    def bus_depot(self) -> int:
        return self.depots

    @property
    def taxi_depot(self) -> int:
        return self.depots + 1

    @property
    def lorry_depot(self) -> int:
        return self.depots + 2


@dataclass(frozen=True)
class City:
    """`first_of_home[h]`: number of the first person of home `h`; one entry more than homes.

    Persons from number `residents` on are visitors from elsewhere: they have stays only while
    they are in the city.
    """

    asked: Parameters
    people: People
    places: Places
    first_of_home: Int32
    residents: int
    grids: int
    blocks: Blocks
    venues: Venues
    circles: Circles
    teams: Teams
    taxi_drivers: Int32  # person who drives each taxi, by its number

    @property
    def homes(self) -> int:
        return len(self.first_of_home) - 1


@dataclass(frozen=True)
class Stays:
    """Who was where. Minutes from local midnight of the first day, half-open, sorted by person.

    A person's stays never overlap; a stay that goes past midnight is two rows of two days only if
    the person is at home or in a place of the night.
    """

    person: Int32
    place: Int32
    zone: Int16  # -1: none
    start: Int32
    end: Int32
    role: Int8
    mask: Int8  # 0 no, 1 yes

    @property
    def count(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Met:
    """Pairs who interacted (talked or touched). `person_a` < `person_b`; minutes as in `Stays`."""

    person_a: Int32
    person_b: Int32
    place: Int32  # place number; -1 aboard a run
    start: Int32
    end: Int32
    distance_dm: Int16  # least distance in tenths of a metre
    physical: Int8
    indoor: Int8
    setting: Int8  # number in SETTINGS

    @property
    def count(self) -> int:
        return len(self.person_a)


def subject_key(person: int) -> str:
    return f"p{person:08d}"
