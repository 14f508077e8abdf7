"""What is known as of the snapshot: stays, encounters, links, and what is told of each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from ringfence.engines.reference.reading import Row, current_rows
from ringfence.engines.snapshot import Snapshot
from ringfence.protocols.model import Protocol

T = TypeVar("T")
Word = TypeVar("Word", bound=Hashable)


@dataclass(frozen=True)
class KnownStay:
    """One presence row, or one event with the dwell that the protocol gives it.

    `denied`: somebody says that the subject was not at this place during part of it.
    """

    kind: str
    subject: str
    place: str
    zone: str | None
    start: int
    end: int
    role: str | None
    mask: bool | None
    certainty: str
    denied: bool
    batch: str
    row: int


@dataclass(frozen=True)
class KnownPlace:
    kind: str | None = None
    ventilation: str | None = None


class World:
    """The snapshot's tables as a rule reads them. Everything is cut at as-of."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.as_of = seconds(snapshot.as_of)
        self.zone = snapshot.zone
        self.presences = _rows(snapshot, "presence")
        self.events = _rows(snapshot, "event")
        self.encounters = _rows(snapshot, "encounter")
        self.links = _rows(snapshot, "link")
        self.places = _described(_rows(snapshot, "place"), "place", _place)
        self.roles = _described(_rows(snapshot, "subject"), "subject", _role)
        self.doses = _doses(_rows(snapshot, "vaccination"))

    def place(self, place: str) -> KnownPlace:
        return self.places.get(place, KnownPlace())

    def role(self, subject: str) -> str | None:
        return self.roles.get(subject)

    def until(self, end: datetime | None) -> int:
        """A missing end means "until as-of", and nothing lasts beyond it."""
        return self.as_of if end is None else min(seconds(end), self.as_of)

    def stays(self, protocol: Protocol) -> list[KnownStay]:
        """Stays that began before as-of; a denied presence is none."""
        denials = [row for row in self.presences if row["certainty"] == "denied"]
        presences = [row for row in self.presences if row["certainty"] != "denied"]
        stays = [self._presence(row, denials) for row in presences]
        for event in self.events:
            dwell = protocol.dwell_of(self.place(event["place"]).kind)
            at = seconds(event["at"])
            if dwell is not None and at < self.as_of:
                span = (at - dwell.before * 60, min(at + dwell.after * 60, self.as_of))
                stays.append(self._event(event, span, denials))
        return [stay for stay in stays if stay.start < stay.end]

    def _presence(self, row: Row, denials: Iterable[Row]) -> KnownStay:
        start, end = seconds(row["start"]), self.until(row["end"])
        return KnownStay(
            kind="presence",
            subject=row["subject"],
            place=row["place"],
            zone=row["zone"],
            start=start,
            end=end,
            role=row["role"],
            mask=row["mask"],
            certainty=row["certainty"] or "recorded",
            denied=self._denied(row, start, end, denials),
            batch=row["batch"],
            row=row["source_row"],
        )

    def _event(self, row: Row, span: tuple[int, int], denials: Iterable[Row]) -> KnownStay:
        start, end = span
        return KnownStay(
            kind="event",
            subject=row["subject"],
            place=row["place"],
            zone=None,
            start=start,
            end=end,
            role=None,
            mask=None,
            certainty="assumed",
            denied=self._denied(row, start, end, denials),
            batch=row["batch"],
            row=row["source_row"],
        )

    def _denied(self, row: Row, start: int, end: int, denials: Iterable[Row]) -> bool:
        return any(
            (denial["subject"], denial["place"]) == (row["subject"], row["place"])
            and max(start, seconds(denial["start"])) < min(end, self.until(denial["end"]))
            for denial in denials
        )


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def _rows(snapshot: Snapshot, table: str) -> list[Row]:
    rows: list[Row] = current_rows(snapshot, table).to_pylist()
    return rows


def _described(rows: list[Row], key: str, describe: Callable[[list[Row]], T]) -> dict[str, T]:
    """One description of each thing from the rows of all sources that speak of it."""
    told: defaultdict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["source"]):
        told[row[key]].append(row)
    return {name: describe(sources) for name, sources in told.items()}


def _place(sources: list[Row]) -> KnownPlace:
    kinds = [row["kind"] for row in sources if row["kind"] is not None]
    return KnownPlace(kinds[0] if kinds else None, _agreed(row["ventilation"] for row in sources))


def _role(sources: list[Row]) -> str | None:
    return _agreed(row["role"] for row in sources)


def _agreed(values: Iterable[Word | None]) -> Word | None:
    """What the sources that say anything say alike; unknown where they contradict each other."""
    told = {value for value in values if value is not None}
    return told.pop() if len(told) == 1 else None


def _doses(rows: list[Row]) -> dict[tuple[str, str], set[date]]:
    """Days of vaccination of each subject against each disease; two sources of one day are one."""
    days: defaultdict[tuple[str, str], set[date]] = defaultdict(set)
    for row in rows:
        days[row["subject"], row["disease"]].add(row["date"])
    return dict(days)
