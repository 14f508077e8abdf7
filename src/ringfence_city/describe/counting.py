"""Counts what is in a city from its files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ringfence.records.vocabularies import PLACE_KINDS, Setting
from ringfence_city.answers.arrays import Int
from ringfence_city.answers.city_folder import CityFolder
from ringfence_city.answers.days import DAY, OFFSET
from ringfence_city.answers.reading import MISSING, Columns, Keys, read_parts, read_table
from ringfence_city.describe.description import (
    AGE_STEP,
    LARGEST_HOUSEHOLD,
    OLDEST,
    Channel,
    Day,
    Description,
    PlaceKind,
)

_STAYS_LOOKED_AT = 40_000_000
"""In a large city, visits are counted on its first days only."""

_PERSONS_LOOKED_AT = 100_000_000
"""Delivered rows; in a larger city the different persons of a channel are not counted."""

_KINDS = tuple(PLACE_KINDS)
_HOURS = 24
_DAYS_OFF = (5, 6)


def describe(city: CityFolder) -> Description:
    """Reads each file at most once; of the stays only what the charts need."""
    known = Keys.of([read_table(city.answers, "subject").column("subject")])
    male, female = _ages(city, known)
    visits = _Visits(city)
    curve, outside = _curve(city)
    asked = city.told.get("parameters", {})
    counts = city.told.get("counts", {})
    people = len(known)
    return Description(
        first_day=city.first_day,
        days=city.days,
        seed=asked.get("seed"),
        full=bool(asked.get("full")),
        people=people,
        places=len(visits.kind),
        stays=int(counts.get("stays", visits.stays)),
        male=male,
        female=female,
        households=_households(city, people),
        kinds=visits.kinds(),
        hours=visits.hours(),
        hours_days=visits.looked_at,
        curve=curve,
        infections=sum(day.infected for day in curve) + outside[1],
        from_outside=outside[0],
        cases=len(read_table(city.answers, "case")),
        channels=tuple(_channels(city, known)),
    )


def _ages(city: CityFolder, known: Keys) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Of the persons that there are; an agency may know some of them by another key too."""
    groups = OLDEST // AGE_STEP + 1
    found = {"male": np.zeros(groups, np.int64), "female": np.zeros(groups, np.int64)}
    for part in read_parts(city.path / "identity", "subject", ["subject", "sex", "birth_date"]):
        table = Columns(part.table.filter(pa.array(known.codes(part.column("subject")) >= 0)))
        born = table.column("birth_date")
        years = pc.year(born).to_numpy()
        birthday = pc.month(born).to_numpy() * 100 + pc.day(born).to_numpy()
        today = city.first_day.month * 100 + city.first_day.day
        age = city.first_day.year - years - (birthday > today)
        group = np.clip(age, 0, OLDEST) // AGE_STEP
        sex = table.words("sex", ("male", "female"))
        found["male"] += np.bincount(group[sex == 0], minlength=groups)
        found["female"] += np.bincount(group[sex == 1], minlength=groups)
    return tuple(found["male"].tolist()), tuple(found["female"].tolist())


def _households(city: CityFolder, people: int) -> tuple[int, ...]:
    """Everybody of a household of n is linked with n - 1; who has no such link lives alone."""
    link = read_table(city.answers, "link")
    same = link.words("relation", ("household",)) == 0
    ends = [link.column(f"subject_{side}") for side in "ab"]
    keys = Keys.of(ends)
    persons = np.concatenate([keys.codes(column)[same] for column in ends])
    _, linked = np.unique(persons, return_counts=True)
    size = np.bincount(np.minimum(linked + 1, LARGEST_HOUSEHOLD), minlength=LARGEST_HOUSEHOLD + 1)
    homes = size[1:] // np.arange(1, LARGEST_HOUSEHOLD + 1)
    homes[0] = people - len(linked)
    return tuple(homes.tolist())


