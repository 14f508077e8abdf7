"""Local days of the city, whose clocks are eight hours before UTC all the year."""

from __future__ import annotations

DAY = 86_400
OFFSET = 8 * 3_600
"""Seconds that local time is before UTC (Asia/Shanghai has no daylight saving)."""


def day_of(second: int) -> int:
    """The local day that holds an instant, counted from 1970-01-01."""
    return (second + OFFSET) // DAY


def start_of(day: int) -> int:
    """The instant, in seconds of UTC, when a local day begins."""
    return day * DAY - OFFSET


def end_of(second: int, *, whole_day: bool) -> int:
    """When something ends that is known by its day, or by its instant."""
    return start_of(day_of(second) + 1) if whole_day else second
