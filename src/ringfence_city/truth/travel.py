"""Journeys by train: residents who travel for a day, and visitors who come and leave."""

from __future__ import annotations

import numpy as np

from ringfence_city.chance import Chance
from ringfence_city.truth import week
from ringfence_city.truth.city import DAY, ROLE_OF, City, Int32, Int64, Truths
from ringfence_city.truth.plan import EVENING, FIRST, OUTINGS, Plan, Visit
from ringfence_city.truth.venue_kinds import ROW_OF

_PASSENGER = ROLE_OF["passenger"]
_STATION = ROW_OF["station"]
_ALONE_FROM = 14
"""Years from which people travel by themselves."""
_MOST_TRAVELLERS = 45_000
"""Residents on a day, who pass the station twice; with visitors about 100,000 visits."""

SEATS_OF_A_TRAIN = 8 * 16 * 5
TRAVELLERS_OF_A_TRAIN = 400


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


def runs(travelling: int) -> int:
    """Trains that leave in the morning, and as many that come back."""
    return max(1, -(-travelling // TRAVELLERS_OF_A_TRAIN))


def departure(run: Int64, trains: int) -> Int64:
    """Minute at which morning train `run` leaves."""
    return 400 + run * 140 // max(trains, 1)


def arrival(run: Int64, trains: int) -> Int64:
    """Minute at which evening train `run` arrives."""
    return 1_120 + run * 170 // max(trains, 1)


def day_trips(city: City, plan: Plan, day: int) -> None:
    person = plan.person
    travelling = travellers(city, day)
    ticket = tickets(city, person, day)
    night = (plan.start[:, FIRST] == 0) | (plan.end[:, EVENING] == DAY)
    who = (ticket < travelling) & ~night & ~plan.away
    who &= city.people.age[person] >= _ALONE_FROM
    for outing in range(OUTINGS):
        plan.drop(outing, who)
    run = ticket % runs(travelling)
    leaves, comes = departure(run, runs(travelling)), arrival(run, runs(travelling))
    wait = 15 + ticket // 7 % 40
    at = _station(city, person)
    plan.put(FIRST, who, Visit(at, -1, leaves - wait, leaves, _PASSENGER, 25))
    plan.put(EVENING, who, Visit(at, -1, comes, comes + 5 + ticket % 13, _PASSENGER, 25))
    plan.away[who] = True


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
    told: Truths = (person >= city.residents) & (visitor_train(city, person) % ORIGINS == 0)
    return told


def guests(city: City, plan: Plan, day: int) -> None:
    """Visitors arrive by train, go about, and leave; before and after they are elsewhere."""
    person = plan.person
    if city.residents == city.people.count or not (person >= city.residents).any():
        return
    first, last = visits(city, person)
    plan.absent[:] = (person >= city.residents) & ((day < first) | (day > last))
    comes = (person >= city.residents) & (day == first)
    goes = (person >= city.residents) & (day == last)
    for outing in range(OUTINGS):
        plan.drop(outing, plan.absent | comes | goes)
    draw = Chance.of(city.asked.seed, "travel/visitor")
    at = _station(city, person)
    arrives = visitor_arrival(visitor_train(city, person), visitor_trains(city))
    leaves = visitor_departure(visitor_train(city, person), visitor_trains(city))
    plan.put(
        FIRST,
        comes,
        Visit(at, -1, arrives, arrives + 8 + draw.below(20, person, 2), _PASSENGER, 20),
    )
    plan.put(
        FIRST, goes, Visit(at, -1, leaves - 20 - draw.below(30, person, 3), leaves, _PASSENGER, 20)
    )
    plan.comes[:] = comes
    plan.goes[:] = goes


VISITORS_OF_A_TRAIN = 500

ORIGINS = 3
"""Places that visitors' trains come from; the first is the risk area."""


def visitor_trains(city: City) -> int:
    """Trains a day that may bring visitors, and as many that take them home."""
    visitors = city.people.count - city.residents
    return max(ORIGINS, -(-visitors // VISITORS_OF_A_TRAIN))


def visitor_train(city: City, person: Int64) -> Int64:
    return (person - city.residents) % visitor_trains(city)


def visitor_arrival(train: Int64, trains: int) -> Int64:
    """Minute at which a train with visitors arrives."""
    return 640 + 570 * train // trains


def visitor_departure(train: Int64, trains: int) -> Int64:
    """Minute at which a train leaves with visitors."""
    return 700 + 480 * train // trains


def seats(ticket: Int64, trains: int) -> Int64:
    """Number of the seat within a train: neighbours by number are not neighbours by ticket."""
    return ticket // trains * 277 % SEATS_OF_A_TRAIN
