"""When each kind of place is worked in, and how long a visit takes. Minutes of the day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ringfence_city.truth.city import KINDS, Int16, Int64
from ringfence_city.truth.venue_kinds import ROW_OF, VENUE_KINDS

WEEKDAYS, FIVE_OF_SEVEN, SIX_OF_SEVEN, ROTA = 0, 1, 2, 3
"""Weekly patterns. ROTA: four days of which one is a day shift and one a night."""

_HOURS: dict[str, tuple[int, int, int, int, int, int]] = {
    # kind: start, spread of starts, length, weekly pattern, start of the late shift after the
    # early one (0: none), percent who are off on a public holiday
    "office": (520, 60, 530, WEEKDAYS, 0, 95),
    "factory": (470, 40, 540, SIX_OF_SEVEN, 0, 70),
    "warehouse": (470, 60, 540, SIX_OF_SEVEN, 240, 40),
    "construction_site": (420, 30, 600, SIX_OF_SEVEN, 0, 60),
    "farm": (390, 60, 540, SIX_OF_SEVEN, 0, 20),
    "workplace": (480, 60, 540, SIX_OF_SEVEN, 0, 50),
    "kindergarten": (485, 20, 490, WEEKDAYS, 0, 100),
    "school": (455, 20, 545, WEEKDAYS, 0, 100),
    "university": (500, 40, 480, WEEKDAYS, 0, 100),
    "training_centre": (560, 60, 540, FIVE_OF_SEVEN, 120, 20),
    "hospital": (465, 20, 560, FIVE_OF_SEVEN, 0, 40),
    "nursing_home": (450, 30, 560, ROTA, 0, 0),
    "station": (390, 60, 520, ROTA, 0, 0),
    "hotel": (450, 60, 540, ROTA, 0, 0),
    "isolation_site": (470, 20, 560, ROTA, 0, 0),
    "fever_clinic": (470, 20, 560, ROTA, 0, 0),
    "checkpoint": (470, 20, 560, ROTA, 0, 0),
    "bank": (520, 20, 500, WEEKDAYS, 0, 80),
    "service_hall": (520, 20, 490, WEEKDAYS, 0, 100),
    "restaurant": (560, 40, 500, SIX_OF_SEVEN, 210, 0),
    "bar": (1_020, 30, 380, SIX_OF_SEVEN, 0, 0),
    "nightclub": (1_080, 30, 330, SIX_OF_SEVEN, 0, 0),
    "ktv": (720, 60, 480, SIX_OF_SEVEN, 200, 0),
    "market": (330, 90, 600, SIX_OF_SEVEN, 0, 0),
    "wholesale_market": (240, 120, 600, SIX_OF_SEVEN, 0, 10),
    "park": (400, 60, 540, FIVE_OF_SEVEN, 0, 0),
}
_OTHERS = (520, 40, 520, FIVE_OF_SEVEN, 240, 10)

HOURS: Int64 = np.array([_HOURS.get(kind, _OTHERS) for kind in KINDS], dtype=np.int64)
"""One row a kind number, columns as in the comment above."""

NIGHTLY: NDArray[np.bool_] = np.array(
    [HOURS[number, 3] == ROTA or kind == "hospital" for number, kind in enumerate(KINDS)]
)
"""Places that are staffed by night."""

NIGHT_SHARE = 26_000
"""Of 65,536 persons who work in such a place, who take part in the rota."""

_MINUTES: dict[str, tuple[int, int]] = {
    "shop": (4, 16),
    "supermarket": (15, 45),
    "market": (12, 40),
    "wholesale_market": (30, 90),
    "mall": (50, 150),
    "pharmacy": (4, 14),
    "hospital": (50, 150),
    "clinic": (20, 60),
    "fever_clinic": (60, 180),
    "test_site": (5, 25),
    "vaccination_site": (30, 50),
    "bank": (10, 40),
    "salon": (30, 90),
    "service_hall": (20, 60),
    "post_office": (3, 12),
    "food_court": (20, 45),
    "restaurant": (25, 50),
    "gym": (50, 100),
    "pool": (60, 110),
    "bathhouse": (60, 120),
    "internet_cafe": (60, 180),
    "cinema": (100, 140),
    "library": (50, 150),
    "training_centre": (80, 120),
    "worship": (40, 90),
    "park": (30, 100),
    "exhibition": (60, 150),
    "stadium": (80, 130),
}
MINUTES: Int16 = np.array(
    [_MINUTES.get(told.kind, (20, 60)) for told in VENUE_KINDS], dtype=np.int16
)
"""Least and most minutes of a visit, one row a venue row."""


def wheel(weights: dict[str, int]) -> Int16:
    """4,096 venue rows in the given proportions (-1: none), to be drawn from by twelve bits."""
    total = sum(weights.values())
    told: list[int] = []
    so_far = 0
    for kind, weight in weights.items():
        so_far += weight
        row = ROW_OF.get(kind, -1)
        told.extend([row] * (so_far * 4_096 // total - len(told)))
    return np.array(told, dtype=np.int16)


ERRANDS: Int16 = np.stack(
    [
        wheel(
            {"shop": 300, "supermarket": 220, "training_centre": 170, "mall": 60, "library": 30}
            | {"clinic": 25, "hospital": 10, "food_court": 50, "pool": 20, "park": 100}
            | {"salon": 15, "test_site": 20}
        ),
        wheel(
            {"supermarket": 240, "market": 150, "shop": 250, "pharmacy": 40, "bank": 25}
            | {"salon": 40, "service_hall": 12, "post_office": 60, "clinic": 18, "hospital": 14}
            | {"mall": 40, "food_court": 50, "gym": 25, "internet_cafe": 6, "bathhouse": 6}
            | {"library": 5, "worship": 4, "pool": 4, "fever_clinic": 1, "test_site": 45}
            | {"vaccination_site": 2, "exhibition": 2, "stadium": 2, "nightclub": 3}
        ),
        wheel(
            {"market": 400, "supermarket": 160, "park": 130, "shop": 80, "pharmacy": 50}
            | {"clinic": 45, "hospital": 35, "bank": 30, "worship": 15, "salon": 20}
            | {"service_hall": 8, "post_office": 15, "test_site": 30, "bathhouse": 10}
            | {"vaccination_site": 3}
        ),
        wheel(
            {"mall": 200, "park": 200, "food_court": 200, "shop": 200, "exhibition": 60}
            | {"supermarket": 80, "library": 10, "market": 60, "nightclub": 20, "cinema": 30}
        ),
    ]
)
"""Where children, adults, old people and visitors from elsewhere go by themselves."""

VISIT_ROLE = {"hospital": "patient", "clinic": "patient", "fever_clinic": "patient"} | {
    "training_centre": "student",
    "station": "passenger",
    "park": "visitor",
    "library": "visitor",
    "worship": "visitor",
    "exhibition": "visitor",
    "stadium": "visitor",
    "test_site": "visitor",
    "vaccination_site": "visitor",
    "service_hall": "visitor",
}

_MASKS = {
    # kind: of 256 persons who wear one: who visit, who work there
    "home": (0, 60),
    "dormitory": (0, 0),
    "nursing_home": (20, 200),
    "restaurant": (10, 190),
    "cafe": (10, 150),
    "food_court": (30, 190),
    "bar": (5, 60),
    "nightclub": (5, 60),
    "ktv": (5, 90),
    "mahjong": (20, 50),
    "gym": (10, 60),
    "bathhouse": (0, 60),
    "pool": (0, 40),
    "hospital": (235, 250),
    "clinic": (225, 245),
    "fever_clinic": (250, 255),
    "laboratory": (240, 255),
    "test_site": (230, 255),
    "vaccination_site": (235, 250),
    "isolation_site": (120, 254),
    "station": (225, 235),
    "checkpoint": (200, 230),
    "park": (60, 80),
    "farm": (10, 10),
    "construction_site": (40, 40),
    "factory": (90, 90),
    "office": (80, 80),
    "school": (110, 110),
    "kindergarten": (60, 150),
    "university": (90, 100),
    "banquet_hall": (5, 160),
    "hotel": (10, 190),
}
MASKS: Int64 = np.array([_MASKS.get(kind, (180, 200)) for kind in KINDS], dtype=np.int64)
"""Of 256 persons: one row a kind number, visiting and working."""
