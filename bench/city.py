"""The synthetic city: how many people and places, and how its keys and chances are made.

Density is the same at every size: the city grows by districts of 10,000 people, each with its own
workplaces, shops, restaurants and one hub. Everything is a function of the seed, by DuckDB's hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

ZONE = "Asia/Shanghai"
JURISDICTION = "CN"
STAYS_PER_SUBJECT = 100
DAYS = 28
_DISTRICT = 10_000

LOCAL = timezone(timedelta(hours=8))
FIRST_DAY = datetime(2022, 7, 1, tzinfo=LOCAL)
AS_OF = (FIRST_DAY + timedelta(days=DAYS, hours=9)).astimezone(UTC)
"""The morning after the last night: every time of the population lies before it."""

# Inhabitants per place of a kind in each district.
_INHABITANTS_PER = {"work": 14, "eatery": 10, "shop": 20, "leisure": 80, "hub": 10_000}


LETTERS = {"work": "w", "eatery": "e", "shop": "p", "leisure": "l", "hub": "b"}
"""First letter of the keys of each group of venues."""


@dataclass(frozen=True)
class City:
    """A population of about `rows` stays."""

    rows: int
    seed: int

    @property
    def subjects(self) -> int:
        return self.rows // STAYS_PER_SUBJECT

    @property
    def district(self) -> int:
        """Inhabitants of a district."""
        return min(_DISTRICT, self.subjects)

    @property
    def districts(self) -> int:
        return -(-self.subjects // self.district)

    def places(self, group: str) -> int:
        """Places of a group in each district."""
        return max(1, self.district // _INHABITANTS_PER[group])


def midnight(day: int) -> int:
    """Epoch seconds of the local midnight with which a day of the population begins."""
    return int((FIRST_DAY + timedelta(days=day)).timestamp())


def is_weekend(day: int) -> bool:
    return (FIRST_DAY + timedelta(days=day)).weekday() >= 5


def macros(city: City) -> str:
    """SQL macros. Keys are scattered, so that neighbours lie far apart in every sorted file."""
    return f"""
    CREATE MACRO scattered(n) AS
        format('{{:08x}}', (n * 2654435761 + {city.seed % 65_536}) % 4294967296);
    CREATE MACRO subject_key(i) AS 's' || scattered(i);
    CREATE MACRO place_key(letter, district, n) AS letter || scattered(district * 100000 + n);
    CREATE MACRO chance(who, what) AS
        (hash(who, what, {city.seed}) >> 11)::DOUBLE / 9007199254740992.0;
    CREATE MACRO instant(seconds) AS make_timestamptz((seconds::BIGINT) * 1000000);
    """
