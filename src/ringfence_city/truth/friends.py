"""What friends do together, in the afternoon and in the evening."""

from __future__ import annotations

import numpy as np

from ringfence_city.chance import Words, bits, further, part
from ringfence_city.truth import gatherings, week
from ringfence_city.truth.circles import CHILD, OLD
from ringfence_city.truth.city import ROLE_OF, City, Int64
from ringfence_city.truth.plan import AFTERNOON, EVENING, FIRST, LATE, Plan, Visit
from ringfence_city.truth.streams import Streams
from ringfence_city.truth.venue_kinds import ROW_OF

_CUSTOMER, _VISITOR = ROLE_OF["customer"], ROLE_OF["visitor"]

# Of 65,536 circles of children, adults and old people, on a workday, a weekend and a holiday.
_CIRCLE_AFTERNOON = np.array(
    [[32_000, 0, 11_000], [32_000, 20_000, 11_000], [34_000, 24_000, 12_000]]
)
_CIRCLE_EVENING = np.array(
    [[8_000, 27_000, 7_000], [14_000, 36_000, 7_500], [16_000, 38_000, 8_000]]
)
_JOINS = 48_000
"""Of 65,536 members who are free."""
_DINES = 26_000
"""Of 65,536 circles, at a restaurant; of old people one in four of those."""
_GOES_OUT = 5_000

_AFTER_SCHOOL, _IN_THE_AFTERNOON, _IN_THE_EVENING = 1_025, 865, 1_152


def friends(streams: Streams, plan: Plan, day: int, daily: Words) -> None:
    """Circles that meet; whoever of them is free joins."""
    city = streams.city
    sort = week.kind_of_day(city.asked.first_day, day)
    circle = city.people.circle[plan.person].astype(np.int64)
    joins = further(daily, 6)
    some = np.flatnonzero((circle >= 0) & ~plan.away)
    of = city.circles.class_[circle[some]].astype(np.int64)
    word = streams.circle.words(circle[some], day)
    meets = bits(word, 0) < _CIRCLE_AFTERNOON[sort][of]
    meets &= bits(joins[some], 0) < _JOINS
    school = (of[meets] == CHILD) & (sort == week.WORKDAY)
    at = np.where(school, _AFTER_SCHOOL, _IN_THE_AFTERNOON) + part(word[meets], 1, 20)
    rows = some[meets]
    visit = _together(streams, circle[rows], at, day, AFTERNOON)
    _afternoon(city, plan, rows, visit)
    meets = (bits(word, 2) < _CIRCLE_EVENING[sort][of]) & (bits(joins[some], 1) < _JOINS)
    meets &= plan.free(EVENING)[some]
    at = _IN_THE_EVENING + part(word[meets], 3, 24)
    rows = some[meets]
    visit = _together(streams, circle[rows], at, day, EVENING)
    _evening(city, plan, rows, visit)


def _elsewhere(city: City, plan: Plan, rows: Int64, visit: Visit) -> tuple[Int64, Visit]:
    """Without those whose own home it is."""
    place = np.asarray(visit.place)
    kept = (place >= 0) & (place != city.people.home[plan.person[rows]])
    return rows[kept], visit.of(kept)


def _afternoon(city: City, plan: Plan, rows: Int64, visit: Visit) -> None:
    """After school it is the late outing, else the afternoon's."""
    rows, visit = _elsewhere(city, plan, rows, visit)
    late = np.asarray(visit.start) > 960
    plan.put_rows(LATE, rows[late], visit.of(late))
    idle = ~late & (plan.end[rows, FIRST] <= np.asarray(visit.start))
    plan.put_rows(AFTERNOON, rows[idle], visit.of(idle))


def _evening(city: City, plan: Plan, rows: Int64, visit: Visit) -> None:
    """Whoever was about to run an errand meanwhile does not."""
    rows, visit = _elsewhere(city, plan, rows, visit)
    clash = rows[plan.end[rows, LATE] + 4 > np.asarray(visit.start)]
    plan.start[clash, LATE] = -1
    plan.end[clash, LATE] = -1
    plan.put_rows(EVENING, rows, visit)


def _together(streams: Streams, circle: Int64, start: Int64, day: int, outing: int) -> Visit:
    city = streams.city
    of = city.circles.class_[circle].astype(np.int64)
    grid = gatherings.circle_grid(city, circle)
    word = streams.circle.words(circle, day, outing)
    place, zone = _visit_or_park(city, circle, grid, of, word)
    role = np.full(len(circle), _VISITOR)
    minutes = 50 + part(word, 0, 70)
    if outing == EVENING:
        party = gatherings.Parties(circle, grid, day)
        stays_in = (of == OLD) & (bits(further(word, 2), 0) >= 1 << 14)
        for seats in (
            gatherings.circles_out(city, streams.circle_out, party, _GOES_OUT),
            gatherings.circles_at_table(city, streams.circle_dinner, party, _DINES),
        ):
            got = (of != CHILD) & ~stays_in & (seats.place >= 0)
            place, zone = np.where(got, seats.place, place), np.where(got, seats.zone, zone)
            role = np.where(got, _CUSTOMER, role)
            minutes = np.where(got, 60 + part(word, 0, 60), minutes)
    travelled = 10 if outing == EVENING else 7
    return Visit(place, zone, start, start + minutes, role, travelled)


def _visit_or_park(
    city: City, circle: Int64, grid: Int64, of: Int64, word: Words
) -> tuple[Int64, Int64]:
    """A friend's home, or a park, a gym, a cinema."""
    first = city.circles.first[circle].astype(np.int64)
    size = city.circles.first[circle + 1] - first
    host = city.circles.member[first + ((bits(word, 1) * size) >> 16)]
    place = city.people.home[host].astype(np.int64)
    zone = np.full(len(circle), -1)
    other = further(word, 1)
    for row_word, low, high in (
        ("park", 0, 26_000),
        ("gym", 26_000, 30_000),
        ("cinema", 30_000, 33_000),
    ):
        row = ROW_OF[row_word]
        count = city.venues.count[row, grid].astype(np.int64)
        these = (bits(other, 0) >= low) & (bits(other, 0) < high) & (count > 0)
        if row_word == "gym":
            these &= of != CHILD
        at = city.venues.first[row, grid] + ((bits(other, 1) * count) >> 16)
        zones = city.places.zones[np.where(these, at, 0)].astype(np.int64)
        place = np.where(these, at, place)
        zone = np.where(these & (zones > 0), (bits(other, 2) * zones) >> 16, zone)
    return place, zone
