"""The figures that describe a city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

AGE_STEP = 5
"""Years in a group of ages; the last group is open."""

OLDEST = 85
LARGEST_HOUSEHOLD = 8
"""Larger ones are counted with it."""


@dataclass(frozen=True)
class PlaceKind:
    """Places of one kind. `visits` a day in all of them, `busiest`: most visits to one on a day."""

    kind: str
    places: int
    visits: float
    busiest: int


@dataclass(frozen=True)
class Day:
    """What happened on a local day."""

    day: date
    infected: int
    onset: int
    reported: int


@dataclass(frozen=True)
class Channel:
    """What one agency delivers. `people`: persons that it names by their own
    key (None: it names none).

    `asked`: the share that was asked for; None: the channel's own.
    """

    channel: str
    tables: tuple[str, ...]
    files: int
    rows: int
    people: int | None
    asked: float | None
    first: date
    last: date


@dataclass(frozen=True)
class Description:
    """`male`, `female`: people by group of ages. `households`: number by size.

    `hours`: visits begun by setting, in each hour of a working day and of a day off, a day.
    `hours_days`: working days and days off that were looked at.
    """

    first_day: date
    days: int
    seed: int | None
    full: bool
    people: int
    places: int
    stays: int
    male: tuple[int, ...]
    female: tuple[int, ...]
    households: tuple[int, ...]
    kinds: tuple[PlaceKind, ...]
    hours: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]]
    hours_days: tuple[int, int]
    curve: tuple[Day, ...]
    infections: int
    from_outside: int
    cases: int
    channels: tuple[Channel, ...]

    @property
    def household_size(self) -> float:
        """Mean; in it the last group counts as of its least size."""
        homes = sum(self.households)
        living = sum(size * count for size, count in enumerate(self.households, 1))
        return living / homes if homes else 0.0

    def share_older_than(self, years: int) -> float:
        groups = [m + f for m, f in zip(self.male, self.female, strict=True)]
        return sum(groups[years // AGE_STEP :]) / max(sum(groups), 1)

    def as_json(self) -> dict[str, Any]:
        told = asdict(self)
        for channel in told["channels"]:
            channel.update(first=str(channel["first"]), last=str(channel["last"]))
        for day in told["curve"]:
            day["day"] = str(day["day"])
        return {**told, "first_day": str(self.first_day)}
