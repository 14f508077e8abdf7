"""How many lines, buses, taxis and lorries a city has, and who drives them."""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE_FOR_A_BUS_LINE = 8_000
PEOPLE_FOR_A_METRO_LINE = 400_000
METRO_FROM = 300_000
PEOPLE_FOR_A_TAXI = 500
PEOPLE_FOR_A_LORRY = 600
BUSES_OF_A_LINE = 7
"""Runs that are under way on a line at once, so drivers of a shift."""


@dataclass(frozen=True)
class Fleet:
    bus_lines: int
    metro_lines: int
    taxis: int
    lorries: int

    @property
    def lines(self) -> int:
        return self.bus_lines + self.metro_lines

    @property
    def drivers(self) -> tuple[int, int, int]:
        """Of buses and metro (two shifts), of taxis (one shift each day), of lorries."""
        return 2 * BUSES_OF_A_LINE * self.lines, self.taxis, self.lorries


def fleet(residents: int) -> Fleet:
    return Fleet(
        max(1, residents // PEOPLE_FOR_A_BUS_LINE),
        max(1, residents // PEOPLE_FOR_A_METRO_LINE) if residents >= METRO_FROM else 0,
        max(1, residents // PEOPLE_FOR_A_TAXI),
        max(1, residents // PEOPLE_FOR_A_LORRY),
    )
