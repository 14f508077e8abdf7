"""Who goes to other places: residents who travel for a day, visitors who come and leave."""

from __future__ import annotations

import numpy as np

from ringfence_city.chance import Chance
from ringfence_city.truth import long_distance, week
from ringfence_city.truth.city import DAY, ROLE_OF, City, Int32, Int64, Truths
from ringfence_city.truth.long_distance import FLIGHTS, LEGS, MOST_OF_A_LINE, Booked, booked
from ringfence_city.truth.plan import EVENING, FIRST, OUTINGS, Plan, Visit
from ringfence_city.truth.venue_kinds import ROW_OF

_PASSENGER = ROLE_OF["passenger"]
_STATION = ROW_OF["station"]
_ALONE_FROM = 14
"""Years from which people travel by themselves."""
_MOST_TRAVELLERS = 45_000
"""Residents on a day, who pass the station twice; with visitors about 100,000 visits."""

_RESIDENTS_OF_A_LINE = 400
_NO_SHOWS = 40
"""For 1,000 residents who travel, how many more hold a ticket and stay at home."""

_AHEAD: Int64 = np.where(np.arange(len(LEGS)) == FLIGHTS, 35, 0)
"""Minutes by which passengers of flights are there earlier, by leg."""

ORIGINS = 3
"""Places that visitors' lines come from; the first is the risk area."""


def _station(city: City, person: Int64) -> Int64:
    count, first = int(city.venues.count[_STATION, 0]), int(city.venues.first[_STATION, 0])
    return first + person % max(count, 1)


def travellers(city: City, day: int) -> int:
    """How many residents travel out and back on `day`."""
    usual = week.kind_of_day(city.asked.first_day, day) != week.HOLIDAY
    return min(city.residents * (4 if usual else 8) // 1_000, _MOST_TRAVELLERS)


def tickets(city: City, person: Int64, day: int) -> Int64:
    """The number of each resident's ticket on `day`: no two alike; those below `travellers` go."""
    lot = Chance.of(city.asked.seed, "travel/day")
    inside = np.minimum(person, city.residents - 1)
    told = lot.order(city.residents, inside, day)
    return np.where(person < city.residents, told, city.residents)


def uses_ticket(city: City, ticket: Int64, day: int) -> Truths:
    """Whether the holder of a ticket travels with it, unless ill or at work by night."""
    lot = Chance.of(city.asked.seed, "travel/day")
    holder = lot.index_at(city.residents, ticket, day)
    told: Truths = (ticket < travellers(city, day)) & (city.people.age[holder] >= _ALONE_FROM)
    return told


def no_shows(travelling: int) -> int:
    """Tickets from number `travelling` on that nobody uses."""
    return -(-travelling * _NO_SHOWS // 1_000)


def keeps_ticket(city: City, person: Int64, ticket: Int64, travelling: int) -> Truths:
    """Who holds a ticket and stays at home."""
    told: Truths = (ticket >= travelling) & (ticket < travelling + no_shows(travelling))
    return told & (person < city.residents) & (city.people.age[person] >= _ALONE_FROM)


def resident_lines(travelling: int) -> int:
    return max(1, -(-travelling // _RESIDENTS_OF_A_LINE))


def hour(line: Int64, lines: int, *, back: bool, visitors: bool) -> Int64:
    """Minute at which the train of a line leaves the city, or arrives there on the way `back`."""
    if visitors:
        return 640 + 570 * line // lines if back else 700 + 480 * line // lines
    return 1_120 + line * 170 // lines if back else 400 + line * 140 // lines


def passes(trip: Booked, lines: int, *, back: bool, visitors: bool) -> Int64:
    """Minute at which a traveller's first run leaves the city, or the last one arrives there."""
    at = hour(trip.line, lines, back=back, visitors=visitors)
    return long_distance.passes(trip.leg, at, back=back)


def day_trips(city: City, plan: Plan, day: int) -> None:
    person = plan.person
    travelling = travellers(city, day)
    ticket = tickets(city, person, day)
    night = (plan.start[:, FIRST] == 0) | (plan.end[:, EVENING] == DAY)
    who = (ticket < travelling) & ~night & ~plan.away
    who &= city.people.age[person] >= _ALONE_FROM
    for outing in range(OUTINGS):
        plan.drop(outing, who)
    some = np.flatnonzero(who)
    ticket, at = ticket[some], _station(city, person[some])
    lines = resident_lines(travelling)
    trip = booked(ticket, lines)
    leaves = passes(trip, lines, back=False, visitors=False)
    comes = passes(trip, lines, back=True, visitors=False)
    wait = 15 + ticket // 7 % 40 + _AHEAD[trip.leg]
    plan.put_rows(FIRST, some, Visit(at, -1, leaves - wait, leaves, _PASSENGER, 25))
    plan.put_rows(EVENING, some, Visit(at, -1, comes, comes + 5 + ticket % 13, _PASSENGER, 25))
    plan.away[some] = True


def visits(city: City, person: Int64) -> tuple[Int64, Int64]:
    """First and last day in the city of visitors; residents: before and after everything."""
    draw = Chance.of(city.asked.seed, "travel/visit")
    days = city.asked.days
    rush = [day for day in range(days) if week.is_rush(city.asked.first_day, day)]
    arrives = draw.below(days + 3, person, 0) - 3
    if rush:
        crowd = draw.below(100, person, 1) < 75
        arrives = np.where(crowd, np.array(rush)[draw.below(len(rush), person, 2)], arrives)
    leaves = arrives + 2 + draw.below(5, person, 3)
    visitor = person >= city.residents
    return np.where(visitor, arrives, -1), np.where(visitor, leaves, days + 1)


def from_risk_area(city: City, persons: Int32 | Int64) -> Truths:
    """Which of `persons` are visitors who came from the risk area."""
    person = np.asarray(persons, dtype=np.int64)
    line = (person - city.residents) % visitor_lines(city)
    told: Truths = (person >= city.residents) & (line % ORIGINS == 0)
    return told


def guests(city: City, plan: Plan, day: int) -> None:
    """Visitors arrive, go about, and leave; before and after they are elsewhere."""
    person = plan.person
    if city.residents == city.people.count or not (person >= city.residents).any():
        return
    first, last = visits(city, person)
    plan.absent[:] = (person >= city.residents) & ((day < first) | (day > last))
    plan.comes[:] = (person >= city.residents) & (day == first)
    plan.goes[:] = (person >= city.residents) & (day == last)
    for outing in range(OUTINGS):
        plan.drop(outing, plan.absent | plan.comes | plan.goes)
    draw = Chance.of(city.asked.seed, "travel/visitor")
    lines = visitor_lines(city)
    some = np.flatnonzero(plan.comes)
    trip = booked(person[some] - city.residents, lines)
    arrives = passes(trip, lines, back=True, visitors=True)
    until = arrives + 8 + draw.below(20, person[some], 2)
    at = _station(city, person[some])
    plan.put_rows(FIRST, some, Visit(at, -1, arrives, until, _PASSENGER, 20))
    some = np.flatnonzero(plan.goes)
    trip = booked(person[some] - city.residents, lines)
    leaves = passes(trip, lines, back=False, visitors=True)
    since = leaves - 20 - draw.below(30, person[some], 3) - _AHEAD[trip.leg]
    at = _station(city, person[some])
    plan.put_rows(FIRST, some, Visit(at, -1, since, leaves, _PASSENGER, 20))


def visitor_lines(city: City) -> int:
    visitors = city.people.count - city.residents
    return max(ORIGINS, -(-visitors // MOST_OF_A_LINE))
