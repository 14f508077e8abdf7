"""Files that leave the home: CSV for a spreadsheet, formulas made harmless, for its owner only."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from ringfence.lake.durable import discard, storage_faults, sync_folder, write_durably
from ringfence.records.formulas import harmless

_BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as the machine's own code page
_PRIVATE = 0o600


def sheet_of(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return (_BYTE_ORDER_MARK + sheet.getvalue()).encode()


def write_private(path: Path, content: bytes) -> None:
    """The whole file or none; a file that was there gives neither its rest nor its mode."""
    fresh = path.with_name(f".{path.name}.new")
    with storage_faults(path):
        try:
            discard(fresh)
            write_durably(fresh, content, _PRIVATE)
            fresh.rename(path)
            sync_folder(path.absolute().parent)
        finally:
            discard(fresh)