class _Visits:
    """Stays by kind of place and hour; homes are places, but staying in one's own is no visit."""

    def __init__(self, city: CityFolder) -> None:
        places = read_table(city.answers, "place")
        self.names = Keys.of([places.column("place")])
        self.kind = np.full(len(self.names), -1, dtype=np.int64)
        self.kind[self.names.codes(places.column("place"))] = places.words("kind", _KINDS)
        self.stays = 0
        self._begun = np.zeros((2, len(_KINDS) + 1, _HOURS), dtype=np.int64)
        self._on_day: dict[int, Int] = defaultdict(lambda: np.zeros(len(self.kind), np.int64))
        for table in read_parts(city.answers, "presence", ["place", "start"]):
            self._count(table)
            if self.stays >= _STAYS_LOOKED_AT:
                break

    def _count(self, table: Columns) -> None:
        place = self.names.codes(table.column("place"))
        local = table.instants("start") + OFFSET
        day, hour = local // DAY, local % DAY // 3_600
        self.stays += len(place)
        off = np.isin((day + 3) % 7, _DAYS_OFF)  # 1970-01-01 was a Thursday
        for which, rows in enumerate((~off, off)):
            at = self.kind[place[rows]] * _HOURS + hour[rows]
            counts = np.bincount(at, minlength=len(_KINDS) * _HOURS)
            self._begun[which, : len(_KINDS)] += counts.reshape(-1, _HOURS)
        for one in np.unique(day).tolist():
            self._on_day[one] += np.bincount(place[day == one], minlength=len(self.kind))

    @property
    def looked_at(self) -> tuple[int, int]:
        off = sum((day + 3) % 7 in _DAYS_OFF for day in self._on_day)
        return len(self._on_day) - off, off

    def kinds(self) -> tuple[PlaceKind, ...]:
        """Most visited first."""
        days = max(len(self._on_day), 1)
        found = []
        for number, kind in enumerate(_KINDS):
            here = self.kind == number
            if here.any():
                told = [counts[here] for counts in self._on_day.values()]
                visits = sum(int(counts.sum()) for counts in told) / days
                busiest = max((int(counts.max()) for counts in told), default=0)
                found.append(PlaceKind(kind, int(here.sum()), round(visits, 1), busiest))
        return tuple(sorted(found, key=lambda kind: (-kind.visits, kind.kind)))

    def hours(self) -> dict[str, tuple[tuple[float, ...], tuple[float, ...]]]:
        of_setting: dict[str, Any] = {}
        for number, kind in enumerate(_KINDS):
            setting = str(PLACE_KINDS[kind][0])
            if setting != Setting.HOUSEHOLD and self._begun[:, number].any():
                earlier = of_setting.get(setting, np.zeros((2, _HOURS), np.int64))
                of_setting[setting] = earlier + self._begun[:, number]
        work, off = (max(days, 1) for days in self.looked_at)
        ordered = sorted(of_setting.items(), key=lambda item: -int(item[1].sum()))
        return {
            setting: (
                tuple((begun[0] / work).round(1).tolist()),
                tuple((begun[1] / off).round(1).tolist()),
            )
            for setting, begun in ordered
        }


def _curve(city: CityFolder) -> tuple[tuple[Day, ...], tuple[int, int]]:
    """Each day; and how many were infected from outside, and how many before the first day."""
    infection = read_table(city.answers, "infection")
    at = infection.instants("at")
    outside = int(pc.sum(pc.is_null(infection.column("infector"))).as_py() or 0)
    infected = _by_day(city, at[at != MISSING])
    event = read_table(city.answers, "case_event")
    when, _ = event.moments("at", "precision")
    kind = event.words("kind", ("onset", "report"))
    onset, reported = (
        _by_day(city, when[(kind == number) & (when != MISSING)]) for number in range(2)
    )
    days = [city.first_day + timedelta(days=n) for n in range(city.days)]
    curve = tuple(Day(day, infected[day], onset[day], reported[day]) for day in days)
    before = sum(count for day, count in infected.items() if day < city.first_day)
    return curve, (outside, before)


def _by_day(city: CityFolder, seconds: Int) -> Counter[date]:
    base = int(city.start.timestamp())
    return Counter(
        city.first_day + timedelta(days=day) for day in ((seconds - base) // DAY).tolist()
    )


def _channels(city: CityFolder, known: Keys) -> Iterator[Channel]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in city.deliveries():
        found[row["channel"]].append(row)
    asked = city.told.get("parameters", {}).get("coverage") or {}
    everything = sum(int(row["rows"]) for rows in found.values() for row in rows)
    for channel, rows in sorted(found.items()):
        received = [datetime.fromisoformat(row["received"]).date() for row in rows]
        yield Channel(
            channel=channel,
            tables=tuple(sorted({name for row in rows for name in row["table"].split(";")})),
            files=len(rows),
            rows=sum(int(row["rows"]) for row in rows),
            people=_persons(city, rows, known) if everything <= _PERSONS_LOOKED_AT else None,
            asked=asked.get(channel),
            first=min(received),
            last=max(received),
        )


def _persons(city: CityFolder, rows: list[dict[str, str]], known: Keys) -> int | None:
    """How many persons it names by their own key; None: it names none at all."""
    named = np.zeros(len(known), dtype=np.bool_)
    any_named = False
    for row in rows:
        path = city.path / row["path"]
        if path.suffix != ".parquet":
            continue  # an agency's own form names persons by their documents
        names = pq.read_schema(path).names
        columns = [n for n in ("subject", "subject_a", "subject_b") if n in names]
        if columns:
            table = pq.read_table(path, columns=columns, read_dictionary=columns)
            for column in table.columns:
                codes = known.codes(column)
                named[codes[codes >= 0]] = True
            any_named = True
    return int(named.sum()) if any_named else None
