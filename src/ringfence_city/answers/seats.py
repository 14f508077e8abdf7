"""Whether those who rode together surely sat as a rule for conveyances asks."""

from __future__ import annotations

import numpy as np

from ringfence.protocols.model import RideRule
from ringfence_city.answers.arrays import Bool, Int
from ringfence_city.answers.rides import Rides

_HOUR = 3_600


def sits(rule: RideRule, rides: Rides, own: Int, other: Int) -> Bool:
    """`own`, `other`: rows of `rides` who were aboard one run at one time.

    No vehicle of a city has berths or compartments.
    """
    together = _same_carriage(rides, own, other)
    crew = rides.crew[own] | rides.crew[other]
    said: list[Bool] = []
    if rule.everyone:
        said.append(np.ones(len(own), dtype=np.bool_))
    if rule.same_carriage:
        said.append(together)
    if rule.staff_of_zone:
        known = ~rides.divided[own] | (rides.carriage[own] >= 0)
        said.append(crew & together & known)
    if rule.rows is not None:
        said.append(together & _apart(rides.row, own, other, rule.rows) & ~crew)
    if rule.around is not None:
        beside = _apart(rides.across, own, other, rule.around)
        said.append(together & _apart(rides.row, own, other, rule.around) & beside & ~crew)
    good = np.logical_or.reduce(said) if said else _asks_no_seat(rule, own)
    if rule.sealed is not None:
        good &= rides.sealed[own] == int(rule.sealed)
    if rule.hepa is not None:
        good &= rides.hepa[own] == int(rule.hepa)
    if rule.trip_hours is not None:
        good &= rides.end[own] - rides.start[own] >= rule.trip_hours * _HOUR
    return good


def _apart(part: Int, own: Int, other: Int, most: int) -> Bool:
    """At most so far, where both are known."""
    known = (part[own] >= 0) & (part[other] >= 0)
    near: Bool = known & (np.abs(part[own] - part[other]) <= most)
    return near


def _asks_no_seat(rule: RideRule, own: Int) -> Bool:
    plain = RideRule(sealed=rule.sealed, hepa=rule.hepa, trip_hours=rule.trip_hours)
    return np.full(len(own), rule == plain)


def _same_carriage(rides: Rides, own: Int, other: Int) -> Bool:
    mine, theirs = rides.carriage[own], rides.carriage[other]
    same: Bool = ~rides.divided[own] | ((mine >= 0) & (mine == theirs))
    return same
