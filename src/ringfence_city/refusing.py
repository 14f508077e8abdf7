"""Parameters of which no city can be made, and why."""

from __future__ import annotations

from datetime import date

from ringfence.errors import UsageError
from ringfence_city.observe.models import NOISE_OF
from ringfence_city.observe.noise import MILLION, Agencies
from ringfence_city.parameters import Parameters
from ringfence_city.truth.census import HOUSEHOLDS

MOST_PEOPLE = 20_000_000
MOST_DAYS = 120
MOST_PEOPLE_IN_FULL = 50_000
MOST_NOISE = 10_000
MOST_OF_A_HOUSEHOLD = max(len(told.members) for told in HOUSEHOLDS)
MOST_PARTS = 1_000
"""Names of files number the parts with three digits."""

_FIRST, _LAST = date(2000, 1, 1), date(2099, 1, 1)


def check(asked: Parameters, agencies: Agencies, workers: int, part: int) -> None:
    """Raise where no city can be made of what is asked for."""
    _within("--people", asked.people, 1, MOST_PEOPLE)
    _within("--days", asked.days, 1, MOST_DAYS)
    _within("--seed", asked.seed, 0, 2**63 - 1)
    _within("--index-cases", asked.index_cases, 0, asked.people)
    _within("--workers", workers, 1, 64)
    if asked.household_size is not None:
        _within("--household-size", asked.household_size, 1, MOST_OF_A_HOUSEHOLD)
    _within("part", part, -(-asked.people // MOST_PARTS), MOST_PEOPLE)
    if not _FIRST <= asked.first_day <= _LAST:
        raise UsageError(
            f"--first-day lies between {_FIRST} and {_LAST}",
            f"--first-day 应在 {_FIRST} 至 {_LAST} 之间",
        )
    if asked.full and asked.people > MOST_PEOPLE_IN_FULL:
        raise UsageError(
            f"--full writes down every meeting of everybody: at most {MOST_PEOPLE_IN_FULL:,} "
            f"people; {asked.people:,} were asked for",
            f"--full 会记录所有人的全部接触，最多 {MOST_PEOPLE_IN_FULL:,} 人；"
            f"而要求的是 {asked.people:,} 人",
        )
    _check_agencies(agencies)


def _check_agencies(agencies: Agencies) -> None:
    _within("--noise", agencies.noise / 1000, 0, MOST_NOISE // 1000)
    for channel, share in agencies.coverage:
        if channel not in NOISE_OF:
            raise UsageError(
                f"--coverage: no channel of that name; there are {', '.join(NOISE_OF)}",
                f"--coverage：没有这个渠道；可用的渠道：{'、'.join(NOISE_OF)}",
            )
        _within(f"--coverage {channel}", share / MILLION, 0, 1)


def _within(option: str, given: float, least: int, most: int) -> None:
    if not least <= given <= most:
        raise UsageError(
            f"{option} lies between {least:,} and {most:,}; {given:,} was given",
            f"{option} 应在 {least:,} 到 {most:,} 之间；而给出的是 {given:,}",
        )
