"""Errands: shops and markets, the doctor, the bank, the park."""

from __future__ import annotations

import numpy as np

from ringfence_city.chance import Words, bits, further, part
from ringfence_city.truth import taxi_lot, timetable
from ringfence_city.truth.city import ROLE_OF, City, Int8, Int64
from ringfence_city.truth.plan import AFTERNOON, EVENING, FIRST, LATE, Mask, Plan, Visit
from ringfence_city.truth.venue_kinds import VENUE_KINDS

_ROLE: Int8 = np.array(
    [ROLE_OF[timetable.VISIT_ROLE.get(told.kind, "customer")] for told in VENUE_KINDS],
    dtype=np.int8,
)
"""Role of who visits a place of a row."""

_GUEST = 3

# Of 65,536 children, adults, old people and visitors from elsewhere: who go, on a day. Shaped so
# that contacts come out as surveys found them.
_MORNING = np.array([12_000, 33_000, 40_000, 30_000])
_AFTERNOON = np.array([14_000, 26_000, 20_000, 36_000])
_AFTER_WORK = np.array([18_000, 44_000, 20_000, 36_000])


def _errand(
    city: City, grid: Int64, group: Int64, word: Words
) -> tuple[Int64, Int64, Int64, Int64]:
    """Place (-1: none), zone, minutes and role of an errand near a grid."""
    row = timetable.ERRANDS[group, bits(word, 0) >> 4].astype(np.int64)
    venues = city.venues
    count = np.where(row >= 0, venues.count[row, grid], 0).astype(np.int64)
    place = venues.first[row, grid] + ((bits(word, 1) * count) >> 16)
    place = np.where(count > 0, place, -1)
    zones = city.places.zones[place].astype(np.int64)
    zone = np.where(zones > 0, (bits(word, 2) * zones) >> 16, -1)
    least, most = timetable.MINUTES[row].T.astype(np.int64)
    return place, zone, least + ((bits(word, 3) * (most - least)) >> 16), _ROLE[row]


def errands(city: City, plan: Plan, busy: Mask, day: int, daily: Words) -> None:
    """What persons do by themselves: before noon, in the afternoon, and after work."""
    age = city.people.age[plan.person]
    group = np.where(age < 18, 0, np.where(age < 60, 1, 2))
    group = np.where(plan.person < city.residents, group, _GUEST)
    grid = city.people.grid[plan.person].astype(np.int64)
    whether = further(daily, 1)
    free = ~busy & plan.free(FIRST) & ~plan.away
    night_after = plan.free(EVENING)
    told = (
        (FIRST, free & (bits(whether, 0) < _MORNING[group]), 500, 130, 2),
        (AFTERNOON, free & (bits(whether, 1) < _AFTERNOON[group]), 850, 120, 3),
        (LATE, (bits(whether, 2) < _AFTER_WORK[group]) & ~plan.away & night_after, 0, 60, 4),
    )
    for outing, wish, start, spread, number in told:
        by_taxi = np.zeros(len(wish), dtype=bool)
        if outing != LATE:
            taxi, leaves = taxi_lot.won(city, plan.person, day, outing)
            by_taxi = (taxi >= 0) & free & (group > 0)
        some = np.flatnonzero(wish | by_taxi)
        word = further(daily[some], number)
        place, zone, minutes, role = _errand(city, grid[some], group[some], word)
        late = further(word, 9)
        begin = start + ((bits(late, 0) * spread) >> 16)
        if outing == LATE:
            after = np.where(busy[some], plan.end[some, FIRST] + 12, 1_020)
            begin = after + part(late, 0, 35)
        else:
            begin = np.where(by_taxi[some], leaves[some] + taxi_lot.TRAVEL, begin)
        goes = place >= 0
        travelled = np.where(by_taxi[some], taxi_lot.TRAVEL, 8)
        visit = Visit(place, zone, begin, begin + minutes, role, travelled)
        plan.put_rows(outing, some[goes], visit.of(goes))
