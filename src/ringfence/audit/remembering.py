"""The register: deletions and revocations, remembered off the data disk.

A file beside the key that signs the audit. An act that takes something away is written there before
it is written into the chain, so that an old backup, which knows nothing of it, can be put right.
Lines are added, never changed; they hold what the row of the audit holds, and so no person's data.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ringfence.audit.entries import open_audit, path_of
from ringfence.audit.signing import key_of
from ringfence.errors import StorageError
from ringfence.lake import Home
from ringfence.lake.durable import locked, storage_faults
from ringfence.lake.sqlite_file import file_faults

REMEMBERED = frozenset(
    {
        "lake.withdraw",
        "lake.reinstate",
        "lake.purge",
        "account.deactivate",
        "account.reactivate",
        "account.appoint",
        "account.end_role",
        "account.change_password",
        "account.reset_password",
        "account.reset_second_factor",
        "account.end_second_factor",
        "case.assigned",
        "case.unassigned",
        "token.revoke",
        "partner.ended",
        "glass.ended",
    }
)
"""Acts that take something away, and those that give it back: the last one holds."""
_END = ".register"


@dataclass(frozen=True)
class Remembered:
    """`number`: the row of the audit. `state` and `of`: as there."""

    number: int
    at: datetime
    by: str
    act: str
    state: str
    of: int | None
    about: Mapping[str, str]


def register_of(home: Home) -> Path | None:
    """Where it lies; None where nothing was ever audited."""
    with file_faults(path_of(home)):
        connection = open_audit(home)
        if connection is None:
            return None
        try:
            return key_of(connection).with_suffix(_END)
        finally:
            connection.close()


def remember(key: Path, rows: Sequence[Remembered]) -> None:
    """Durable on return. A line may be there of an act whose row came to nothing: whoever reads it
    takes it for done, which errs to the safe side.
    """
    if not rows:
        return
    path = key.with_suffix(_END)
    lines = "".join(f"{json.dumps(_told(row), ensure_ascii=False)}\n" for row in rows)
    with storage_faults(path), locked(key.with_suffix(".lock")):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as file:
            if file.tell() and not _ends_whole(path):
                file.write(b"\n")
            file.write(lines.encode())
            file.flush()
            os.fsync(file.fileno())


def lines_of(path: Path) -> int:
    """How many lines were written so far: what a backup notes, to know later what came since."""
    with storage_faults(path):
        return path.read_bytes().count(b"\n") if path.exists() else 0


def remembered(path: Path, after: int) -> list[Remembered]:
    """What was written after so many lines. A torn last line was of an act that never began.

    Numbers of rows begin anew where an older copy of the audit is put in place; lines do not.
    """
    with storage_faults(path):
        lines = path.read_bytes().split(b"\n") if path.exists() else []
    read = ((place, line) for place, line in enumerate(lines) if place >= after and line)
    return [row for place, line in read if (row := _read(path, place, line)) is not None]


def standing(rows: Sequence[Remembered]) -> list[Remembered]:
    """Those that came to be: without the failed, and each told once, where it was begun."""
    failed = {row.of for row in rows if row.state == "failed"}
    begun = {row.number for row in rows if row.state == "intended"}
    return [
        row
        for row in rows
        if row.state == "told"
        or (row.state == "intended" and row.number not in failed)
        or (row.state == "done" and row.of not in begun)
    ]


def _read(path: Path, place: int, line: bytes) -> Remembered | None:
    try:
        told = json.loads(line)
        return Remembered(
            int(told["number"]),
            datetime.fromisoformat(told["at"]),
            told["by"],
            told["act"],
            told["state"],
            told["of"],
            told["about"],
        )
    except (ValueError, KeyError, TypeError):
        if _torn(line):
            return None
        raise StorageError(
            f"line {place + 1} of {path} is damaged: restore it from its copy",
            f"{path} 第 {place + 1} 行已损坏：请从副本恢复",
        ) from None


def _torn(line: bytes) -> bool:
    return line.startswith(b'{"number"') and not line.endswith(b"}")


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _told(row: Remembered) -> dict[str, object]:
    return {**vars(row), "at": row.at.astimezone(UTC).isoformat(), "about": dict(row.about)}
