"""What a telephone network tells of the case: where its cells were, and one evening another's."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ringfence_city.stories.days import SPOTS, Stay, at

LEAST = 90
"""Minutes of a stay of which the network was asked."""
ACCURACY_M = 900
_JITTER = 0.004
"""Degrees, some 400 m."""
_FAR_CELL = (31.4650, 120.2050)
"""Across the lake from the home, 14 km away."""
_EVENING = 3


@dataclass(frozen=True)
class Cell:
    """Degrees WGS-84; `radius` in metres."""

    moment: datetime
    lat: float
    lon: float
    radius: int = ACCURACY_M


def cells(days: Sequence[Stay], chance: random.Random) -> Iterator[Cell]:
    """One or two of each long stay."""
    for stay in days:
        if stay.where in SPOTS and stay.minutes >= LEAST:
            for _ in range(chance.randint(1, 2)):
                yield _near(
                    stay, stay.start + (stay.end - stay.start) * chance.uniform(0.1, 0.9), chance
                )


def adrift(days: Sequence[Stay], chance: random.Random) -> tuple[list[Cell], Stay]:
    """To a cell across the lake and back, three times within minutes; the stay at which it was."""
    stay = next(s for s in days if s.where == "home" and s.end > at(_EVENING + 1, "4:00"))
    begun = stay.start + (stay.end - stay.start) / 3
    found = []
    for number in range(7):
        moment = begun + timedelta(minutes=2 * number)
        far = Cell(moment, *_FAR_CELL, radius=2_000)
        found.append(far if number % 2 else _near(stay, moment, chance))
    return found, stay


def _near(stay: Stay, moment: datetime, chance: random.Random) -> Cell:
    spot = SPOTS[stay.where]
    lat, lon = (degrees + chance.uniform(-_JITTER, _JITTER) for degrees in (spot.lat, spot.lon))
    return Cell(moment, round(lat, 4), round(lon, 4))
