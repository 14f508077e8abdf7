"""One part of the people, and what is written of it: the work that several processes share.

A part depends on the city, the day and on who is confined; never on the other parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ringfence_city import true_tables
from ringfence_city.observe import daily, standing
from ringfence_city.observe.daily import Held
from ringfence_city.observe.delivering import Delivered, Post
from ringfence_city.observe.noise import Agencies
from ringfence_city.observe.scene import Scene
from ringfence_city.parameters import Parameters
from ringfence_city.truth import build, identity, movement, registers, transport
from ringfence_city.truth.city import City, Int8, Int32, Stays
from ringfence_city.truth.followed import taken
from ringfence_city.writing import Written, write_table

PART = 250_000
"""People in a part: the same whatever the number of processes, for files are parts."""


@dataclass(frozen=True)
class Order:
    """What is to be made and where; every process holds it. `presences`: write the true ones."""

    root: Path
    asked: Parameters
    agencies: Agencies
    presences: bool


@dataclass(frozen=True)
class DayOfPart:
    """`watched`: places of which the stays are asked back (None: of all)."""

    number: int
    day: int
    confined: Int32
    how: Int8
    watched: Int32 | None
    held: Held


@dataclass(frozen=True)
class Lived:
    """What came of a day of a part."""

    number: int
    files: list[Written]
    delivered: list[Delivered]
    near: Stays
    stays: int
    held: Held


@dataclass(frozen=True)
class Registered:
    number: int
    files: list[Written]
    delivered: list[Delivered]


def parts(city: City) -> list[tuple[int, int]]:
    """First person and end of each part."""
    count = city.people.count
    return [(low, min(low + PART, count)) for low in range(0, count, PART)]


class Worker:
    """Holds the city for as long as the process lives."""

    def __init__(self, order: Order, city: City | None = None) -> None:
        self.order = order
        self.city = build.city(order.asked) if city is None else city
        self.parts = parts(self.city)
        self.post = Post(order.root, self.city, order.agencies)

    def register(self, number: int) -> Registered:
        """Write the registers of a part, its identities and its true facts that stand."""
        city, root = self.city, self.order.root
        low, high = self.parts[number]
        persons = np.arange(low, high, dtype=np.int32)
        homes = _homes(city, low, high)
        people = registers.subjects(city, persons)
        doses = registers.vaccinations(city, persons)
        places = registers.places(city, self._places(number, homes))
        pairs = standing.pairs(city.first_of_home, homes)
        truth = {
            "subject": people,
            "place": places,
            "vaccination": doses,
            "link": true_tables.households(city, *pairs),
        }
        files = [
            write_table(root, f"answers/{name}/{name}-{number:03d}.parquet", table)
            for name, table in truth.items()
        ]
        named = identity.identities(city, persons)
        files.append(write_table(root, f"identity/subject/subject-{number:03d}.parquet", named))
        delivered = standing.described(self.post, number, people, places)
        if self.order.asked.full:
            delivered += standing.all_facts(self.post, number, truth["link"], doses)
        else:
            delivered += standing.households(self.post, number, homes)
            delivered += standing.vaccinations(self.post, number, doses)
        return Registered(number, files, delivered)

    def _places(self, number: int, homes: Int32) -> Int32:
        """The homes of the part; the last part has all other places too."""
        if number < len(self.parts) - 1:
            return homes
        return np.concatenate([homes, np.arange(_home_count(self.city), self.city.places.count)])

    def live(self, task: DayOfPart) -> Lived:
        """One day: true stays, what agencies saw, and the stays that may matter to the epidemic."""
        city, order = self.city, self.order
        low, high = self.parts[task.number]
        persons = np.arange(low, high, dtype=np.int32)
        how = np.zeros(high - low, dtype=np.int8)
        how[task.confined - low] = task.how
        stays = movement.stays(city, persons, task.day, how)
        files: list[Written] = []
        delivered: list[Delivered] = []
        held: Held = {}
        if order.presences or order.asked.full:
            told = true_tables.presences(city, stays)
            path = f"answers/presence/presence-{task.day:03d}-{task.number:03d}.parquet"
            files.append(write_table(order.root, path, told))
            if order.asked.full:
                delivered += standing.whole_day(self.post, "presence", told, task.day, task.number)
        if not order.asked.full:
            scene = Scene(
                city,
                task.day,
                low,
                high,
                stays,
                transport.rides(city, persons, task.day, how),
                transport.occupancies(city, persons, task.day, how),
                transport.sightings(city, persons, task.day, how),
            )
            seen, held = daily.see(self.post, scene, task.number, task.held)
            delivered += seen
        near = stays if task.watched is None else _near(city, stays, task.watched)
        return Lived(task.number, files, delivered, near, stays.count, held)

    def flush(self, number: int, held: Held) -> list[Delivered]:
        return daily.flush(self.post, number, held)


def _near(city: City, stays: Stays, watched: Int32) -> Stays:
    marked = np.zeros(city.places.count, dtype=bool)
    marked[watched] = True
    return taken(stays, np.flatnonzero(marked[stays.place]))


def _home_count(city: City) -> int:
    return len(city.first_of_home) - 1


def _homes(city: City, low: int, high: int) -> Int32:
    """Homes whose first person is in the part."""
    first, end = np.searchsorted(city.first_of_home[:-1], [low, high])
    return np.arange(first, end, dtype=np.int32)
