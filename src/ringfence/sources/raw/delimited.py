"""CSV and TSV of any encoding, separator and header row, read by the canonical CSV reader."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import DataError, Text
from ringfence.sources import csv_files, faults
from ringfence.sources.csv_stream import CheckedStream, Source
from ringfence.sources.raw.encodings import (
    GB18030,
    UTF8,
    Encoding,
    Transcoded,
    encoding_named,
    find_encoding,
    resolved,
)
from ringfence.sources.raw.headers import (
    LOOKED_AT,
    checked_names,
    header_row,
    keys_of,
    no_header,
    unnamed_of,
)
from ringfence.sources.raw.model import Form, Found, Given, Opened
from ringfence.sources.raw.totals import Ending, named_only
from ringfence.sources.rows import Chunk

DELIMITERS = (",", "\t", ";", "|")
_HEAD = 1 << 20
_ROWS_LOOKED_AT = 200


@dataclass(frozen=True)
class Head:
    """The beginning of a text: its rows, and where each ends in bytes of UTF-8."""

    rows: list[list[str]]
    ends: list[int]
    fault: DataError | None


def open_delimited(given: Given) -> Opened:
    file, name, form = given.file, given.name, given.form
    doubts: list[Text] = []
    encoding = _encoding(file, form, doubts)
    source = Transcoded(file, encoding, lambda _: None)
    if encoding == UTF8:
        file.seek(0)
        head = file.read(_HEAD)
        faults.refuse_foreign(head, name)
    else:
        head = _read(source, _HEAD)
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise faults.empty(name)
    delimiter = form.delimiter or ("\t" if form.format == "tsv" else find_delimiter(head))
    looked_at = LOOKED_AT if form.header_row is None else form.header_row
    read = rows_of(head, delimiter, max(looked_at, _ROWS_LOOKED_AT), name, len(head) == _HEAD)
    number = form.header_row or header_row(read.rows, given.expected, doubts)
    if number > len(read.rows):
        if read.fault is not None:
            raise read.fault
        if source.bad is not None:
            raise not_in(encoding, source)(name, len(read.rows) + 1, source.bad)
        raise no_header(name, number)
    if encoding == UTF8:
        _check_utf8(head, read.ends[:number], name)
    header = read.rows[number - 1]
    names = checked_names(header, number, name)
    # Spreadsheets write a separator for each empty column to the right.
    names += [""] * (len(header) - len(names))
    settled = replace(form, format="csv", encoding=encoding, delimiter=delimiter, header_row=number)
    found = Found(settled, tuple(filter(None, names)), doubts=tuple(doubts))
    start = read.ends[number - 1]
    return Opened(found, lambda: _chunks(replace(given, form=settled), names, start))


def _check_utf8(head: bytes, ends: Sequence[int], name: str) -> None:
    """Up to the header; the rows after it are checked as they are read."""
    try:
        head[: ends[-1]].decode("utf-8")
    except UnicodeDecodeError as fault:
        row = next(n for n, end in enumerate(ends, start=1) if fault.start < end)
        raise faults.not_utf8(name, row, head[fault.start : fault.start + 4096]) from None


def _encoding(file: BinaryIO, form: Form, doubts: list[Text]) -> str:
    if form.encoding is not None:
        return resolved(file, encoding_named(form.encoding))
    found = find_encoding(file)
    if not found.sure:
        doubts.append(_unsure_of(found))
    return found.name


def _unsure_of(found: Encoding) -> Text:
    if found.looks_like is not None:
        return Text(
            f"the encoding was not recognised; it may be {found.looks_like}",
            f"未能识别编码；可能是 {found.looks_like}",
        )
    return Text(
        f"the encoding seems to be {found.name}, but not every line fits",
        f"编码似乎是 {found.name}，但并非每一行都符合",
    )


def _read(source: Source, size: int) -> bytes:
    parts: list[bytes] = []
    left = size
    while left and (piece := source.read(left)):
        parts.append(piece)
        left -= len(piece)
    return b"".join(parts)


def rows_of(head: bytes, delimiter: str, most: int, name: str, is_cut: bool) -> Head:
    """Rows as Python's csv reads them, up to the first fault."""
    lines = head.splitlines(keepends=True)
    if is_cut and not lines[-1].endswith((b"\n", b"\r")):
        lines.pop()
    taken = 0

    def texts() -> Iterator[str]:
        nonlocal taken
        for line in lines:
            taken += len(line)
            text = line.decode("utf-8", "replace")
            yield text.removeprefix("\ufeff") if taken == len(line) else text

    rows: list[list[str]] = []
    ends: list[int] = []
    reader = csv.reader(texts(), delimiter=delimiter, strict=True)
    fault = faults.too_long(name, 1) if not lines else None
    while len(rows) < most:
        try:
            row = next(reader, None)
        except csv.Error:
            fault = faults.open_quote(name, len(rows) + 1)
            break
        if row is None:
            break
        rows.append(row)
        ends.append(taken)
    if fault is None and is_cut and len(rows) < most:
        fault = faults.too_long(name, len(rows) + 1)
    return Head(rows, ends, fault)


def find_delimiter(head: bytes) -> str:
    """The separator that gives most rows the same number of cells."""
    best, best_score = DELIMITERS[0], (0, 0)
    for delimiter in DELIMITERS:
        rows = rows_of(head, delimiter, _ROWS_LOOKED_AT, "", True).rows
        counts = Counter(len(row) for row in rows if len(row) > 1)
        if counts:
            width, alike = max(counts.items(), key=lambda item: (item[1], item[0]))
            if (alike, width) > best_score:
                best, best_score = delimiter, (alike, width)
    return best


def _chunks(given: Given, names: list[str], start: int) -> Iterator[Chunk]:
    file, form, feed = given.file, given.form, given.feed
    encoding, delimiter = form.encoding or UTF8, form.delimiter or ","
    keys = keys_of(names)
    unnamed = unnamed_of(keys)
    ending = Ending(form.totals)

    def leaves_out(number: int, text: str) -> bool:
        ending.note_ragged(number, next(csv.reader([text], delimiter=delimiter), []))
        return False

    layout = csv_files.Layout(
        delimiter=delimiter,
        header_row=form.header_row or 1,
        leaves_out=leaves_out if form.totals else None,
    )
    if encoding == UTF8:
        file.seek(0)
        feed(file.read(start))
        stream = CheckedStream(file, len(keys), feed, delimiter)
    else:
        source = Transcoded(file, encoding, feed)
        _read(source, start)
        stream = CheckedStream(source, len(keys), lambda _: None, delimiter)
        layout = replace(layout, not_text=not_in(encoding, source))
    for chunk in csv_files.read_rows(stream, keys, given.name, layout):
        cut = ending.cut(named_only(chunk, unnamed))
        columns = {key: _empty_as_null(values) for key, values in cut.columns.items()}
        yield Chunk(columns, cut.rows, cut.rejects)


def not_in(encoding: str, source: Transcoded) -> Callable[[str, int, bytes], DataError]:
    if encoding == UTF8:
        return faults.not_utf8

    def told(name: str, row: int, _tail: bytes) -> DataError:
        if encoding == GB18030 and source.bad_is_utf8:
            return faults.mixed(name, row)
        return faults.not_in_encoding(name, row, encoding)

    return told


def _empty_as_null(values: pa.StringArray) -> pa.StringArray:
    empty = pc.equal(pc.binary_length(values), 0)
    if not pc.any(empty).as_py():
        return values
    return pc.if_else(empty, pa.scalar(None, pa.string()), values)
