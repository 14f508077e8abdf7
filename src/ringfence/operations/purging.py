"""Purge of a home: what is past its retention goes, what an open case or an order needs stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ringfence.audit import acting
from ringfence.engines.sql import SqlEngine
from ringfence.identity import snapshot
from ringfence.lake import Hold, Home, PurgeReport, purge
from ringfence.protocols.model import Protocol
from ringfence.records import TABLES
from ringfence.trace.open_cases import held_evidence, retention

ACT = "lake.purge"


@dataclass(frozen=True)
class Purged:
    """What went, and what was held back."""

    report: PurgeReport
    hold: Hold

    def as_json(self) -> dict[str, Any]:
        unsettled = sorted(self.hold.unsettled)
        return {
            **self.report.as_json(),
            "held_cases": len(self.hold.cases),
            "unsettled_cases": unsettled,
        }


def purge_home(home: Home, *, protocols: Sequence[Protocol], by: str, now: datetime) -> Purged:
    """Each table by its own retention, or by the longest that a protocol in force asks for. The
    audit tells how many rows went, by table.
    """
    with acting(home, ACT, by=by, at=now, about={}) as told:
        known = snapshot(home, now)
        engine = SqlEngine(known)
        hold = held_evidence(known, engine, protocols)
        longest = retention(protocols, known, engine, now) or 0
        days = {
            name: max(table.retention_days, longest)
            for name, table in TABLES.items()
            if table.retention_days is not None
        }
        del known, engine  # the files that it reads are to go
        report = purge(home, now, retention_days=days, hold=hold)
        told |= {table.table: str(table.rows) for table in report.tables if table.rows}
    return Purged(report, hold)
