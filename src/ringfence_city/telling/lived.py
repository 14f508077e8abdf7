"""What somebody of a city really did, in order: stays and rides, in local time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.compute as pc
import pyarrow.parquet as pq

from ringfence_city.answers.city_folder import CityFolder

ZONE = ZoneInfo("Asia/Shanghai")
KINDS: Mapping[str, str] = {
    **dict.fromkeys(("home", "dormitory"), "home"),
    **dict.fromkeys(("restaurant", "cafe", "food_court", "canteen"), "restaurant"),
    **dict.fromkeys(("ktv", "mahjong", "gym", "bank", "park", "cinema"), "venue"),
    **dict.fromkeys(("school", "kindergarten", "training_centre"), "school"),
    **dict.fromkeys(("shop", "supermarket", "pharmacy", "salon", "post_office"), "shop"),
    **dict.fromkeys(("clinic", "test_site", "fever_clinic"), "clinic"),
    **dict.fromkeys(("office", "factory", "warehouse", "workplace"), "work"),
    "market": "market",
    "hospital": "hospital",
    "hotel": "hotel",
}
"""Kinds of places that people tell of, in the words of narratives."""
LEAST = timedelta(minutes=15)
_NUMBER = re.compile(r"\d+$")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Stay:
    """[start, end) in local time. `kind`: as narratives say it; `own`: of the register."""

    start: datetime
    end: datetime
    name: str
    kind: str
    own: str
    role: str
    mask: bool


@dataclass(frozen=True)
class Ride:
    """`origin`, `to`: stations that have names. `start`, `end`: None where no stop is known."""

    start: datetime
    end: datetime
    means: str
    service: str
    carriage: str | None
    row: str | None
    seat: str | None
    origin: str | None
    to: str | None


@dataclass(frozen=True)
class Sign:
    """A sample with its result, or the onset of symptoms (`result` empty: only its day counts)."""

    start: datetime
    result: str


Act = Stay | Ride | Sign


@dataclass(frozen=True)
class Person:
    subject: str
    acts: tuple[Act, ...]

    def days(self) -> list[date]:
        return sorted({act.start.date() for act in self.acts})


def people(city: CityFolder, count: int) -> Iterator[Person]:
    """Those who have something to tell: who was tested or ill first, each in order of numbers."""
    read = _Tables(city.answers)
    signs = read.signs()
    stays = read.by_subject("presence")
    rides = read.by_subject("ride")
    told = 0
    for subject in sorted(stays, key=lambda one: (one not in signs, one)):
        seen: list[Act] = [*_stays(read, stays[subject]), *_rides(read, rides.get(subject, []))]
        if sum(isinstance(act, Ride) or _abroad(act) for act in seen) < 3:
            continue
        acts = sorted([*seen, *signs.get(subject, [])], key=lambda act: act.start)
        yield Person(subject, tuple(acts))
        told += 1
        if told == count:
            return


def _abroad(act: Act) -> bool:
    return isinstance(act, Stay) and act.kind != "home"


class _Tables:
    def __init__(self, answers: Path) -> None:
        self._answers = answers
        self.places = {row["place"]: row for row in self._rows("place")}
        self.services = {row["service"]: row for row in self._rows("service")}
        self._stops: dict[str, dict[int, Row]] = {}

    def _rows(self, table: str) -> list[Row]:
        return list(pq.read_table(self._answers / table).to_pylist())

    def by_subject(self, table: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self._rows(table):
            found.setdefault(row["subject"], []).append(row)
        return found

    def signs(self) -> dict[str, list[Sign]]:
        """By the subject of a person."""
        found: dict[str, list[Sign]] = {}
        for row in pq.read_table(self._answers / "test.parquet").to_pylist():
            at = row["sampled"].astimezone(ZONE)
            found.setdefault(row["subject"], []).append(Sign(at, row["result"]))
        of_case = pq.read_table(self._answers / "case.parquet").to_pylist()
        subjects = {row["case"]: row["subject"] for row in of_case}
        for row in pq.read_table(self._answers / "case_event.parquet").to_pylist():
            if row["kind"] == "onset":
                at = datetime.fromisoformat(str(row["at"])[:10]).replace(hour=9, tzinfo=ZONE)
                found.setdefault(subjects[row["case"]], []).append(Sign(at, ""))
        return found

    def stop(self, service: str, seq: int) -> Row | None:
        if service not in self._stops:
            told = pq.read_table(self._answers / "stop", filters=pc.field("service") == service)
            self._stops[service] = {row["seq"]: row for row in told.to_pylist()}
        return self._stops[service].get(seq)


def _stays(read: _Tables, rows: list[Row]) -> Iterator[Stay]:
    """What follows at one place is one stay."""
    last: Stay | None = None
    for row in sorted(rows, key=lambda one: (one["start"], one["end"])):
        place = read.places.get(row["place"])
        if place is None or place["kind"] not in KINDS:
            continue
        start, end = (row[edge].astimezone(ZONE) for edge in ("start", "end"))
        name = _NUMBER.sub("", place["name"]).replace("工作场所", "公司")
        if last is not None and last.name == name and start - last.end < LEAST:
            last = Stay(last.start, end, name, last.kind, last.own, last.role, last.mask)
            continue
        if last is not None and last.end - last.start >= LEAST:
            yield last
        kind = place["kind"]
        last = Stay(start, end, name, KINDS[kind], kind, row["role"] or "", bool(row["mask"]))
    if last is not None and last.end - last.start >= LEAST:
        yield last


def _rides(read: _Tables, rows: list[Row]) -> Iterator[Ride]:
    """Of passengers; a driver's whole day is no ride."""
    for row in rows:
        service = read.services.get(row["service"])
        if service is None or row["role"] != "passenger" or row["board_seq"] is None:
            continue
        on = read.stop(row["service"], row["board_seq"])
        off = read.stop(row["service"], row["alight_seq"])
        if on is None or off is None or on["depart"] is None or off["arrive"] is None:
            continue
        named = service["kind"] != "bus"
        yield Ride(
            on["depart"].astimezone(ZONE),
            off["arrive"].astimezone(ZONE),
            service["kind"],
            service["numbers"][0],
            row["carriage"],
            row["row"],
            row["seat"],
            on["station"] if named else None,
            off["station"] if named else None,
        )
