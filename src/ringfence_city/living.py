"""One part of the people, and what is written of it: the work that several processes share.

A part depends on the city, the day and on who is confined; never on the other parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from ringfence_city import true_tables
from ringfence_city.observe import daily, standing
from ringfence_city.observe.daily import Held
from ringfence_city.observe.delivering import Delivered, Post
from ringfence_city.observe.noise import Agencies
from ringfence_city.observe.raw.documents import Documents
from ringfence_city.observe.rows import ALIAS, subject_keys
from ringfence_city.observe.scene import Scene
from ringfence_city.parameters import Parameters
from ringfence_city.truth import build, days, followed, identity, registers, transport_tables
from ringfence_city.truth.city import City, Int8, Int32
from ringfence_city.truth.days import Day
from ringfence_city.truth.followed import Near, Watched
from ringfence_city.writing import Written, write_table

PART = 250_000
"""People in a part: the same whatever the number of processes, for files are parts."""


@dataclass(frozen=True)
class Order:
    """What is to be made and where; every process holds it. `presences`: write the true ones.
    `part`: people whom one file of a day holds.
    """

    root: Path
    asked: Parameters
    agencies: Agencies
    presences: bool
    part: int = PART


@dataclass(frozen=True)
class DayOfPart:
    """`watched`: where the days of those who were there are asked back (None: everywhere)."""

    number: int
    day: int
    confined: Int32
    how: Int8
    watched: Watched | None
    held: Held


@dataclass(frozen=True)
class Lived:
    """What came of a day of a part."""

    number: int
    files: list[Written]
    delivered: list[Delivered]
    near: Near
    stays: int
    held: Held


@dataclass(frozen=True)
class Registered:
    number: int
    files: list[Written]
    delivered: list[Delivered]


def parts(city: City, size: int) -> list[tuple[int, int]]:
    """First person and end of each part."""
    count = city.people.count
    return [(low, min(low + size, count)) for low in range(0, count, size)]


class Worker:
    """Holds the city for as long as the process lives."""

    def __init__(self, order: Order, city: City | None = None) -> None:
        self.order = order
        self.city = build.city(order.asked) if city is None else city
        self.parts = parts(self.city, order.part)
        self.post = Post(order.root, self.city, order.agencies, Documents(self.city))

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
        named, aliases = self._named(persons)
        files.append(write_table(root, f"answers/alias/alias-{number:03d}.parquet", aliases))
        identities = write_table(root, f"identity/subject/subject-{number:03d}.parquet", named)
        delivered = standing.described(self.post, number, people, places, identities)
        if not self.post.raw:
            files.append(identities)
        if self.order.asked.full:
            delivered += standing.all_facts(self.post, number, truth["link"], doses)
        else:
            delivered += standing.households(self.post, number, homes)
            delivered += standing.vaccinations(self.post, number, doses)
        return Registered(number, files, delivered)

    def _named(self, persons: Int32) -> tuple[pa.Table, pa.Table]:
        """Who the persons are, under each key that agencies have for them; and whose alias is."""
        others = daily.aliases(self.post, persons)
        named = identity.identities(self.city, np.concatenate([persons, others]))
        codes = np.concatenate([persons, others + np.int64(ALIAS)])
        named = named.set_column(0, "subject", subject_keys(codes))
        here = registers.subjects(self.city, np.concatenate([persons, others]))
        for column in ("grid", "role"):
            named = named.append_column(column, here[column])
        told = {"subject": subject_keys(others + np.int64(ALIAS)), "person": subject_keys(others)}
        return named, pa.table(told)

    def _places(self, number: int, homes: Int32) -> Int32:
        """The homes of the part; the last part has all other places too."""
        if number < len(self.parts) - 1:
            return homes
        return np.concatenate([homes, np.arange(_home_count(self.city), self.city.places.count)])

    def live(self, task: DayOfPart) -> Lived:
        """One day: true stays, what agencies saw, and what may matter to the epidemic."""
        city = self.city
        low, high = self.parts[task.number]
        persons = np.arange(low, high, dtype=np.int32)
        how = np.zeros(high - low, dtype=np.int8)
        how[task.confined - low] = task.how
        told = days.lived(city, persons, task.day, how)
        files, delivered = self._timetable(task)
        held: Held = {}
        if self.order.presences or self.order.asked.full:
            written, sent = self._facts(task, told)
            files += written
            delivered += sent
        if not self.order.asked.full:
            scene = Scene(city, task.day, told)
            seen, held = daily.see(self.post, scene, task.number, task.held)
            delivered += seen
        near = followed.near(city, told, task.watched)
        return Lived(task.number, files, delivered, near, told.stays.count, held)

    def look(self, task: DayOfPart) -> Near:
        """The same day again, only to see who was where; nothing is written."""
        low, high = self.parts[task.number]
        how = np.zeros(high - low, dtype=np.int8)
        how[task.confined - low] = task.how
        persons = np.arange(low, high, dtype=np.int32)
        told = days.lived(self.city, persons, task.day, how)
        return followed.near(self.city, told, task.watched)

    def _timetable(self, task: DayOfPart) -> tuple[list[Written], list[Delivered]]:
        """The runs of the whole city are written with its first part."""
        if task.number:
            return [], []
        tables = {
            "service": transport_tables.services(self.city, task.day),
            "stop": transport_tables.stops(self.city, task.day),
        }
        files = [
            write_table(self.order.root, f"answers/{name}/{name}-{task.day:03d}.parquet", rows)
            for name, rows in tables.items()
        ]
        return files, standing.timetable(self.post, task.day, tables["service"], tables["stop"])

    def _facts(self, task: DayOfPart, told: Day) -> tuple[list[Written], list[Delivered]]:
        files: list[Written] = []
        delivered: list[Delivered] = []
        for name, rows in true_tables.of_day(self.city, told, task.day).items():
            if rows.num_rows:
                path = f"answers/{name}/{name}-{task.day:03d}-{task.number:03d}.parquet"
                files.append(write_table(self.order.root, path, rows))
            if self.order.asked.full:
                delivered += standing.whole_day(self.post, name, rows, task.day, task.number)
        return files, delivered

    def flush(self, number: int, held: Held) -> list[Delivered]:
        return daily.flush(self.post, number, held)


def _home_count(city: City) -> int:
    return len(city.first_of_home) - 1


def _homes(city: City, low: int, high: int) -> Int32:
    """Homes whose first person is in the part."""
    first, end = np.searchsorted(city.first_of_home[:-1], [low, high])
    return np.arange(first, end, dtype=np.int32)
