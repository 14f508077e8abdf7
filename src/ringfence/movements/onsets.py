"""Onset as several sources tell it, or as symptoms do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ringfence.engines.question import Engine
from ringfence.movements.model import THESE, Conflict, ConflictKind, Reason, Told
from ringfence.trace.local_days import local_day
from ringfence.trace.seeds import instant, seconds

Row = Mapping[str, Any]


def onset_conflicts(engine: Engine, case: str, subject: str, zone: str) -> list[Conflict]:
    """Each later day of onset against the earliest: by caution the earliest begins the window."""
    told = [
        _told("case_event", row, row["at"])
        for row in engine.rows("case_event", "case", [case]).to_pylist()
        if row["kind"] == "onset"
    ]
    told += [
        _told("symptom", row, row["start"])
        for row in engine.rows("symptom", "subject", [subject]).to_pylist()
    ]
    days: dict[date, list[Told]] = {}
    for one in sorted(told, key=lambda one: (one.start, one.table, one.source)):
        if one.table == "case_event" or not days or _day(one, zone) < min(days):
            days.setdefault(_day(one, zone), []).append(one)
    if not days:
        return []
    first, *later = sorted(days)
    reasons = (Reason.EARLIER_BY_CAUTION,)
    return [
        Conflict(
            ConflictKind.ONSET,
            tuple(days[first]),
            tuple(days[day]),
            THESE,
            reasons,
            (day - first).days,
        )
        for day in later
    ]


def _day(one: Told, zone: str) -> date:
    return local_day(instant(one.start), zone)


def _told(table: str, row: Row, at: Any) -> Told:
    second = seconds(at)
    return Told(
        table,
        row["source"],
        None,
        second,
        second,
        "recorded",
        row["batch"],
        row["source_row"],
        "onset",
    )
