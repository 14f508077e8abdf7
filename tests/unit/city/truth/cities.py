"""Small cities, made once for the tests of a process."""

from __future__ import annotations

from functools import cache

import numpy as np

from ringfence_city.parameters import Parameters
from ringfence_city.truth import build
from ringfence_city.truth.city import City, Int32

SEED = 7
DAYS = range(14)
WORKDAY, SUNDAY, HOLIDAY = 1, 6, 12
"""20 and 25 September, 1 October 2022."""


@cache
def town(people: int = 6_000, seed: int = SEED) -> City:
    return build.city(Parameters(people, len(DAYS), seed))


def everybody(city: City) -> Int32:
    return np.arange(city.people.count, dtype=np.int32)
