"""What persons do on a day: work and school, errands, meals out, meeting friends, travelling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ringfence_city.chance import Chance, Words, bits, further, part
from ringfence_city.truth import gatherings, lines, taxi_lot, timetable, travel, week
from ringfence_city.truth.circles import CHILD, OLD
from ringfence_city.truth.city import DAY, KIND_OF, KINDS, ROLE_OF, City, Int8, Int64
from ringfence_city.truth.plan import AFTERNOON, EVENING, FIRST, LATE, NOON, Mask, Plan
from ringfence_city.truth.venue_kinds import ROW_OF, VENUE_KINDS

_METRES_A_MINUTE_E5 = 450
"""Hundred-thousandths of a degree in a minute of travel: about 30 km/h."""

_TRAVEL_ROLE = np.array(
    [ROLE_OF[timetable.VISIT_ROLE.get(told.kind, "customer")] for told in VENUE_KINDS],
    dtype=np.int8,
)
_DRIVER, _VISITOR, _CUSTOMER = ROLE_OF["driver"], ROLE_OF["visitor"], ROLE_OF["customer"]
_BED, _CONFINED_ROLE = KIND_OF["hospital"], ROLE_OF["patient"]

# Of 65,536: children, adults, old people. Shaped so that contacts come out as surveys found them.
_MORNING = np.array([12_000, 33_000, 40_000])
_AFTERNOON = np.array([14_000, 26_000, 20_000])
_AFTER_WORK = np.array([18_000, 44_000, 20_000])
_CIRCLE_AFTERNOON = np.array(
    [[32_000, 0, 11_000], [32_000, 20_000, 11_000], [34_000, 24_000, 12_000]]
)
_CIRCLE_EVENING = np.array(
    [[8_000, 27_000, 7_000], [14_000, 36_000, 7_500], [16_000, 38_000, 8_000]]
)
_JOINS = 48_000
_EATS_OUT = {week.WORKDAY: 5_000, week.WEEKEND: 12_000, week.HOLIDAY: 14_000}


class Routine:
    """The streams of chance that a city's days are drawn from."""

    def __init__(self, city: City) -> None:
        seed = city.asked.seed
        self.city = city
        self.always = Chance.of(seed, "routine/person")
        self.daily = Chance.of(seed, "routine/day")
        self.circle = Chance.of(seed, "routine/circle")
        self.home = Chance.of(seed, "routine/home")
        self.lots = {
            word: Chance.of(seed, f"routine/lot/{word}")
            for word in ("lunch", "family lunch", "family dinner", "circle dinner", "circle out")
        }

    def plan(self, person: Int64, day: int, confined: Int8 | None) -> Plan:
        """The plan of one day; `person` ascending or not, each row by itself."""
        plan = Plan.of(person)
        sort = week.kind_of_day(self.city.asked.first_day, day)
        always, daily = self.always.words(person), self.daily.words(person, day)
        age = self.city.people.age[person]
        group = np.where(age < 18, 0, np.where(age < 60, 1, 2))
        busy = self._daytime(plan, day, sort, always, daily)
        self._errands(plan, busy, group, day, daily)
        if sort == week.WORKDAY:
            self._team_lunch(plan, busy, day, daily)
        self._family_meals(plan, busy, day, sort, daily)
        self._friends(plan, day, sort, daily)
        travel.day_trips(self.city, plan, day)
        travel.guests(self.city, plan, day)
        if confined is not None:
            _confine(self.city, plan, confined)
        plan.settle()
        return plan

    def _daytime(self, plan: Plan, day: int, sort: int, always: Words, daily: Words) -> Mask:
        """Work and school. Tells who is busy with it for most of the day."""
        city, person = self.city, plan.person
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
        commute = self.commute(person, at)
        plan.put(FIRST, works, place, zone, begin, end, role, commute)
        plan.put(FIRST, morning, place, zone, 0, 480, role, commute)
        plan.put(EVENING, night, place, zone, 1_200, DAY, role, commute)
        drives = works & (role == _DRIVER)
        if drives.any():
            self._drive(plan, drives, place, begin, end, daily)
        return works

    def commute(self, person: Int64, place: Int64) -> Int64:
        """Minutes from home to `place`, door to door."""
        places = self.city.places
        home = self.city.people.home[person]
        far = np.abs(places.lat_e5[home] - places.lat_e5[place]).astype(np.int64)
        far += np.abs(places.lon_e5[home] - places.lon_e5[place])
        return np.minimum(8 + far // _METRES_A_MINUTE_E5, 75)

    def _drive(
        self, plan: Plan, who: Mask, depot: Int64, begin: Int64, end: Int64, daily: Words
    ) -> None:
        """Drivers are at the depot at both ends of a shift; lorries unload at a market between."""
        blocks = self.city.blocks
        travelled = self.commute(plan.person, np.maximum(depot, 0))
        bus_begins, bus_ends = lines.shift_of(self.city.people.team[plan.person].astype(np.int64))
        bus = depot == blocks.bus_depot
        start = np.where(bus, bus_begins, np.minimum(begin - 60, DAY - 560))
        back = np.where(bus, bus_ends, start + 530)
        plan.put(FIRST, who, depot, -1, start, start + 20, _DRIVER, travelled)
        plan.put(EVENING, who, depot, -1, back, back + 10, _DRIVER, travelled)
        plan.away[who] = True
        for outing in (NOON, AFTERNOON, LATE):
            plan.drop(outing, who)
        row = ROW_OF["wholesale_market"]
        markets, first = int(self.city.venues.count[row, 0]), int(self.city.venues.first[row, 0])
        if markets:
            market = first + part(daily, 3, markets)
            unloads = who & (depot == blocks.lorry_depot)
            arrives = start + 120 + part(daily, 0, 90)
            leaves = arrives + 40 + part(daily, 1, 50)
            plan.put(AFTERNOON, unloads, market, -1, arrives, leaves, _DRIVER, 10)

    def _errand(self, grid: Int64, group: Int64, word: Words) -> tuple[Int64, Int64, Int64, Int64]:
        """Place (-1: none), zone, minutes and role of an errand near a grid."""
        row = timetable.ERRANDS[group, bits(word, 0) >> 4].astype(np.int64)
        venues = self.city.venues
        count = np.where(row >= 0, venues.count[row, grid], 0).astype(np.int64)
        place = venues.first[row, grid] + ((bits(word, 1) * count) >> 16)
        place = np.where(count > 0, place, -1)
        zones = self.city.places.zones[place].astype(np.int64)
        zone = np.where(zones > 0, (bits(word, 2) * zones) >> 16, -1)
        least, most = timetable.MINUTES[row].T.astype(np.int64)
        return place, zone, least + ((bits(word, 3) * (most - least)) >> 16), _TRAVEL_ROLE[row]

    def _errands(self, plan: Plan, busy: Mask, group: Int64, day: int, daily: Words) -> None:
        grid = self.city.people.grid[plan.person].astype(np.int64)
        whether = further(daily, 1)
        free = ~busy & plan.free(FIRST) & ~plan.away
        night_after = plan.free(EVENING)
        told = (
            (FIRST, free & (bits(whether, 0) < _MORNING[group]), 500, 130, 2),
            (AFTERNOON, free & (bits(whether, 1) < _AFTERNOON[group]), 850, 120, 3),
            (LATE, (bits(whether, 2) < _AFTER_WORK[group]) & ~plan.away & night_after, 0, 60, 4),
        )
        for outing, who, start, spread, number in told:
            by_taxi = np.zeros(len(who), dtype=bool)
            if outing != LATE:
                taxi, leaves = taxi_lot.won(self.city, plan.person, day, outing)
                by_taxi = (taxi >= 0) & free & (group > 0)
                who = who | by_taxi
            some = np.flatnonzero(who)
            word = further(daily[some], number)
            place, zone, minutes, role = self._errand(grid[some], group[some], word)
            late = further(word, 9)
            begin = start + ((bits(late, 0) * spread) >> 16)
            if outing == LATE:
                after = np.where(busy[some], plan.end[some, FIRST] + 12, 1_020)
                begin = after + part(late, 0, 35)
            else:
                begin = np.where(by_taxi[some], leaves[some] + taxi_lot.TRAVEL, begin)
            whole = np.full((4, len(who)), -1)
            whole[:, some] = place, zone, begin, begin + minutes
            doing = np.zeros(len(who), dtype=np.int64)
            doing[some] = role
            plan.put(
                outing,
                who & (whole[0] >= 0),
                whole[0],
                whole[1],
                whole[2],
                whole[3],
                doing,
                np.where(by_taxi, taxi_lot.TRAVEL, 8),
            )

    def _team_lunch(self, plan: Plan, busy: Mask, day: int, daily: Words) -> None:
        place, team = plan.place[:, FIRST].astype(np.int64), plan.zone[:, FIRST].astype(np.int64)
        start, end = plan.start[:, FIRST].astype(np.int64), plan.end[:, FIRST].astype(np.int64)
        eligible = busy & (place >= self.city.blocks.workplaces) & (team >= 0) & ~plan.away
        eligible &= (start <= 640) & (end >= 850) & (bits(daily, 3) < 56_000)
        some = np.flatnonzero(eligible)
        seats = gatherings.teams(self.city, self.lots["lunch"], place[some], team[some], day, 6_000)
        got = seats.place >= 0
        some = some[got]
        _split(plan, some, seats.place[got], seats.zone[got])

    def _family_meals(self, plan: Plan, busy: Mask, day: int, sort: int, daily: Words) -> None:
        person = plan.person
        home = self.city.people.home[person].astype(np.int64)
        lives = (person < self.city.residents) & (home < self.city.homes) & ~plan.away
        share = _EATS_OUT[sort]
        joins = bits(further(daily, 5), 0) < 60_000
        free_from = np.where(busy, plan.end[:, FIRST] + 12, 0)
        evening = lives & joins & (free_from <= 1_070) & plan.free(EVENING)
        self._meal(plan, evening, home, day, "family dinner", share, LATE, 1_065)
        if sort != week.WORKDAY:
            self._meal(plan, lives & joins & ~busy, home, day, "family lunch", share, NOON, 735)

    def _meal(
        self,
        plan: Plan,
        who: Mask,
        home: Int64,
        day: int,
        word: str,
        share: int,
        outing: int,
        at: int,
    ) -> None:
        some = np.flatnonzero(who)
        seats = gatherings.households(self.city, self.lots[word], home[some], day, share)
        got = seats.place >= 0
        some = some[got]
        start = at + self.home.below(15, home[some], day)
        end = start + 45 + self.home.below(20, home[some], day, 1)
        _put(plan, outing, some, seats.place[got], seats.zone[got], start, end, _CUSTOMER, 8)

    def _friends(self, plan: Plan, day: int, sort: int, daily: Words) -> None:
        """What circles do together in the afternoon and in the evening."""
        circle = self.city.people.circle[plan.person].astype(np.int64)
        joins = further(daily, 6)
        some = np.flatnonzero((circle >= 0) & ~plan.away)
        of = self.city.circles.class_[circle[some]].astype(np.int64)
        word = self.circle.words(circle[some], day)
        meets = bits(word, 0) < _CIRCLE_AFTERNOON[sort][of]
        meets &= bits(joins[some], 0) < _JOINS
        child = of[meets] == CHILD
        at = np.where((child & (sort == week.WORKDAY)), 1_025, 865) + part(word[meets], 1, 20)
        self._together(plan, some[meets], circle[some[meets]], of[meets], at, day, AFTERNOON)
        meets = (bits(word, 2) < _CIRCLE_EVENING[sort][of]) & (bits(joins[some], 1) < _JOINS)
        meets &= plan.free(EVENING)[some]
        at = 1_152 + part(word[meets], 3, 24)
        self._together(plan, some[meets], circle[some[meets]], of[meets], at, day, EVENING)

    def _together(
        self,
        plan: Plan,
        some: Int64,
        circle: Int64,
        of: Int64,
        start: Int64,
        day: int,
        outing: int,
    ) -> None:
        city = self.city
        grid = gatherings.circle_grid(city, circle)
        word = self.circle.words(circle, day, outing)
        place, zone = self._visit_or_park(circle, grid, of, word)
        role = np.full(len(some), _VISITOR)
        minutes = 50 + part(word, 0, 70)
        if outing == EVENING:
            old = np.where(of == OLD, 6_000, 26_000)
            out = gatherings.circles_out(city, self.lots["circle out"], circle, grid, day, 5_000)
            dines = gatherings.circles_at_table(
                city, self.lots["circle dinner"], circle, grid, day, old
            )
            grown = of != CHILD
            for seats in (out, dines):
                got = grown & (seats.place >= 0)
                place, zone = np.where(got, seats.place, place), np.where(got, seats.zone, zone)
                role = np.where(got, _CUSTOMER, role)
                minutes = np.where(got, 60 + part(word, 0, 60), minutes)
        home = city.people.home[plan.person[some]]
        kept = (place >= 0) & (place != home)
        put = [value[kept] for value in (some, place, zone, start, start + minutes, role)]
        late = put[0]
        if outing == AFTERNOON:  # after school it is the late outing, else the afternoon's
            after_school = put[3] > 960
            _put(plan, LATE, *(value[after_school] for value in put), travel=6)
            put = [value[~after_school] for value in put]
            idle = plan.end[put[0], FIRST] <= put[3]
            put = [value[idle] for value in put]
            _put(plan, AFTERNOON, *put, travel=8)
            return
        # whoever was about to run an errand meanwhile does not
        clash = plan.end[late, LATE] + 4 > put[3]
        plan.start[late[clash], LATE] = -1
        plan.end[late[clash], LATE] = -1
        _put(plan, EVENING, *put, travel=10)

    def _visit_or_park(
        self, circle: Int64, grid: Int64, of: Int64, word: Words
    ) -> tuple[Int64, Int64]:
        """A friend's home, or a park, a gym, a cinema."""
        city = self.city
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


def _put(
    plan: Plan,
    outing: int,
    some: Int64,
    place: Int64,
    zone: Int64,
    start: Int64,
    end: Int64,
    role: Int64 | int,
    travel: int,
) -> None:
    plan.place[some, outing] = place
    plan.zone[some, outing] = zone
    plan.start[some, outing] = start
    plan.end[some, outing] = end
    plan.role[some, outing] = role
    plan.before[some, outing] = travel
    plan.after[some, outing] = travel


def _split(plan: Plan, some: Int64, place: Int64, zone: Int64) -> None:
    """Go out for lunch in the middle of work."""
    end = plan.end[some, FIRST]
    after = plan.after[some, FIRST]
    role = plan.role[some, FIRST]
    work, team = plan.place[some, FIRST], plan.zone[some, FIRST]
    _put(
        plan,
        NOON,
        some,
        place,
        zone,
        np.full(len(some), 700),
        np.full(len(some), 730),
        _CUSTOMER,
        4,
    )
    plan.end[some, FIRST] = 695
    plan.after[some, FIRST] = 4
    _put(plan, AFTERNOON, some, work, team, np.full(len(some), 735), end, role, 4)
    plan.after[some, AFTERNOON] = after


_POSTED: NDArray[np.bool_] = np.isin(
    np.array(KINDS),
    ["restaurant", "cafe", "bar", "ktv", "mahjong", "banquet_hall", "hotel", "isolation_site"],
)
"""Divided places whose staff is not of one table or room: they have the zone after the last."""


def _staff_zone(city: City, place: Int64, kind: Int8, team: Int64) -> Int64:
    """The zone that staff and pupils are in. `team` of places that are not divided is a post."""
    zones = city.places.zones[place]
    return np.where(zones == 0, -1, np.where(_POSTED[kind], zones, team))


def _confine(city: City, plan: Plan, confined: Int8) -> None:
    """Those confined have no outings but, if not at home, one that lasts all day."""
    held = np.asarray(confined) > 0
    for outing in range(plan.start.shape[1]):
        plan.drop(outing, held)
    plan.away[held] = False
    person = plan.person
    grid = city.people.grid[person].astype(np.int64)
    ward = ROW_OF["hospital"]
    hospital = city.venues.first[ward, grid] + person % np.maximum(city.venues.count[ward, grid], 1)
    zone = person // 7 % np.maximum(city.places.zones[hospital], 1)
    sick = (np.asarray(confined) == 2) & ~plan.absent
    plan.put(FIRST, sick, hospital, zone, 0, DAY, ROLE_OF["patient"], 0)
    row = ROW_OF["isolation_site"]
    sites, first = int(city.venues.count[row, 0]), int(city.venues.first[row, 0])
    alone = (np.asarray(confined) == 3) & ~plan.absent
    room = np.minimum(person // sites, 32_000)
    plan.put(FIRST, alone, first + person % sites, room, 0, DAY, ROLE_OF["other"], 0)
