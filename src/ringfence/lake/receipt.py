"""The receipt of a delivery: what became of every row, and which rows were refused and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ringfence.errors import Text

LISTED_REJECTS = 100


@dataclass(frozen=True)
class Reject:
    """A row that was quarantined. The reason never repeats the row's values."""

    row: int
    field: str
    reason: Text

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "field": self.field,
            "reason": self.reason.en,
            "reason_zh": self.reason.zh,
        }


@dataclass(frozen=True)
class Receipt:
    """rows_in = created + updated + unchanged + merged + quarantined + purged, always.

    `rejects` lists the first hundred; `lake.rejects` reads them all.
    """

    batch: str
    table: str
    source: str
    file: str
    sequence: int
    received_at: datetime
    rows_in: int
    created: int
    updated: int
    unchanged: int
    merged: int
    quarantined: int
    purged: int
    unresolved_subjects: int
    unresolved_places: int
    replayed: bool = False
    dry_run: bool = False
    withdrawn: bool = False
    rejects: tuple[Reject, ...] = field(default=())

    @property
    def unresolved(self) -> int:
        return self.unresolved_subjects + self.unresolved_places

    @property
    def accepted(self) -> int:
        return self.created + self.updated + self.unchanged + self.merged

    def replay(self) -> Receipt:
        return replace(self, replayed=True)

    def as_json(self) -> dict[str, Any]:
        content: dict[str, Any] = {
            "batch": self.batch,
            "table": self.table,
            "source": self.source,
            "file": self.file,
            "sequence": self.sequence,
            "received_at": self.received_at.isoformat(),
            "rows_in": self.rows_in,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "merged": self.merged,
            "quarantined": self.quarantined,
            "purged": self.purged,
            "unresolved": self.unresolved,
            "unresolved_subjects": self.unresolved_subjects,
            "unresolved_places": self.unresolved_places,
            "replayed": self.replayed,
            "dry_run": self.dry_run,
        }
        if self.withdrawn:
            content["withdrawn"] = True
        content["rejects"] = [reject.as_json() for reject in self.rejects]
        return content


def receipt_from_json(content: dict[str, Any]) -> Receipt:
    known = {key: value for key, value in content.items() if key != "unresolved"}
    known["received_at"] = datetime.fromisoformat(content["received_at"])
    known["rejects"] = tuple(
        Reject(r["row"], r["field"], Text(r["reason"], r["reason_zh"])) for r in content["rejects"]
    )
    return Receipt(**known)
