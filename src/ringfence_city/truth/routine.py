"""What persons do on a day: work and school, errands, meals out, meeting friends, travelling."""

from __future__ import annotations

from ringfence_city.truth import travel, week
from ringfence_city.truth.city import City, Int8, Int64
from ringfence_city.truth.confinement import confine
from ringfence_city.truth.errands import errands
from ringfence_city.truth.friends import friends
from ringfence_city.truth.meals import family_meals, team_lunch
from ringfence_city.truth.occupied import daytime
from ringfence_city.truth.plan import Plan
from ringfence_city.truth.streams import Streams


class Routine:
    """Makes the plans of a city's people."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.streams = Streams.of(city)

    def plan(self, person: Int64, day: int, confined: Int8 | None) -> Plan:
        """The plans of one day, each row by itself; what comes first goes before what follows."""
        city, streams = self.city, self.streams
        plan = Plan.of(person)
        daily = streams.daily.words(person, day)
        busy = daytime(city, plan, day, (streams.always.words(person), daily))
        errands(city, plan, busy, day, daily)
        if week.kind_of_day(city.asked.first_day, day) == week.WORKDAY:
            team_lunch(streams, plan, busy, day, daily)
        family_meals(streams, plan, busy, day, daily)
        friends(streams, plan, day, daily)
        travel.day_trips(city, plan, day)
        travel.guests(city, plan, day)
        if confined is not None:
            confine(city, plan, confined)
        plan.settle()
        return plan
