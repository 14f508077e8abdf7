"""What is true in a city: who is a contact by each protocol, and who infected whom and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq

from bench.deliveries import ZONE

Pair = tuple[str, str]
"""Case, and the subject exposed to it (or to a contact of it)."""


@dataclass(frozen=True)
class Told:
    """Ring and class of a contact. `rules`: by which it was found, empty where nobody told."""

    order: int
    outcome: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Infection:
    infectee: str
    infector: str
    at: datetime


@dataclass(frozen=True)
class Answers:
    """`contacts` by protocol. `reported`, `onset`: of the subjects of cases."""

    contacts: Mapping[str, Mapping[Pair, Told]]
    infections: tuple[Infection, ...]
    subject_of: Mapping[str, str]
    reported: Mapping[str, datetime]
    onset: Mapping[str, datetime]


def answers(city: Path) -> Answers:
    """Read the folder `answers`, after `ringfence city answers`."""
    contacts: dict[str, dict[Pair, Told]] = {}
    for row in _rows(city, "contact"):
        pair = (row["case"], row["subject"])
        contacts.setdefault(row["protocol"], {})[pair] = Told(row["order"], row["class"])
    subject_of = {row["case"]: row["subject"] for row in _rows(city, "case")}
    times: dict[str, dict[str, datetime]] = {}
    for row in _rows(city, "case_event"):
        times.setdefault(row["kind"], {})[subject_of[row["case"]]] = _instant(row["at"])
    infections = tuple(
        Infection(row["infectee"], row["infector"], row["at"])
        for row in _rows(city, "infection")
        if row["infector"] is not None
    )
    return Answers(
        contacts, infections, subject_of, times.get("report", {}), times.get("onset", {})
    )


def _rows(city: Path, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(city / "answers" / f"{table}.parquet").to_pylist()
    return rows


def _instant(told: str | datetime) -> datetime:
    """A day is told by its first instant."""
    if isinstance(told, datetime):
        return told
    if "T" in told:
        return datetime.fromisoformat(told)
    return datetime.combine(date.fromisoformat(told), time(), ZoneInfo(ZONE))
