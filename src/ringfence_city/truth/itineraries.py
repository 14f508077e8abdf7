"""Rides of those who go to other places: on one service or on two, in whose seat; and no-shows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ringfence_city.chance import Chance
from ringfence_city.truth import lines, long_distance, travel
from ringfence_city.truth.city import KIND_OF, ROLE_OF, Array, City, Int64, Truths
from ringfence_city.truth.journeys import BOARDED, NO_SHOW
from ringfence_city.truth.long_distance import BEYOND, LAST, SINCE, Booked, booked
from ringfence_city.truth.plan import EVENING, FIRST, Mask, Plan

_PASSENGER = ROLE_OF["passenger"]
_SWAPS = 40_000
"""Of a million pairs who travel on one run, who sit in each other's seat."""

Columns = tuple[Array, ...]


@dataclass(frozen=True)
class _Party:
    """Travellers the same way: rows of a plan and what each booked. `paired`: whether who booked
    the other turn of the pair travels too. `here`: who is aboard; the others did not show up.
    """

    rows: Int64
    trip: Booked
    paired: Truths
    here: Truths
    back: bool
    visitors: bool

    def only(self, some: Mask) -> _Party:
        trip = Booked(*(column[some] for column in vars(self.trip).values()))
        paired, here = self.paired[some], self.here[some]
        return replace(self, rows=self.rows[some], trip=trip, paired=paired, here=here)


def rides(city: City, plan: Plan, day: int) -> list[Columns]:
    """Columns of `journeys.Rides`, persons as rows of the plan, minutes of the day."""
    told = lines.runs(city, day)
    station = _at_station(city, plan)
    parties = [*_residents(city, plan, day, station), *_visitors(city, plan, day, station)]
    return [
        columns
        for party in parties
        if len(party.rows)
        for columns in (
            _ridden(city, told, party, party.trip.leg, day),
            _changed(city, told, party, day),
        )
    ]


def _at_station(city: City, plan: Plan) -> Mask:
    there = city.places.kind[plan.place[:, FIRST]] == KIND_OF["station"]
    told: Mask = there & (plan.role[:, FIRST] == _PASSENGER) & (plan.start[:, FIRST] >= 0)
    return told


def _residents(city: City, plan: Plan, day: int, station: Mask) -> list[_Party]:
    person = plan.person
    travelling = travel.travellers(city, day)
    ticket = travel.tickets(city, person, day)
    goes = station & (person < city.residents) & plan.away
    stays = travel.keeps_ticket(city, person, ticket, travelling)
    some = np.flatnonzero(goes | stays)
    count = travel.resident_lines(travelling)
    trip = booked(ticket[some], count)
    paired = travel.uses_ticket(city, long_distance.partner(trip, count), day)
    comes = travel.passes(trip, count, back=True, visitors=False)
    out = _Party(some, trip, paired, goes[some], back=False, visitors=False)
    again = (plan.start[some, EVENING] == comes) | stays[some]
    return [out, replace(out, back=True).only(again)]


def _visitors(city: City, plan: Plan, day: int, station: Mask) -> list[_Party]:
    if city.people.count == city.residents:
        return []
    count = travel.visitor_lines(city)
    found = []
    for who, back in ((plan.comes, True), (plan.goes, False)):
        some = np.flatnonzero(who & station)
        if not len(some):
            continue
        trip = booked(plan.person[some] - city.residents, count)
        other = city.residents + long_distance.partner(trip, count)
        theirs = travel.visits(city, other)[0 if back else 1]
        paired = (theirs == day) & (other < city.people.count)
        here = np.ones(len(some), dtype=np.bool_)
        found.append(_Party(some, trip, paired, here, back=back, visitors=True))
    return found


def _changed(city: City, told: lines.Runs, party: _Party, day: int) -> Columns:
    some = party.only(party.trip.changes)
    return _ridden(city, told, some, np.full(len(some.rows), BEYOND), day)


def _ridden(city: City, told: lines.Runs, party: _Party, leg: Int64, day: int) -> Columns:
    trip = party.trip
    run = told.far(leg, trip.line, back=party.back, visitors=party.visitors)
    lot = Chance.of(city.asked.seed, "seat swap")
    swapped = party.here & party.paired & lot.happens(_SWAPS, day, run, trip.turn // 2)
    far = np.where(leg == trip.leg, long_distance.hops(trip), LAST[leg])
    board = LAST[leg] - far if party.back else np.zeros(len(leg), dtype=np.int64)
    alight = board + far
    count = told.visitor_lines if party.visitors else told.resident_lines
    hour = travel.hour(trip.line, count, back=party.back, visitors=party.visitors)
    begins = long_distance.begins(leg, hour, back=party.back)
    since = SINCE[int(party.back)]
    return (
        party.rows,
        run,
        board,
        alight,
        long_distance.seat_sold(leg, trip.turn ^ swapped, back=party.back),
        long_distance.seat_sold(leg, trip.turn, back=party.back),
        np.full(len(leg), _PASSENGER),
        np.where(party.here, BOARDED, NO_SHOW),
        begins + since[leg, board],
        begins + since[leg, alight],
    )
