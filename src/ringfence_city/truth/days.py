"""A whole day of some persons, drawn once: stays, rides, vehicles."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence_city.truth import movement, transport, vehicles
from ringfence_city.truth.city import City, Int8, Int32, Stays
from ringfence_city.truth.journeys import Occupancies, Rides, Sightings
from ringfence_city.truth.movement import Columns
from ringfence_city.truth.routine import Routine


@dataclass(frozen=True)
class Day:
    """What `movement.stays`, `transport.rides`, `occupancies` and `sightings` would tell."""

    stays: Stays
    rides: Rides
    occupancies: Occupancies
    sightings: Sightings


def lived(city: City, persons: Int32, day: int, confined: Int8 | None = None) -> Day:
    """The day of `persons`: about half the time of asking for each part by itself."""
    routine = Routine(city)
    stays: list[Columns] = []
    rides: list[Columns] = []
    aboard: list[Columns] = []
    for plan in movement.plans(routine, persons, day, confined):
        stays.append(movement.stays_of(city, routine, plan, day))
        rides.append(transport.rides_of(city, routine, plan, day))
        aboard.append(vehicles.occupancies_of(city, routine, plan, day))
    occupied = vehicles.joined_occupancies(aboard, day)
    return Day(
        movement.joined_stays(stays),
        transport.joined_rides(rides, day),
        occupied,
        vehicles.seen(city, occupied),
    )
