"""Who rode on a day: buses and metro to work and back, trains, flights, coaches; taxis, lorries."""

from __future__ import annotations

import numpy as np

from ringfence_city.chance import Words, bits, further, part
from ringfence_city.truth import itineraries, lines, seats
from ringfence_city.truth.aboard import met_aboard, met_in_vehicles
from ringfence_city.truth.city import DAY, ROLE_OF, City, Int8, Int32, Int64
from ringfence_city.truth.fleet import fleet
from ringfence_city.truth.journeys import BOARDED, Occupancies, Rides, Sightings
from ringfence_city.truth.movement import Columns, plans
from ringfence_city.truth.plan import FIRST, Plan
from ringfence_city.truth.routine import Routine
from ringfence_city.truth.vehicles import occupancies, sightings

__all__ = [
    "Occupancies",
    "Rides",
    "Sightings",
    "met_aboard",
    "met_in_vehicles",
    "occupancies",
    "rides",
    "sightings",
]

_BY_TRANSIT = 30_000
"""Of 65,536 persons, who take bus or metro to work or school."""
_BY_METRO = 26_000
"""Of 65,536 of those, who take the metro where there is one."""
_PASSENGER, _CREW = ROLE_OF["passenger"], ROLE_OF["driver"]


def rides(city: City, persons: Int32, day: int, confined: Int8 | None = None) -> Rides:
    """The rides of `persons` on `day`, sorted as they are given, each by time."""
    routine = Routine(city)
    told = plans(routine, persons, day, confined)
    return joined_rides([rides_of(city, routine, plan, day) for plan in told], day)


def rides_of(city: City, routine: Routine, plan: Plan, day: int) -> Columns:
    """Columns of the rides of a plan, minutes of the day."""
    static = further(routine.streams.always.words(plan.person), 3)
    found = [
        _commutes(city, static, plan, out=True),
        _commutes(city, static, plan, out=False),
        *itineraries.rides(city, plan, day),
        _drivers(city, plan),
    ]
    told = tuple(np.concatenate([part[i] for part in found]) for i in range(10))
    order = np.lexsort((told[8], told[0]))
    return (plan.person[told[0][order]], *(column[order] for column in told[1:]))


def joined_rides(parts: list[Columns], day: int) -> Rides:
    kinds = (np.int32, np.int32, *(np.int16,) * 4, np.int8, np.int8, np.int32, np.int32)
    columns = [
        np.concatenate([np.zeros(0, kind), *(part[i].astype(kind) for part in parts)])
        for i, kind in enumerate(kinds)
    ]
    columns[8] += np.int32(day * DAY)
    columns[9] += np.int32(day * DAY)
    return Rides(*columns)


def _row(who: Int64, *columns: Int64 | int) -> Columns:
    return (who, *(np.broadcast_to(np.asarray(column), who.shape) for column in columns))


def _commutes(city: City, static: Words, plan: Plan, *, out: bool) -> Columns:
    """Rides within the time that the way to work (`out`) or home takes."""
    person = plan.person
    rides = (bits(static, 0) < _BY_TRANSIT) & (plan.start[:, FIRST] > 0) & ~plan.away
    rides &= (plan.place[:, FIRST] == city.people.daytime[person]) & ~plan.absent
    if out:
        leaves = plan.start[:, FIRST] - plan.before[:, FIRST]
        arrives = plan.start[:, FIRST].copy()
    else:
        leaves, arrives = _way_home(plan)
        rides &= leaves >= 0
    some = np.flatnonzero(rides & (arrives - leaves >= 8))
    grid = city.people.grid[person[some]].astype(np.int64)
    metro = bits(static[some], 1) < _BY_METRO
    line, near = lines.line_and_stop(city, grid, metro, bits(static[some], 2))
    onward = near < lines.STOPS // 2
    hops = 1 + (bits(static[some], 3) * 6 >> 16)
    far = np.where(onward, near + hops, near - hops)
    board, alight = (near, far) if out else (far, near)
    backward = alight < board
    run = lines.next_run(board, backward, leaves[some].astype(np.int64) + 2)
    at = lines.departs(run, board)
    fits = np.minimum(np.abs(alight - board), (arrives[some] - 1 - at) // lines.HOP)
    alight = np.where(backward, board - fits, board + fits)
    kept = (fits >= 1) & (run < lines.RUNS_OF_A_LINE)
    some, line, run, at, board, alight = (
        column[kept] for column in (some, line, run, at, board, alight)
    )
    seq_from = np.where(backward[kept], lines.STOPS - 1 - board, board)
    seq_to = np.where(backward[kept], lines.STOPS - 1 - alight, alight)
    under = line >= fleet(city.residents).bus_lines
    carriage = seats.FIRST[-1] + part(further(static[some], 1), 0, seats.METRO_CARRIAGES)
    return _row(
        some,
        line * lines.RUNS_OF_A_LINE + run,
        seq_from,
        seq_to,
        np.where(under, carriage, -1),
        -1,
        _PASSENGER,
        BOARDED,
        at,
        at + lines.HOP * (seq_to - seq_from),
    )


def _way_home(plan: Plan) -> tuple[Int32, Int32]:
    """When the way home from work begins and ends; -1 where something else comes first."""
    place = plan.place[:, FIRST]
    again = (plan.start[:, 2] >= 0) & (plan.place[:, 2] == place)
    leaves = np.where(again, plan.end[:, 2], plan.end[:, FIRST])
    travelled = np.where(again, plan.after[:, 2], plan.after[:, FIRST])
    arrives = leaves + travelled
    for outing in range(1, plan.start.shape[1]):
        begins = plan.start[:, outing]
        soon = (begins >= leaves) & (begins - plan.before[:, outing] - arrives < 15)
        leaves = np.where(soon, -1, leaves)
    leaves = np.where(arrives < DAY, leaves, -1)
    return leaves.astype(np.int32), arrives.astype(np.int32)


def _drivers(city: City, plan: Plan) -> Columns:
    """Who drives is aboard from the first stop to the last."""
    drives = (city.people.daytime[plan.person] == city.blocks.bus_depot) & plan.away
    drives &= city.people.role[plan.person] == _CREW
    drives &= plan.place[:, FIRST] == city.blocks.bus_depot
    who: list[Int64] = [np.zeros(0, np.int64)]
    runs: list[Int64] = [np.zeros(0, np.int64)]
    starts: list[Int64] = [np.zeros(0, np.int64)]
    for number in np.flatnonzero(drives):
        line, taken = lines.driver_runs(int(city.people.team[plan.person[number]]))
        who.append(np.full(len(taken), number))
        runs.append(line * lines.RUNS_OF_A_LINE + taken)
        starts.append(lines.FIRST_RUN + lines.INTERVAL * taken)
    some, at = np.concatenate(who), np.concatenate(starts)
    last = lines.STOPS - 1
    run = np.concatenate(runs)
    return _row(some, run, 0, last, -1, -1, _CREW, BOARDED, at, at + lines.HOP * last)
