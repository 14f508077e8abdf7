"""A list of persons to check, handed down by somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ringfence.errors import Text

RECEIVED, SIGNED, ANSWERED, WITHDRAWN = "received", "signed", "answered", "withdrawn"

OUTCOMES: dict[str, Text] = {
    "tested_negative": Text("tested negative", "检测阴性"),
    "tested_positive": Text("tested positive", "检测阳性"),
    "quarantined": Text("quarantined", "已隔离"),
    "at_home": Text("stays at home", "居家健康监测"),
    "elsewhere": Text("is elsewhere", "不在本辖区"),
    "not_found": Text("not found", "未查到"),
    "declined": Text("declined", "拒绝配合"),
}
"""What a unit may answer of a person."""

POSITIVE = "tested_positive"
TESTS = (POSITIVE, "tested_negative")


def refused_for(field: str | None, reason: Text) -> Text:
    """Why a row is refused, with the column that it is for."""
    return Text(f"{field}: {reason.en}", f"{field}: {reason.zh}") if field else reason


@dataclass(frozen=True)
class ReceivedList:
    """`batch` names its identities in the vault; `digest` is of the answer that was signed last."""

    number: int
    batch: str
    agency: str
    basis: str
    case: str | None
    file: str
    form: str
    rows_in: int
    received_at: datetime
    received_by: str
    state: str
    changed_at: datetime
    changed_by: str
    digest: str | None
    parts: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"L{self.number}"

    def as_json(self) -> dict[str, Any]:
        return {
            "list": self.name,
            "batch": self.batch,
            "agency": self.agency,
            "basis": self.basis,
            "case": self.case,
            "file": self.file,
            "form": self.form,
            "rows_in": self.rows_in,
            "received_at": self.received_at.isoformat(),
            "received_by": self.received_by,
            "state": self.state,
            "changed_at": self.changed_at.isoformat(),
            "changed_by": self.changed_by,
            "digest": self.digest,
        }
