"""Where persons are on a day: outings, and home between them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ringfence_city.chance import further
from ringfence_city.truth import timetable
from ringfence_city.truth.city import DAY, ROLE_OF, Array, City, Int8, Int32, Int64, Stays
from ringfence_city.truth.plan import OUTINGS, Plan
from ringfence_city.truth.routine import Routine

_CHUNK = 16_384
"""Persons at once: their columns stay in the processor's cache."""

_LEAST_AT_HOME = 15
_RESIDENT = ROLE_OF["resident"]
_WORKING = np.isin(
    np.arange(len(ROLE_OF)),
    [ROLE_OF[word] for word in ("staff", "health_worker", "teacher", "carer", "driver", "courier")],
)
_COLUMNS = 2 * OUTINGS + 1

Columns = tuple[Array, ...]


def stays(city: City, persons: Int32, day: int, confined: Int8 | None = None) -> Stays:
    """The day of `persons`, sorted as they are given, each by time.

    `confined`, one a person: FREE, AT_HOME, IN_HOSPITAL, ISOLATED. A person's rows depend on the
    person, the day and how the person is confined, never on who else is asked for.
    """
    routine = Routine(city)
    return joined_stays(
        [stays_of(city, routine, plan, day) for plan in plans(routine, persons, day, confined)]
    )


def plans(
    routine: Routine, persons: Int32, day: int, confined: Int8 | None = None
) -> Iterator[Plan]:
    """The plans of `persons`, as many at a time as fit the processor's cache."""
    every = np.asarray(persons, dtype=np.int64)
    for begin in range(0, len(every), _CHUNK):
        held = None if confined is None else np.asarray(confined)[begin : begin + _CHUNK]
        yield routine.plan(every[begin : begin + _CHUNK], day, held)


def joined_stays(parts: list[Columns]) -> Stays:
    told = parts or [_none()]
    return Stays(*(np.concatenate([part[i] for part in told]) for i in range(7)))


def _none() -> Columns:
    wide, narrow = np.zeros(0, np.int32), np.zeros(0, np.int8)
    return wide, wide, np.zeros(0, np.int16), wide, wide, narrow, narrow


def _home_zone(city: City, person: Int64) -> Int64:
    """Rooms of hotels have numbers; homes are not divided."""
    lodges = (person >= city.residents) & (city.people.home[person] >= city.homes)
    return np.where(lodges, city.people.team[person], -1)


def stays_of(city: City, routine: Routine, plan: Plan, day: int) -> Columns:
    """Columns of the stays of a plan."""
    n = len(plan.person)
    shape = (n, _COLUMNS)
    start, end = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    place, zone = np.empty(shape, np.int32), np.empty(shape, np.int16)
    role = np.full(shape, _RESIDENT, np.int8)
    place[:, 0::2] = city.people.home[plan.person][:, None]
    zone[:, 0::2] = _home_zone(city, plan.person)[:, None]
    place[:, 1::2], zone[:, 1::2], role[:, 1::2] = plan.place, plan.zone, plan.role
    start[:, 1::2] = np.maximum(plan.start, 0)
    end[:, 1::2] = np.maximum(plan.end, 0)
    since = np.zeros(n, np.int32)  # at home since, if nothing else comes first
    began = np.zeros(n, bool)  # has had an outing
    for outing in range(OUTINGS):
        there = plan.start[:, outing] >= 0
        leaves = plan.start[:, outing] - plan.before[:, outing]
        least = np.where(began, _LEAST_AT_HOME, 1)
        home = there & (leaves - since >= least) & ~(began & plan.away)
        start[:, 2 * outing] = np.where(home, since, 0)
        end[:, 2 * outing] = np.where(home, leaves, 0)
        since = np.where(there, plan.end[:, outing] + plan.after[:, outing], since)
        began |= there
    last = (since < DAY) & ~plan.goes & ~plan.absent
    start[:, -1] = np.where(last, since, 0)
    end[:, -1] = np.where(last, DAY, 0)
    gone = plan.comes | plan.absent
    end[gone, 0] = start[gone, 0]
    kept = end > start
    at, doing = place[kept], role[kept]
    person = np.repeat(plan.person, kept.sum(axis=1))
    column = np.broadcast_to(np.arange(_COLUMNS), shape)[kept]
    kind = city.places.kind[at]
    dice = (
        further(routine.streams.daily.words(person, day), 77) >> (column.astype(np.uint64) * 5)
    ).astype(np.int64) & 255
    at_home = (column & 1) == 0
    worn = (dice < timetable.MASKS[kind, _WORKING[doing].astype(np.int8)]) & ~at_home
    return (
        person.astype(np.int32),
        at,
        zone[kept],
        start[kept] + np.int32(day * DAY),
        end[kept] + np.int32(day * DAY),
        doing,
        worn.astype(np.int8),
    )
