"""What kind of day it is, in the calendar of 2022."""

from __future__ import annotations

from datetime import date, timedelta

WORKDAY, WEEKEND, HOLIDAY = 0, 1, 2

_MADE_UP = (date(2022, 10, 8), date(2022, 10, 9))
"""Days of a weekend that were worked in exchange (notice of the State Council, 2021-10-25)."""

RUSH = (date(2022, 9, 30), date(2022, 10, 1), date(2022, 10, 2))
"""When most travellers of the holiday arrive."""


def date_of(first_day: date, day: int) -> date:
    return first_day + timedelta(days=day)


def kind_of_day(first_day: date, day: int) -> int:
    """WORKDAY, WEEKEND or HOLIDAY (1 to 7 October)."""
    told = date_of(first_day, day)
    if told.month == 10 and told.day <= 7:
        return HOLIDAY
    if told in _MADE_UP or told.weekday() < 5:
        return WORKDAY
    return WEEKEND


def is_rush(first_day: date, day: int) -> bool:
    return date_of(first_day, day) in RUSH
