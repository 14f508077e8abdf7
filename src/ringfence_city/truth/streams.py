"""The streams of chance that a city's days are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence_city.chance import Chance
from ringfence_city.truth.city import City


@dataclass(frozen=True)
class Streams:
    """`always`: what a person keeps; `daily`: of a person and day; `circle`, `home`: shared by
    those who are of one; the others: lots for tables.
    """

    city: City
    always: Chance
    daily: Chance
    circle: Chance
    home: Chance
    lunch: Chance
    family_lunch: Chance
    family_dinner: Chance
    circle_dinner: Chance
    circle_out: Chance

    @staticmethod
    def of(city: City) -> Streams:
        names = ("person", "day", "circle", "home", "lunch", "family lunch", "family dinner")
        every = (*names, "circle dinner", "circle out")
        return Streams(city, *(Chance.of(city.asked.seed, f"routine/{name}") for name in every))
