"""Taxis and lorries: who was in which, and where lorries were seen.

Passengers of taxis are those of `taxi_lot`, where the driver is on duty.
"""

from __future__ import annotations

import numpy as np

from ringfence_city.chance import Chance
from ringfence_city.truth import taxi_lot
from ringfence_city.truth.city import DAY, ROLE_OF, City, Int8, Int32, Int64
from ringfence_city.truth.fleet import fleet
from ringfence_city.truth.journeys import Occupancies, Sightings
from ringfence_city.truth.movement import Columns, plans
from ringfence_city.truth.plan import AFTERNOON, EVENING, FIRST, Plan
from ringfence_city.truth.routine import Routine
from ringfence_city.truth.venue_kinds import ROW_OF

_DRIVER, _PASSENGER = ROLE_OF["driver"], ROLE_OF["passenger"]


def occupancies(city: City, persons: Int32, day: int, confined: Int8 | None = None) -> Occupancies:
    """Who of `persons` was in which vehicle on `day`."""
    routine = Routine(city)
    told = plans(routine, persons, day, confined)
    return joined_occupancies([occupancies_of(city, routine, plan, day) for plan in told], day)


def occupancies_of(city: City, routine: Routine, plan: Plan, day: int) -> Columns:
    """Columns of the occupancies of a plan, minutes of the day."""
    parts = [*_lorries(city, plan), _taxi_drivers(city, plan)]
    parts.extend(_passengers(city, routine, plan, day))
    return tuple(np.concatenate([part[i] for part in parts]) for i in range(5))


def joined_occupancies(parts: list[Columns], day: int) -> Occupancies:
    kinds = (np.int32, np.int32, np.int32, np.int32, np.int8)
    columns = [
        np.concatenate([np.zeros(0, kind), *(part[i].astype(kind) for part in parts)])
        for i, kind in enumerate(kinds)
    ]
    order = np.lexsort((columns[2], columns[1]))
    vehicle, person, start, end, role = (column[order] for column in columns)
    shift = np.int32(day * DAY)
    return Occupancies(vehicle, person, start + shift, end + shift, role)


def sightings(city: City, persons: Int32, day: int, confined: Int8 | None = None) -> Sightings:
    """Where the lorries of the drivers among `persons` passed a checkpoint."""
    return seen(city, occupancies(city, persons, day, confined))


def seen(city: City, told: Occupancies) -> Sightings:
    """Where the lorries of `told` passed a checkpoint: once on each way."""
    lorry = told.vehicle >= fleet(city.residents).taxis
    vehicle, start, end = told.vehicle[lorry], told.start[lorry], told.end[lorry]
    row = ROW_OF["checkpoint"]
    count, first = int(city.venues.count[row, 0]), int(city.venues.first[row, 0])
    draw = Chance.of(city.asked.seed, "checkpoint")
    place = first + draw.below(max(count, 1), vehicle, start)
    return Sightings(vehicle, place.astype(np.int32), ((start + end) // 2).astype(np.int32))


def _drives(city: City, plan: Plan, depot: int) -> Int64:
    there = (plan.place[:, FIRST] == depot) & plan.away & (plan.start[:, FIRST] >= 0)
    there &= (plan.start[:, EVENING] >= 0) & (city.people.role[plan.person] == _DRIVER)
    return np.flatnonzero(there)


def _row(who: Int64, vehicle: Int64, start: Int64, end: Int64, role: int) -> Columns:
    kept = end > start
    told = (vehicle[kept], who[kept], start[kept], end[kept])
    return (*told, np.full(int(kept.sum()), role))


def _lorries(city: City, plan: Plan) -> list[Columns]:
    some = _drives(city, plan, city.blocks.lorry_depot)
    person = plan.person[some]
    vehicle = fleet(city.residents).taxis + city.people.team[person].astype(np.int64)
    leaves, comes = plan.end[some, FIRST], plan.start[some, EVENING]
    unloads = plan.start[some, AFTERNOON] >= 0
    first = np.where(unloads, plan.start[some, AFTERNOON], comes)
    second = np.where(unloads, plan.end[some, AFTERNOON], comes)
    return [
        _row(person, vehicle, leaves, first, _DRIVER),
        _row(person, vehicle, second, comes, _DRIVER),
    ]


def _taxi_drivers(city: City, plan: Plan) -> Columns:
    some = _drives(city, plan, city.blocks.taxi_depot)
    person = plan.person[some]
    vehicle = city.people.team[person].astype(np.int64)
    return _row(person, vehicle, plan.end[some, FIRST], plan.start[some, EVENING], _DRIVER)


def _passengers(city: City, routine: Routine, plan: Plan, day: int) -> list[Columns]:
    """Ways from home to an errand for which the lot gave a taxi that is on its shift then."""
    found: list[Columns] = []
    crew = city.taxi_drivers
    for outing in (FIRST, AFTERNOON):
        taxi, leaves = taxi_lot.won(city, plan.person, day, outing)
        goes = (taxi >= 0) & (taxi < len(crew)) & ~plan.away
        goes &= plan.start[:, outing] == leaves + taxi_lot.TRAVEL
        goes &= plan.before[:, outing] == taxi_lot.TRAVEL
        if outing == AFTERNOON:  # from home, not from elsewhere
            before = np.where(plan.end >= 0, plan.end + plan.after, -1)[:, :AFTERNOON].max(axis=1)
            goes &= leaves - before >= 15
        some = np.flatnonzero(goes)
        some = some[crew[taxi[some]] >= 0]
        shift = routine.plan(crew[taxi[some]].astype(np.int64), day, None)
        begins, ends = shift.end[:, FIRST], shift.start[:, EVENING]
        at = leaves[some]
        works = shift.away & (begins >= 0) & (at >= begins) & (at + taxi_lot.RIDE <= ends)
        works &= shift.place[:, FIRST] == city.blocks.taxi_depot
        some, at = some[works], at[works]
        found.append(_row(plan.person[some], taxi[some], at, at + taxi_lot.RIDE, _PASSENGER))
    return found
