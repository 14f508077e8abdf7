"""The receipt of an import: what became of every row of a file that gives several tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ringfence.errors import Text
from ringfence.lake.receipt import Reject, reject_from_json


@dataclass(frozen=True)
class TableCount:
    """Records of one table: rows = created + updated + unchanged + merged + purged, always."""

    table: str
    rows: int
    created: int
    updated: int
    unchanged: int
    merged: int
    purged: int


@dataclass(frozen=True)
class Skipped:
    """Rows that the mapping says are not taken, and why."""

    reason: Text
    rows: int


@dataclass(frozen=True)
class ImportReceipt:
    """rows_in = accepted + skipped + quarantined, always, and each table's count is whole.

    `emptied`: wrong values that the mapping lets be left out, by column. `told`: statements of
    identity that went to the vault. `rejects` lists the first hundred;
    `lake.rejects` reads them all. `unread`: sheets with values that were not read. `open_end`:
    the last line of a stream does not end. `mends`: the batch whose refused rows this one brings
    again.
    """

    batch: str
    mapping: str
    source: str
    file: str
    sequence: int
    received_at: datetime
    rows_in: int
    accepted: int
    quarantined: int
    skips: tuple[Skipped, ...]
    emptied: Mapping[str, int]
    tables: tuple[TableCount, ...]
    told: int
    unresolved_subjects: int
    unresolved_places: int
    parts: Mapping[int, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    open_end: bool = False
    mends: str | None = None
    replayed: bool = False
    dry_run: bool = False
    rejects: tuple[Reject, ...] = field(default=())

    @property
    def skipped(self) -> int:
        return sum(skip.rows for skip in self.skips)

    @property
    def unresolved(self) -> int:
        return self.unresolved_subjects + self.unresolved_places

    def check(self) -> None:
        """Refuse to acknowledge what does not add up: a fault of the program, not of the file."""
        if self.accepted + self.skipped + self.quarantined != self.rows_in:
            raise ValueError("rows_in is not the sum of accepted, skipped and quarantined rows")
        for t in self.tables:
            if t.created + t.updated + t.unchanged + t.merged + t.purged != t.rows:
                raise ValueError("the rows of a table are not the sum of what became of them")

    def replay(self) -> ImportReceipt:
        return replace(self, replayed=True)

    def as_json(self) -> dict[str, Any]:
        content: dict[str, Any] = {
            "batch": self.batch,
            "mapping": self.mapping,
            "source": self.source,
            "file": self.file,
            "sequence": self.sequence,
            "received_at": self.received_at.isoformat(),
            "rows_in": self.rows_in,
            "accepted": self.accepted,
            "skipped": self.skipped,
            "quarantined": self.quarantined,
            "skips": [
                {"reason": s.reason.en, "reason_zh": s.reason.zh, "rows": s.rows}
                for s in self.skips
            ],
            "emptied": dict(self.emptied),
            "tables": [vars(table) for table in self.tables],
            "told": self.told,
            "unresolved": self.unresolved,
            "unresolved_subjects": self.unresolved_subjects,
            "unresolved_places": self.unresolved_places,
            "parts": {str(number): name for number, name in sorted(self.parts.items())},
            "unread": list(self.unread),
            "replayed": self.replayed,
            "dry_run": self.dry_run,
        }
        if self.open_end:
            content["open_end"] = True
        if self.mends is not None:
            content["mends"] = self.mends
        content["rejects"] = [r.as_json(of_parts=bool(self.parts)) for r in self.rejects]
        return content


def import_receipt_from_json(content: Mapping[str, Any]) -> ImportReceipt:
    return ImportReceipt(
        batch=content["batch"],
        mapping=content["mapping"],
        source=content["source"],
        file=content["file"],
        sequence=content["sequence"],
        received_at=datetime.fromisoformat(content["received_at"]),
        rows_in=content["rows_in"],
        accepted=content["accepted"],
        quarantined=content["quarantined"],
        skips=tuple(
            Skipped(Text(s["reason"], s["reason_zh"]), s["rows"]) for s in content["skips"]
        ),
        emptied=content["emptied"],
        tables=tuple(TableCount(**table) for table in content["tables"]),
        told=content["told"],
        unresolved_subjects=content["unresolved_subjects"],
        unresolved_places=content["unresolved_places"],
        parts={int(number): name for number, name in content["parts"].items()},
        unread=tuple(content.get("unread", ())),
        open_end=content.get("open_end", False),
        mends=content.get("mends"),
        replayed=content["replayed"],
        dry_run=content["dry_run"],
        rejects=tuple(reject_from_json(reject) for reject in content["rejects"]),
    )
