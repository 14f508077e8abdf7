"""A data request: what is asked of an agency, for which case, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

OPEN, ANSWERED, LATE, WITHDRAWN = "open", "answered", "late", "withdrawn"


@dataclass(frozen=True)
class Scope:
    """Rows of `tables` within [start, end) at these places or on board these services.

    Without places and services only rows of the case's own person are asked for: what everybody did
    everywhere cannot be asked.
    """

    tables: tuple[str, ...]
    start: datetime
    end: datetime
    places: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """Rows of the tables asked for in an answer; `beyond`: of other times, places or services."""

    rows: int
    beyond: int


@dataclass(frozen=True)
class Request:
    """`received_at`: when the answering batch was acknowledged. `state` late: after `due`."""

    number: int
    agency: str
    basis: str
    case: str
    scope: Scope
    due: datetime
    opened_at: datetime
    opened_by: str
    state: str
    changed_at: datetime
    changed_by: str
    batch: str | None = None
    received_at: datetime | None = None
    reason: str | None = None
    coverage: Coverage | None = None

    @property
    def name(self) -> str:
        return f"R{self.number}"

    def overdue(self, now: datetime) -> bool:
        return self.state == OPEN and now > self.due

    def minutes_waited(self, now: datetime) -> float:
        """From the question to the answer, to its withdrawal, or until now."""
        until = self.received_at or (now if self.state == OPEN else self.changed_at)
        return max(0.0, (until - self.opened_at) / timedelta(minutes=1))

    def as_json(self, now: datetime) -> dict[str, Any]:
        scope = self.scope
        return {
            "request": self.name,
            "agency": self.agency,
            "basis": self.basis,
            "case": self.case,
            "tables": list(scope.tables),
            "from": scope.start.isoformat(),
            "to": scope.end.isoformat(),
            "places": list(scope.places),
            "services": list(scope.services),
            "due": self.due.isoformat(),
            "opened_at": self.opened_at.isoformat(),
            "opened_by": self.opened_by,
            "state": self.state,
            "overdue": self.overdue(now),
            "changed_at": self.changed_at.isoformat(),
            "changed_by": self.changed_by,
            "batch": self.batch,
            "received_at": None if self.received_at is None else self.received_at.isoformat(),
            "reason": self.reason,
            "rows": None if self.coverage is None else self.coverage.rows,
            "rows_beyond_scope": None if self.coverage is None else self.coverage.beyond,
            "minutes_waited": round(self.minutes_waited(now), 1),
        }
