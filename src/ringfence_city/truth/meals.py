"""Meals out: teams for lunch, families for lunch and dinner."""

from __future__ import annotations

import numpy as np

from ringfence_city.chance import Chance, Words, bits, further
from ringfence_city.truth import gatherings, week
from ringfence_city.truth.city import ROLE_OF, Int64
from ringfence_city.truth.plan import AFTERNOON, EVENING, FIRST, LATE, NOON, Mask, Plan, Visit
from ringfence_city.truth.streams import Streams

LUNCH = 700
"""Minute at which teams sit down."""

_CUSTOMER = ROLE_OF["customer"]
_EATS_OUT = {week.WORKDAY: 5_000, week.WEEKEND: 12_000, week.HOLIDAY: 14_000}
"""Of 65,536 households, at each meal."""
_DINNER, _FAMILY_LUNCH = 1_065, 735


def team_lunch(streams: Streams, plan: Plan, busy: Mask, day: int, daily: Words) -> None:
    """Teams of workplaces that go out for lunch, each to a table of its own."""
    city = streams.city
    place, team = plan.place[:, FIRST].astype(np.int64), plan.zone[:, FIRST].astype(np.int64)
    start, end = plan.start[:, FIRST].astype(np.int64), plan.end[:, FIRST].astype(np.int64)
    eligible = busy & (place >= city.blocks.workplaces) & (team >= 0) & ~plan.away
    eligible &= (start <= 640) & (end >= 850) & (bits(daily, 3) < 56_000)
    some = np.flatnonzero(eligible)
    seats = gatherings.teams(city, streams.lunch, (place[some], team[some]), day, 6_000)
    got = seats.place >= 0
    some = some[got]
    _split(plan, some, seats.place[got], seats.zone[got])


def _split(plan: Plan, some: Int64, place: Int64, zone: Int64) -> None:
    """Go out for lunch in the middle of work."""
    end, after = plan.end[some, FIRST], plan.after[some, FIRST]
    role, work, team = (column[some, FIRST] for column in (plan.role, plan.place, plan.zone))
    plan.put_rows(NOON, some, Visit(place, zone, LUNCH, LUNCH + 30, _CUSTOMER, 4))
    plan.end[some, FIRST] = LUNCH - 5
    plan.after[some, FIRST] = 4
    plan.put_rows(AFTERNOON, some, Visit(work, team, LUNCH + 35, end, role, 4))
    plan.after[some, AFTERNOON] = after


def family_meals(streams: Streams, plan: Plan, busy: Mask, day: int, daily: Words) -> None:
    """Households that eat out: whoever of them is free joins."""
    city, person = streams.city, plan.person
    sort = week.kind_of_day(city.asked.first_day, day)
    home = city.people.home[person].astype(np.int64)
    lives = (person < city.residents) & (home < city.homes) & ~plan.away
    joins = lives & (bits(further(daily, 5), 0) < 60_000)
    free_from = np.where(busy, plan.end[:, FIRST] + 12, 0)
    share = _EATS_OUT[sort]

    def eat(who: Mask, lot: Chance, outing: int, at: int) -> None:
        some = np.flatnonzero(who)
        seats = gatherings.households(city, lot, home[some], day, share)
        got = seats.place >= 0
        some = some[got]
        start = at + streams.home.below(15, home[some], day)
        end = start + 45 + streams.home.below(20, home[some], day, 1)
        visit = Visit(seats.place[got], seats.zone[got], start, end, _CUSTOMER, 8)
        plan.put_rows(outing, some, visit)

    evening = joins & (free_from <= _DINNER + 5) & plan.free(EVENING)
    eat(evening, streams.family_dinner, LATE, _DINNER)
    if sort != week.WORKDAY:
        eat(joins & ~busy, streams.family_lunch, NOON, _FAMILY_LUNCH)
