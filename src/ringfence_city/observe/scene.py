"""What happened on one day to a part of the people: what channels look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import Noise
from ringfence_city.observe.rows import Columns
from ringfence_city.truth.city import City, Stays
from ringfence_city.truth.days import Day


@dataclass(frozen=True)
class Scene:
    city: City
    day: int
    told: Day

    @property
    def stays(self) -> Stays:
        return self.told.stays


@dataclass(frozen=True)
class Seen:
    """Rows for a canonical table; those marked `late` come with the next delivery."""

    table: str
    columns: Columns
    late: NDArray[np.bool_]


@dataclass(frozen=True)
class Channel:
    """A channel that delivers every day."""

    name: str
    noise: Noise
    see: Callable[[Scene, Disguise], list[Seen]]
