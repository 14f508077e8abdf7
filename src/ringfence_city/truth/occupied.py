"""Work and school on a day: who is there, and when."""

from __future__ import annotations

import numpy as np

from ringfence_city.chance import Words, bits, part
from ringfence_city.truth import lines, timetable, week
from ringfence_city.truth.city import DAY, KINDS, ROLE_OF, City, Int8, Int64
from ringfence_city.truth.plan import AFTERNOON, EVENING, FIRST, LATE, NOON, Mask, Plan, Visit
from ringfence_city.truth.venue_kinds import ROW_OF

_METRES_A_MINUTE_E5 = 450
"""Hundred-thousandths of a degree in a minute of travel: about 30 km/h."""

_DRIVER = ROLE_OF["driver"]

_POSTED: Mask = np.isin(
    np.array(KINDS),
    ["restaurant", "cafe", "bar", "ktv", "mahjong", "banquet_hall", "hotel", "isolation_site"],
)
"""Divided places whose staff is not of one table or room: they have the zone after the last."""


def _staff_zone(city: City, place: Int64, kind: Int8, team: Int64) -> Int64:
    """The zone that staff and pupils are in. `team` of places that are not divided is a post."""
    zones = city.places.zones[place]
    return np.where(zones == 0, -1, np.where(_POSTED[kind], zones, team))


def daytime(city: City, plan: Plan, day: int, words: tuple[Words, Words]) -> Mask:
    """Work and school. Tells who is busy with it for most of the day.

    `words`: of the persons, and of the persons and the day.
    """
    person, (always, daily) = plan.person, words
    sort = week.kind_of_day(city.asked.first_day, day)
    place = city.people.daytime[person].astype(np.int64)
    has = place >= 0
    at = np.maximum(place, 0)
    kind = city.places.kind[at]
    start, spread, length, pattern, late, off = timetable.HOURS[kind].T
    begin = start + ((bits(always, 0) * spread) >> 16) + part(daily, 0, 8)
    begin += np.where(bits(always, 1) < 28_000, late, 0)
    end = np.minimum(begin + length + part(daily, 1, 30), DAY - 20)
    phase = part(always, 2, 28)
    turn = (day + phase) % 7
    works = np.where(
        pattern == timetable.WEEKDAYS,
        sort == week.WORKDAY,
        turn < np.where(pattern == timetable.SIX_OF_SEVEN, 6, 5),
    )
    if sort == week.HOLIDAY:
        works &= bits(always, 3) >= off * 655
    works &= has & (bits(daily, 2) >= 2_000)
    nightly = has & timetable.NIGHTLY[kind] & (bits(always, 3) < timetable.NIGHT_SHARE)
    cycle = (day + phase) % 4
    night, morning = nightly & (cycle == 1), nightly & (cycle == 2)
    works = np.where(nightly, cycle == 0, works)
    zone = city.people.team[person].astype(np.int64)
    zone = _staff_zone(city, at, kind, zone)
    role = city.people.role[person]
    commute = minutes_to(city, person, at)
    plan.put(FIRST, works, Visit(place, zone, begin, end, role, commute))
    plan.put(FIRST, morning, Visit(place, zone, 0, 480, role, commute))
    plan.put(EVENING, night, Visit(place, zone, 1_200, DAY, role, commute))
    drives = works & (role == _DRIVER)
    if drives.any():
        _drive(city, plan, drives, begin, daily)
    return works


def minutes_to(city: City, person: Int64, place: Int64) -> Int64:
    """Minutes from home to `place`, door to door."""
    places = city.places
    home = city.people.home[person]
    far = np.abs(places.lat_e5[home] - places.lat_e5[place]).astype(np.int64)
    far += np.abs(places.lon_e5[home] - places.lon_e5[place])
    travelled: Int64 = np.minimum(8 + far // _METRES_A_MINUTE_E5, 75)
    return travelled


def _drive(city: City, plan: Plan, who: Mask, begin: Int64, daily: Words) -> None:
    """Drivers are at the depot at both ends of a shift; lorries unload at a market between."""
    blocks = city.blocks
    depot = city.people.daytime[plan.person].astype(np.int64)
    travelled = minutes_to(city, plan.person, np.maximum(depot, 0))
    bus_begins, bus_ends = lines.shift_of(city.people.team[plan.person].astype(np.int64))
    bus = depot == blocks.bus_depot
    start = np.where(bus, bus_begins, np.minimum(begin - 60, DAY - 560))
    back = np.where(bus, bus_ends, start + 530)
    plan.put(FIRST, who, Visit(depot, -1, start, start + 20, _DRIVER, travelled))
    plan.put(EVENING, who, Visit(depot, -1, back, back + 10, _DRIVER, travelled))
    plan.away[who] = True
    for outing in (NOON, AFTERNOON, LATE):
        plan.drop(outing, who)
    row = ROW_OF["wholesale_market"]
    markets, first = int(city.venues.count[row, 0]), int(city.venues.first[row, 0])
    if markets:
        market = first + part(daily, 3, markets)
        unloads = who & (depot == blocks.lorry_depot)
        arrives = start + 120 + part(daily, 0, 90)
        leaves = arrives + 40 + part(daily, 1, 50)
        plan.put(AFTERNOON, unloads, Visit(market, -1, arrives, leaves, _DRIVER, 10))
