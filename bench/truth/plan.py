"""Which cities are made for the report, and what is asked of each."""

from __future__ import annotations

from dataclasses import dataclass

MAIN = "covid-cn-9"
OTHERS = ("covid-cn-8", "covid-who", "covid-us-cdc", "measles")
MEETING = (
    "venue-scans",
    "payments",
    "gates",
    "encounters",
    "interviews",
    "household-register",
    "door-to-door",
    "hotel-register",
    "transport",
)
"""Channels that tell who met whom; the others tell who people are and who is ill."""


@dataclass(frozen=True)
class Plan:
    """`cases`: traced in the main cities; `few`: where much else is varied. `noises`: multiples of
    each channel's own faults. `coverages`: share of the facts that every meeting channel sees."""

    people: int = 3_000
    days: int = 14
    index_cases: int = 6
    seeds: tuple[int, ...] = (1, 2, 3)
    curve_seeds: tuple[int, ...] = (1, 2)
    channel_seeds: tuple[int, ...] = (1,)
    lived_seeds: tuple[int, ...] = (1, 2)
    story_seeds: tuple[int, ...] = tuple(range(1, 21))
    cases: int = 20
    few: int = 8
    channels: tuple[str, ...] = MEETING
    others: tuple[str, ...] = OTHERS
    coverages: tuple[float, ...] = (0.1, 0.25, 0.5, 0.75, 1.0)
    noises: tuple[float, ...] = (0.0, 0.5, 1.0, 2.0, 3.0)


QUICK = Plan(
    people=300,
    days=6,
    index_cases=4,
    seeds=(1,),
    curve_seeds=(1,),
    channel_seeds=(1,),
    lived_seeds=(1,),
    story_seeds=(1,),
    cases=3,
    few=1,
    channels=("venue-scans",),
    others=("covid-who",),
    coverages=(0.5,),
    noises=(2.0,),
)
"""Small enough for a test; the figures mean nothing."""
