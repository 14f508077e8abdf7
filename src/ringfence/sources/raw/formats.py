"""Which form a file has, by its first bytes."""

from __future__ import annotations

import json
from typing import BinaryIO

from ringfence.errors import DataError
from ringfence.sources import faults
from ringfence.sources.parquet_files import MAGIC as PARQUET_MAGIC
from ringfence.sources.raw.encodings import Transcoded, encoding_of
from ringfence.sources.raw.model import Form, Given
from ringfence.sources.raw.parquet_cells import has_row_numbers
from ringfence.sources.raw.unpacking import EMPTY, MAGIC, damaged, open_zip
from ringfence.sources.raw.workbooks import WORKBOOK

CSV = "csv"
XLSX = "xlsx"
JSON = "json"
NDJSON = "ndjson"
PARQUET = "parquet"
ZIP = "zip"
FORMATS = (CSV, XLSX, JSON, NDJSON, PARQUET, ZIP)
READ_AT_RANDOM = frozenset({XLSX, PARQUET})

_LINE = 1 << 20


def find_format(given: Given) -> str:
    """As found where the first bytes tell; a text is what the form says, or what it looks like."""
    file, name = given.file, given.name
    said = _said(given.form)
    file.seek(0)
    head = file.read(16)
    if not head:
        raise faults.empty(name)
    found = _by_magic(file, head, name)
    if found == ZIP:
        return ZIP
    if found is not None:
        # What a database gave is kept as Parquet, whatever form the agency's files have.
        if said in (None, ZIP, found) or (found == PARQUET and has_row_numbers(file, name)):
            return found
        raise _another(name, said, found)
    if said == PARQUET or name.lower().endswith((".parquet", ".pq")):
        raise faults.damaged(name)
    if said in (XLSX, ZIP) or name.lower().endswith((".xlsx", ".zip")):
        raise damaged(name)
    return said or _of_text(given)


def _said(form: Form) -> str | None:
    if form.format is None:
        return None
    said = {"tsv": CSV, "jsonl": NDJSON}.get(form.format, form.format)
    if said not in FORMATS:
        offered = ", ".join((*FORMATS, "tsv"))
        raise DataError(
            f"there is no file format of that name; there are: {offered}",
            f"没有该名称的文件格式；可用的格式：{offered}",
        )
    return said


def _by_magic(file: BinaryIO, head: bytes, name: str) -> str | None:
    if head.startswith(PARQUET_MAGIC):
        return PARQUET
    if head.startswith((MAGIC, EMPTY)):
        return XLSX if WORKBOOK in open_zip(file, name).namelist() else ZIP
    faults.refuse_unread(head, name)
    return None


def _of_text(given: Given) -> str:
    lowered = given.name.lower()
    if lowered.endswith((".ndjson", ".jsonl")):
        return NDJSON
    if lowered.endswith((".csv", ".tsv", ".txt")):
        return CSV
    source = Transcoded(given.file, encoding_of(given), lambda _: None)
    head = b""
    while len(head) < _LINE and (piece := source.read(_LINE - len(head))):
        head += piece
    text = head.lstrip()
    if text.startswith(b"["):
        return JSON if text[1:].lstrip()[:1] in (b"{", b"]") else CSV
    if not text.startswith(b"{"):
        return CSV
    line, _, rest = text.partition(b"\n")
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return JSON
    return NDJSON if rest.lstrip().startswith(b"{") else JSON


def _another(name: str, said: str | None, found: str) -> DataError:
    return DataError(
        f"{name} is {found}, but the mapping says {said}",
        f"{name} 的格式是 {found}，而映射中写的是 {said}",
    )
