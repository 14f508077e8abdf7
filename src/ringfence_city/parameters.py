"""What a city is asked to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Parameters:
    """`first_day` is a local calendar day of `ZONE`; minutes of the city count from its midnight.

    `index_cases`: people infected before the first day. `full`: agencies deliver every fact as it
    is (no noise at all), so that what a trace must find is known exactly. `household_size`: persons
    of every household; None: as the census counts them.
    """

    people: int
    days: int
    seed: int
    first_day: date = date(2022, 9, 19)
    index_cases: int = 3
    full: bool = False
    household_size: int | None = None
