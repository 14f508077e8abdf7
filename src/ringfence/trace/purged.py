"""Evidence that a purge removed: never a shorter list without a word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from ringfence.engines.snapshot import PurgedSpan, Snapshot
from ringfence.errors import NotFound, Text
from ringfence.trace import words

TRACED_TABLES = frozenset({"presence", "event", "occupancy", "encounter", "link", "ride"})


def purge_warnings(
    snapshot: Snapshot, cases: Iterable[str], start: datetime, end: datetime
) -> tuple[Text, ...]:
    """Warnings where a purge removed rows of [start, end) that it did not hold for these cases (of
    no case: all that it removed); NotFound when as-of lies before it.
    """
    asked = frozenset(cases)
    gone = _gone(snapshot, TRACED_TABLES, start, end)
    unheld = sorted({s.table for s in gone if not asked or not asked <= s.held_cases})
    return tuple(words.warning("purged", table=table) for table in unheld)


def purged_unheld(
    snapshot: Snapshot, table: str, start: datetime, end: datetime
) -> tuple[Text, ...]:
    """The same of rows that no case holds: of everybody aboard a ride (only those are held who were
    exposed by the rules), sightings of vehicles, positions.
    """
    gone = _gone(snapshot, frozenset({table}), start, end)
    return (words.warning("purged", table=table),) if gone else ()


def _gone(
    snapshot: Snapshot, tables: frozenset[str], start: datetime, end: datetime
) -> list[PurgedSpan]:
    gone = [s for s in snapshot.purged if s.table in tables and _concerns(s, start, end)]
    if snapshot.historical and any(span.sequence > snapshot.sequence for span in gone):
        raise NotFound(
            en="evidence purged: what was known then has been removed at the end of its retention",
            zh="证据已清除：当时已知的记录已按保存期限清除",
        )
    return gone


def _concerns(span: PurgedSpan, start: datetime, end: datetime) -> bool:
    reach = timedelta(days=1)
    return span.start < end + reach and span.end > start
