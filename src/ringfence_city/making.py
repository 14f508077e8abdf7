"""Make a city: its truth, what agencies deliver of it, and the list of all files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ringfence_city import living, true_tables, writing
from ringfence_city.hands import Hands, hands
from ringfence_city.living import PART, DayOfPart, Order
from ringfence_city.observe import case_reports, interviews, standing
from ringfence_city.observe.daily import Held
from ringfence_city.observe.delivering import Delivered, Post, write_list
from ringfence_city.observe.noise import Agencies
from ringfence_city.observe.raw.documents import Documents
from ringfence_city.parameters import ZONE, Parameters
from ringfence_city.refusing import check
from ringfence_city.truth import (
    build,
    epidemic,
    findings,
    followed,
    registers,
    transmission,
)
from ringfence_city.truth.city import City, Int32
from ringfence_city.truth.followed import Near, Whose

ALL_ENCOUNTERS = 5_000
"""Up to so many people the true encounters of everybody are written, not only of the infected."""

OWN_NOISE = Agencies()

Tell = Callable[[str, int, int], None]
"""Told of the stage, what is done of it, and the whole of it."""


@dataclass(frozen=True)
class Request:
    """`presences`: write the true stays of everybody, the largest part of a city by far. `part`:
    people whom one file of a day holds; it decides files, as the other parameters do.
    """

    asked: Parameters
    agencies: Agencies = OWN_NOISE
    workers: int = 1
    presences: bool = True
    part: int = PART


@dataclass(frozen=True)
class Made:
    people: int
    infections: int
    cases: int
    stays: int
    deliveries: int
    rows: int


def make(out: Path, request: Request, tell: Tell | None = None) -> Made:
    """Write the city to `out`, a new or empty folder; on any fault nothing is left there."""
    check(request.asked, request.agencies, request.workers, request.part)
    with writing.whole_or_gone(out) as root:
        return _Making(root, request, tell or (lambda *_: None)).run()


class _Making:
    def __init__(self, root: Path, request: Request, tell: Tell) -> None:
        self.root, self.request, self.tell = root, request, tell
        self.asked = request.asked
        self.files: list[writing.Written] = []
        self.delivered: list[Delivered] = []
        self.kept: list[followed.Kept] = []
        self.stays = 0
        self.everybody = self.asked.full or self.asked.people <= ALL_ENCOUNTERS

    def run(self) -> Made:
        asked = self.asked
        self.tell("people", 0, 2)
        self.city = build.city(asked)
        self.bounds = living.parts(self.city, self.request.part)
        self.post = Post(self.root, self.city, self.request.agencies, Documents(self.city))
        order = Order(
            self.root, asked, self.request.agencies, self.request.presences, self.request.part
        )
        with hands(order, self.city, self.request.workers) as crew:
            self._register(crew)
            outbreak = self._live(crew)
        self._tell_of(outbreak)
        return self._finish(outbreak)

    def _register(self, crew: Hands) -> None:
        numbers = range(len(self.bounds))
        for done in crew.register(numbers):
            self.files += done.files
            self.delivered += done.delivered
        units = registers.jurisdictions(self.city)
        self.files.append(writing.write_table(self.root, "answers/jurisdiction.parquet", units))
        self.delivered += standing.of_city(self.post)

    def _live(self, crew: Hands) -> epidemic.Outbreak:
        """Day after day: move, observe, infect."""
        days = self.asked.days
        outbreak = epidemic.begin(self.city)
        held: list[Held] = [{} for _ in self.bounds]
        for day in range(days):
            self.tell("days", day, days)
            persons = epidemic.followed(outbreak, day)
            near = []
            for done in crew.live(self._tasks(outbreak, day, persons, held)):
                self.files += done.files
                self.delivered += done.delivered
                self.stays += done.stays
                held[done.number] = done.held
                near.append(done.near)
            outbreak = self._spread(outbreak, day, followed.together(near), persons)
        for number, rows in enumerate(held):
            self.delivered += crew.worker.flush(number, rows)
        if not self.everybody:
            self._look_back(crew, outbreak)
        return outbreak

    def _tasks(
        self, outbreak: epidemic.Outbreak, day: int, persons: Int32, held: Sequence[Held]
    ) -> list[DayOfPart]:
        """A day of each part; `persons`: of whom the surroundings are asked back."""
        confined, how = epidemic.confined(outbreak, day)
        watched = None
        if not self.everybody:
            codes = np.zeros(len(persons), dtype=np.int8)
            known = np.isin(persons, confined)
            codes[known] = how[np.searchsorted(confined, persons[known])]
            watched = followed.watched(self.city, persons, day, codes)
        tasks = []
        for number, (low, high) in enumerate(self.bounds):
            some = slice(*np.searchsorted(confined, [low, high]))
            tasks.append(DayOfPart(number, day, confined[some], how[some], watched, held[number]))
        return tasks

    def _spread(
        self, outbreak: epidemic.Outbreak, day: int, near: Near, persons: Int32
    ) -> epidemic.Outbreak:
        met = followed.meetings(self.city, near, day)
        of = Whose(None if self.everybody else persons)
        self._keep(day, followed.keep(self.city, near.stays, met, of), "day")
        new = transmission.infections_of(outbreak, day, near.stays, met)
        return epidemic.found(epidemic.infect(outbreak, new), day)

    def _look_back(self, crew: Hands, outbreak: epidemic.Outbreak) -> None:
        """What people did shortly before they were infected: nobody could know whom to follow."""
        days = self.asked.days
        nothing: list[Held] = [{} for _ in self.bounds]
        for day in range(days):
            self.tell("back", day, days)
            persons = epidemic.infected_soon(outbreak, day)
            if not len(persons):
                continue
            near = followed.together(list(crew.look(self._tasks(outbreak, day, persons, nothing))))
            met = followed.meetings(self.city, near, day)
            of = Whose(persons, epidemic.followed(outbreak, day))
            self._keep(day, followed.keep(self.city, near.stays, met, of), "before")

    def _keep(self, day: int, kept: followed.Kept, which: str) -> None:
        """The true encounters and relations of a day."""
        if not self.asked.full:
            self.kept.append(kept)
        for name, rows in (
            ("encounter", true_tables.encounters(self.city, kept)),
            ("link", true_tables.related(self.city, kept.relations)),
        ):
            if rows.num_rows:
                path = f"answers/{name}/{name}-{which}-{day:03d}.parquet"
                self.files.append(writing.write_table(self.root, path, rows))
            if self.asked.full:
                self.delivered += standing.whole_day(self.post, name, rows, day, 0)

    def _tell_of(self, outbreak: epidemic.Outbreak) -> None:
        """Health, and what cases told."""
        for name, rows in true_tables.of_outbreak(outbreak).items():
            path = f"answers/{name}.parquet"
            self.files.append(writing.write_table(self.root, path, rows))
            if self.asked.full and name in standing.FULL_CHANNELS:
                last = self.asked.days - 1
                self.delivered += standing.whole_day(self.post, name, rows, last, 0)
        if not self.asked.full:
            lived = interviews.Lived(
                followed.joined([day.stays for day in self.kept]),
                followed.joined([day.met for day in self.kept]),
                followed.joined([day.relations for day in self.kept]),
            )
            self.delivered += case_reports.report(self.post, outbreak)
            self.delivered += interviews.report(self.post, findings.cases(outbreak), lived)

    def _finish(self, outbreak: epidemic.Outbreak) -> Made:
        listed = write_list(self.root, self.asked, self.delivered)
        files = [*self.files, *(one.file for one in self.delivered), listed]
        made = Made(
            people=self.city.people.count,
            infections=outbreak.infections.count,
            cases=findings.cases(outbreak).count,
            stays=self.stays,
            deliveries=len(self.delivered),
            rows=sum(one.file.rows for one in self.delivered),
        )
        writing.write_mark(self.root, _told(self.request, made, self.city, files))
        return made


def _told(
    request: Request, made: Made, city: City, files: Iterable[writing.Written]
) -> dict[str, Any]:
    asked = request.asked
    return {
        "format": writing.FORMAT,
        "synthetic": True,
        "zone": ZONE,
        "first_day": asked.first_day.isoformat(),
        "parameters": {
            **{name: value for name, value in asdict(asked).items() if name != "first_day"},
            "presences": request.presences,
            "part": request.part,
            "raw": request.agencies.raw and not asked.full,
            "noise": request.agencies.noise / 1000,
            "coverage": {name: share / 1e6 for name, share in request.agencies.coverage},
        },
        "counts": {**asdict(made), "places": city.places.count},
        "files": [
            {"path": file.path, "rows": file.rows, "size": file.size, "sha256": file.sha256}
            for file in sorted(files, key=lambda file: file.path)
        ],
    }
