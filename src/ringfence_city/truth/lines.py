"""Lines, runs and their timetable: buses and metro all day; then those of `long_distance`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfence_city.truth import long_distance, travel
from ringfence_city.truth.city import City, Int64
from ringfence_city.truth.fleet import BUSES_OF_A_LINE, fleet
from ringfence_city.truth.geography import GRIDS_PER_COMMUNITY

STOPS = 12
HOP = 3
"""Minutes between stops."""
FIRST_RUN = 330
INTERVAL = 6
"""Minutes between runs of a line, whose directions alternate."""
RUNS_OF_A_LINE = 170

SHIFTS = 2
_RUNS_OF_A_SHIFT = RUNS_OF_A_LINE // SHIFTS


@dataclass(frozen=True)
class Runs:
    """How the runs of a day are numbered: lines first; then those to other places, residents' and
    visitors', each way by way and within a way by line.
    """

    bus_lines: int
    lines: int
    resident_lines: int
    visitor_lines: int

    @property
    def first_far(self) -> int:
        return self.lines * RUNS_OF_A_LINE

    @property
    def first_of_visitors(self) -> int:
        return self.first_far + long_distance.WAYS * self.resident_lines

    @property
    def count(self) -> int:
        return self.first_of_visitors + long_distance.WAYS * self.visitor_lines

    def far(self, leg: Int64, line: Int64, *, back: bool, visitors: bool) -> Int64:
        """Number of a run to another place, or back from there."""
        first, lines = (
            (self.first_of_visitors, self.visitor_lines)
            if visitors
            else (self.first_far, self.resident_lines)
        )
        return first + (2 * leg + back) * lines + line


def runs(city: City, day: int) -> Runs:
    told = fleet(city.residents)
    lines = travel.resident_lines(travel.travellers(city, day))
    return Runs(told.bus_lines, told.lines, lines, travel.visitor_lines(city))


def line_and_stop(
    city: City, grid: Int64, metro: NDArray[np.bool_], lot: Int64
) -> tuple[Int64, Int64]:
    """The line that people of `grid` take, and their stop on it. `lot`: a draw below 65,536."""
    told = fleet(city.residents)
    communities = -(-city.grids // GRIDS_PER_COMMUNITY)
    community = grid // GRIDS_PER_COMMUNITY
    line = community * told.bus_lines // communities
    begin = -(-line * communities // told.bus_lines)
    stop = (community - begin) % communities
    turns = np.maximum((STOPS - 1 - stop) // communities + 1, 1)
    stop = np.minimum(stop + communities * ((lot * turns) >> 16), STOPS - 1)
    if told.metro_lines:
        under = told.bus_lines + lot % told.metro_lines
        line = np.where(metro, under, line)
        stop = np.where(metro, community * STOPS // communities, stop)
    return line, stop


def departs(line_run: Int64, stop: Int64) -> Int64:
    """Minute at which run `line_run` of a line (0 to RUNS_OF_A_LINE) is at `stop`."""
    way = np.where(line_run % 2 == 0, stop, STOPS - 1 - stop)
    told: Int64 = FIRST_RUN + INTERVAL * line_run + HOP * way
    return told


def next_run(stop: Int64, backward: NDArray[np.bool_], minute: Int64) -> Int64:
    """The first run in a direction that is at `stop` at `minute` or later; it may not exist."""
    way = np.where(backward, STOPS - 1 - stop, stop)
    least = np.maximum(-(-(minute - FIRST_RUN - HOP * way) // INTERVAL), 0)
    told: Int64 = least + ((least % 2 == 1) != backward)
    return told


def driver_runs(driver: int) -> tuple[int, NDArray[np.int64]]:
    """The line of driver number `driver`, and the runs of it that the driver takes."""
    line, turn = divmod(driver, SHIFTS * BUSES_OF_A_LINE)
    shift, number = divmod(turn, BUSES_OF_A_LINE)
    every = np.arange(shift * _RUNS_OF_A_SHIFT, (shift + 1) * _RUNS_OF_A_SHIFT)
    return line, every[every % BUSES_OF_A_LINE == number]


def shift_of(driver: Int64) -> tuple[Int64, Int64]:
    """Minutes at which a driver's shift begins and ends at the depot."""
    late = driver % (SHIFTS * BUSES_OF_A_LINE) // BUSES_OF_A_LINE
    begin = FIRST_RUN + late * _RUNS_OF_A_SHIFT * INTERVAL - 30
    end = begin + 30 + _RUNS_OF_A_SHIFT * INTERVAL + HOP * STOPS + 2
    return begin, end
