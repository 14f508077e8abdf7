"""The receipt of a delivery: what became of every row, and which rows were refused and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ringfence.errors import Text
from ringfence.lake.lineage import part_and_row, source_row

LISTED_REJECTS = 100


@dataclass(frozen=True)
class Reject:
    """A row that was quarantined. The reason never repeats the row's values.

    `row` counts rows of all parts of a file (see `lineage`).
    """

    row: int
    field: str
    reason: Text

    def as_json(self, *, of_parts: bool = False) -> dict[str, Any]:
        """`of_parts`: the file has parts, so the part is told apart from the row."""
        part, row = part_and_row(self.row)
        return {
            **({"part": part} if of_parts else {}),
            "row": row if of_parts else self.row,
            "field": self.field,
            "reason": self.reason.en,
            "reason_zh": self.reason.zh,
        }


def reject_from_json(content: Mapping[str, Any]) -> Reject:
    number = source_row(content.get("part", 0), content["row"])
    return Reject(number, content["field"], Text(content["reason"], content["reason_zh"]))


@dataclass(frozen=True)
class Receipt:
    """rows_in = created + updated + unchanged + merged + quarantined + purged, always.

    `rejects` lists the first hundred; `lake.rejects` reads them all. `parts` names the tables of a
    file that has several. `told`: statements of identity that went to the vault. `unread`: sheets
    with values that were not read. `open_end`: the last line of a stream does not end.
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
    parts: Mapping[int, str] = field(default_factory=dict)
    told: int = 0
    unread: tuple[str, ...] = ()
    open_end: bool = False

    @property
    def unresolved(self) -> int:
        return self.unresolved_subjects + self.unresolved_places

    @property
    def accepted(self) -> int:
        return self.created + self.updated + self.unchanged + self.merged

    def check(self) -> None:
        """Refuse to acknowledge what does not add up: a fault of the program, not of the file."""
        if self.accepted + self.quarantined + self.purged != self.rows_in:
            raise ValueError("rows_in is not the sum of accepted, quarantined and purged rows")

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
        if self.told:
            content["told"] = self.told
        if self.parts:
            content["parts"] = {str(n): name for n, name in sorted(self.parts.items())}
        if self.unread:
            content["unread"] = list(self.unread)
        if self.open_end:
            content["open_end"] = True
        content["rejects"] = [r.as_json(of_parts=bool(self.parts)) for r in self.rejects]
        return content


def receipt_from_json(content: dict[str, Any]) -> Receipt:
    known = {key: value for key, value in content.items() if key != "unresolved"}
    known["received_at"] = datetime.fromisoformat(content["received_at"])
    known["rejects"] = tuple(reject_from_json(reject) for reject in content["rejects"])
    known["parts"] = {int(n): name for n, name in content.get("parts", {}).items()}
    known["unread"] = tuple(content.get("unread", ()))
    return Receipt(**known)
