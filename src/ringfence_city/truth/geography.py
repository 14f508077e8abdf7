"""How the city is divided, and where things lie.

The city lies in the open sea: whoever draws it on a map sees at once that it does not exist.
"""

from __future__ import annotations

from math import isqrt

import numpy as np

from ringfence_city.chance import Chance
from ringfence_city.truth.city import Int32, Int64

HOMES_PER_GRID = 200
GRIDS_PER_COMMUNITY = 6
COMMUNITIES_PER_STREET = 10
STREETS_PER_DISTRICT = 10

_SOUTH_E5, _WEST_E5 = 2_950_000, 12_400_000
_GRID_E5 = 300
"""Side of a grid, about 300 m."""


def grids_for(homes: int) -> int:
    return max(1, -(-homes // HOMES_PER_GRID))


def positions(seed: int, grid: Int32, place: Int64, grids: int) -> tuple[Int32, Int32]:
    """Latitude and longitude (degrees times 100,000) of places in their grids."""
    wide = isqrt(grids - 1) + 1
    draw = Chance.of(seed, "position")
    south = _SOUTH_E5 + (grid // wide) * _GRID_E5
    west = _WEST_E5 + (grid % wide) * _GRID_E5
    return (
        (south + draw.below(_GRID_E5, place, 0)).astype(np.int32),
        (west + draw.below(_GRID_E5, place, 1)).astype(np.int32),
    )
