"""Which places a city of a size has: how many of each kind, how large, how staffed, how aired.

Counts follow the order of magnitude of Chinese cities (statistical yearbooks 2020-2022: about
9 million restaurants, 660,000 pharmacies, 36,000 hospitals, 980,000 primary care units, 640,000
hotels and inns for 1.4 billion people); they are shaped, not measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from ringfence_city.truth.city import KINDS, Int8, Int32


class Reach(IntEnum):
    """From how far people come, as grids of the division that is searched."""

    COMMUNITY = 6
    STREET = 60
    DISTRICT = 600
    CITY = 2**30


@dataclass(frozen=True)
class VenueKind:
    """`people_for_one`: inhabitants per place; `from_people`: least city that has one.

    `staff` and `zones` are (least, most); no zones: the place is not divided. `air`: weights of
    good, poor, open air. `visits`: expected on a day at full size.
    """

    kind: str
    people_for_one: int
    staff: tuple[int, int]
    zones: tuple[int, int]
    air: tuple[int, int, int]
    visits: int
    reach: Reach
    from_people: int = 0


_C, _S, _D, _A = Reach.COMMUNITY, Reach.STREET, Reach.DISTRICT, Reach.CITY

VENUE_KINDS = (
    VenueKind("restaurant", 300, (2, 9), (8, 20), (75, 25, 0), 60, _C),
    VenueKind("cafe", 3_000, (2, 4), (6, 14), (85, 15, 0), 60, _S),
    VenueKind("food_court", 15_000, (8, 25), (0, 0), (80, 20, 0), 500, _S),
    VenueKind("bar", 8_000, (2, 8), (8, 16), (50, 50, 0), 50, _S, 2_000),
    VenueKind("nightclub", 80_000, (10, 30), (0, 0), (20, 80, 0), 200, _D, 50_000),
    VenueKind("ktv", 8_000, (4, 12), (8, 20), (20, 80, 0), 80, _S),
    VenueKind("cinema", 40_000, (6, 15), (4, 8), (60, 40, 0), 350, _D, 5_000),
    VenueKind("internet_cafe", 12_000, (2, 4), (0, 0), (40, 60, 0), 90, _S, 2_000),
    VenueKind("mahjong", 4_000, (1, 2), (6, 14), (25, 75, 0), 50, _S),
    VenueKind("gym", 10_000, (3, 10), (0, 0), (60, 40, 0), 110, _S),
    VenueKind("bathhouse", 20_000, (4, 12), (0, 0), (30, 70, 0), 120, _S, 5_000),
    VenueKind("pool", 100_000, (8, 16), (0, 0), (70, 30, 0), 200, _D, 50_000),
    VenueKind("training_centre", 6_000, (4, 16), (5, 12), (65, 35, 0), 120, _S),
    VenueKind("library", 100_000, (6, 20), (2, 5), (85, 15, 0), 300, _D, 50_000),
    VenueKind("shop", 220, (1, 4), (0, 0), (85, 15, 0), 50, _C),
    VenueKind("supermarket", 4_000, (8, 30), (0, 0), (85, 15, 0), 700, _S),
    VenueKind("mall", 60_000, (60, 300), (0, 0), (90, 10, 0), 5_000, _D, 20_000),
    VenueKind("market", 9_000, (20, 70), (0, 0), (60, 20, 20), 1_300, _S),
    VenueKind("wholesale_market", 250_000, (100, 400), (0, 0), (70, 30, 0), 2_500, _A, 2_000),
    VenueKind("pharmacy", 2_500, (2, 4), (0, 0), (90, 10, 0), 60, _C),
    VenueKind("hospital", 60_000, (200, 500), (20, 40), (85, 15, 0), 900, _D),
    VenueKind("clinic", 5_000, (3, 9), (2, 4), (80, 20, 0), 60, _S),
    VenueKind("fever_clinic", 150_000, (8, 16), (3, 6), (90, 10, 0), 60, _A, 20_000),
    VenueKind("laboratory", 200_000, (10, 40), (2, 4), (90, 10, 0), 20, _A, 50_000),
    VenueKind("test_site", 6_000, (2, 5), (0, 0), (0, 0, 100), 300, _S),
    VenueKind("vaccination_site", 50_000, (4, 10), (2, 3), (90, 10, 0), 150, _D, 20_000),
    VenueKind("hotel", 8_000, (5, 20), (30, 90), (85, 15, 0), 40, _D),
    VenueKind("isolation_site", 20_000, (4, 10), (200, 200), (90, 10, 0), 20, _A),
    VenueKind("banquet_hall", 30_000, (8, 20), (16, 30), (70, 30, 0), 200, _D, 5_000),
    VenueKind("worship", 40_000, (2, 5), (0, 0), (70, 30, 0), 150, _D, 10_000),
    VenueKind("stadium", 400_000, (20, 40), (0, 0), (70, 10, 20), 800, _A, 100_000),
    VenueKind("exhibition", 600_000, (20, 60), (0, 0), (90, 10, 0), 1_500, _A, 200_000),
    VenueKind("bank", 8_000, (6, 14), (0, 0), (90, 10, 0), 120, _S),
    VenueKind("salon", 1_800, (2, 6), (0, 0), (70, 30, 0), 25, _C),
    VenueKind("service_hall", 40_000, (15, 50), (0, 0), (90, 10, 0), 500, _D, 5_000),
    VenueKind("post_office", 4_000, (2, 7), (0, 0), (85, 15, 0), 120, _C),
    VenueKind("station", 1_000_000_000, (1_000, 2_000), (0, 0), (85, 15, 0), 40_000, _A),
    VenueKind("checkpoint", 200_000, (3, 8), (0, 0), (0, 0, 100), 100, _A),
    VenueKind("park", 6_000, (1, 4), (0, 0), (0, 0, 100), 500, _S),
)

GENERIC = (
    # kind, weight, least and most staff, air
    ("office", 52, 3, 60, (85, 15, 0)),
    ("factory", 14, 10, 300, (75, 25, 0)),
    ("warehouse", 6, 4, 40, (80, 20, 0)),
    ("construction_site", 8, 8, 80, (10, 0, 90)),
    ("farm", 8, 2, 8, (0, 0, 100)),
    ("workplace", 12, 2, 20, (75, 25, 0)),
)
"""Workplaces that nobody visits: they take whoever works nowhere else."""

TEAM = 10
"""Persons of a team."""

UNDIVIDED = frozenset(told.kind for told in VENUE_KINDS if told.zones == (0, 0))
TABLED = frozenset({"restaurant", "cafe", "bar", "ktv", "mahjong", "banquet_hall"})
"""Places whose zones are tables or rooms of parties that came together."""


def rows() -> Int8:
    """The row in VENUE_KINDS of each kind number; -1: not visited."""
    number = {told.kind: row for row, told in enumerate(VENUE_KINDS)}
    return np.array([number.get(kind, -1) for kind in KINDS], dtype=np.int8)


ROW_OF_KIND = rows()
ROW_OF = {told.kind: row for row, told in enumerate(VENUE_KINDS)}
GRIDS_OF_REACH: Int32 = np.array([told.reach for told in VENUE_KINDS], dtype=np.int32)
