"""People who come together: friends, families and teams at tables and rooms of their own.

Tables are given by lot: an area's parties are put in an order that differs from day to day, and
the first get the tables. So no table is taken twice, and a party's table needs nobody else's plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfence_city.chance import Chance
from ringfence_city.truth.city import City, Int64
from ringfence_city.truth.geography import GRIDS_PER_COMMUNITY, HOMES_PER_GRID
from ringfence_city.truth.venue_kinds import ROW_OF, VENUE_KINDS

_RESTAURANT = ROW_OF["restaurant"]
_STREET_TABLES = ("ktv", "mahjong", "cafe", "bar")


@dataclass(frozen=True)
class Seats:
    """Where a party sits; `place` -1: it got no table."""

    place: Int64
    zone: Int64


def _tables(city: City, row: int, grid: Int64) -> tuple[Int64, Int64]:
    """Number of the first table within reach, and how many; none where the area has no place."""
    venues = city.venues
    first = venues.first[row, grid].astype(np.int64) - venues.base
    low = venues.zones_before[first]
    high = venues.zones_before[first + venues.count[row, grid]]
    reach = int(VENUE_KINDS[row].reach)
    near = city.places.grid[np.minimum(first + venues.base, city.places.count - 1)] // reach
    return low, np.where(near == grid // reach, high - low, 0)


def _seat(city: City, table: Int64, taken: NDArray[np.bool_]) -> Seats:
    place = np.full(len(table), -1)
    zone = np.full(len(table), -1)
    before = city.venues.zones_before
    at = np.searchsorted(before, table[taken], side="right") - 1
    place[taken] = city.venues.base + at
    zone[taken] = table[taken] - before[at]
    return Seats(place, zone)


@dataclass(frozen=True)
class _Rank:
    """Parties of communities: the `number`th of `count` near `grid`."""

    grid: Int64
    number: Int64
    count: Int64


def _restaurant(city: City, lot: Chance, rank: _Rank, day: int, share: int) -> Seats:
    """A restaurant's table for parties, of whom `share` of 65,536 would like one."""
    community = rank.grid // GRIDS_PER_COMMUNITY
    low, tables = _tables(city, _RESTAURANT, rank.grid)
    ticket = lot.order(np.maximum(rank.count, 1), rank.number, community, day)
    limit = np.minimum(tables, (rank.count * share + 32_768) >> 16)
    taken = ticket < limit
    return _seat(city, low + ticket * tables // np.maximum(limit, 1), taken)


def households(city: City, lot: Chance, home: Int64, day: int, share: int) -> Seats:
    """A table for the households that eat out in this sitting."""
    block = HOMES_PER_GRID * GRIDS_PER_COMMUNITY
    begin = home // block * block
    count = np.minimum(block, city.homes - begin)
    grid = city.places.grid[home].astype(np.int64)
    return _restaurant(city, lot, _Rank(grid, home - begin, count), day, share)


def teams(city: City, lot: Chance, team: tuple[Int64, Int64], day: int, share: int) -> Seats:
    """A table near their workplace for teams (place, and number there) that go out for lunch."""
    told, (place, number) = city.teams, team
    grid = city.places.grid[place].astype(np.int64)
    community = grid // GRIDS_PER_COMMUNITY
    begin = told.of_community[community].astype(np.int64)
    count = told.of_community[community + 1] - begin
    within = told.before[place - told.base] + number - begin
    return _restaurant(city, lot, _Rank(grid, within, count), day, share)


@dataclass(frozen=True)
class Parties:
    """Circles, where they live, and the day on which they meet."""

    circle: Int64
    grid: Int64
    day: int


def circle_grid(city: City, circle: Int64) -> Int64:
    return city.people.grid[city.circles.member[city.circles.first[circle]]].astype(np.int64)


def circles_at_table(city: City, lot: Chance, party: Parties, share: int) -> Seats:
    """A restaurant's table in their community."""
    community = party.grid // GRIDS_PER_COMMUNITY
    begin = city.circles.of_community[community].astype(np.int64)
    count = city.circles.of_community[community + 1] - begin
    rank = _Rank(party.grid, party.circle - begin, count)
    return _restaurant(city, lot, rank, party.day, share)


def circles_out(city: City, lot: Chance, party: Parties, share: int) -> Seats:
    """A room or table in the street's karaoke, mahjong rooms, cafes or bars; each takes `share` of
    65,536 circles at most.
    """
    reach = int(VENUE_KINDS[ROW_OF["ktv"]].reach)
    street = party.grid // reach
    last = len(city.circles.of_community) - 1
    of_street = reach // GRIDS_PER_COMMUNITY
    begin = city.circles.of_community[np.minimum(street * of_street, last)].astype(np.int64)
    count = city.circles.of_community[np.minimum((street + 1) * of_street, last)] - begin
    ticket = lot.order(np.maximum(count, 1), party.circle - begin, street, party.day)
    table = np.zeros(len(party.circle), dtype=np.int64)
    taken = np.zeros(len(party.circle), dtype=bool)
    for word in _STREET_TABLES:
        low, tables = _tables(city, ROW_OF[word], party.grid)
        limit = np.minimum(tables, (count * share) >> 16)
        these = ~taken & (ticket >= 0) & (ticket < limit)
        table[these] = (low + ticket * tables // np.maximum(limit, 1))[these]
        taken |= these
        ticket = ticket - limit
    return _seat(city, table, taken)
