"""CSV in blocks: bounded memory, exact row numbers, and no row lost without a word.

Rows are numbered as a spreadsheet shows them: the header is row 1. Rows that hold nothing at all
(blank lines, lines of commas) are no rows of data.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from ringfence.errors import DataError
from ringfence.lake.receipt import Reject
from ringfence.records import Table
from ringfence.sources import faults, reasons
from ringfence.sources.csv_stream import CheckedStream, Feed
from ringfence.sources.header import check_header
from ringfence.sources.rows import Chunk

BLOCK = 2 << 20
LONGEST_HEADER = 1 << 20
MOST_RAGGED = 100_000
_BLANK = 0


@dataclass(frozen=True)
class Layout:
    """How the text is laid out; the rows are numbered on from the header's.

    `leaves_out`: rows that do not have the header's number of cells and are no rows of data either.
    `not_text` says what is wrong with a row that is not in the file's encoding.
    """

    delimiter: str = ","
    header_row: int = 1
    leaves_out: Callable[[int, str], bool] | None = None
    not_text: Callable[[str, int, bytes], DataError] = faults.not_utf8


CANONICAL = Layout()


def read_csv(file: BinaryIO, table: Table, name: str, feed: Feed) -> Iterator[Chunk]:
    """The rows of a file that can be rewound. `feed` gets every byte of it, once and in order."""
    file.seek(0)
    names, start = _read_header(file, table, name)
    file.seek(0)
    feed(file.read(start))
    yield from read_rows(CheckedStream(file, len(names), feed), names, name)


def read_rows(
    stream: CheckedStream, names: list[str], name: str, layout: Layout = CANONICAL
) -> Iterator[Chunk]:
    """The rows of a stream that begins after the header."""
    yield from _Rows(stream, names, name, layout).chunks()


def _read_header(file: BinaryIO, table: Table, name: str) -> tuple[list[str], int]:
    """Names of the columns, and where the first row after them begins."""
    head = file.read(LONGEST_HEADER)
    if not head:
        raise faults.empty(name)
    faults.refuse_foreign(head, name)
    line = head.splitlines(keepends=True)[0]
    if not line.endswith((b"\n", b"\r")) and len(head) == LONGEST_HEADER:
        raise faults.too_long(name, 1)
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise faults.not_utf8(name, 1, head[fault.start :]) from None
    try:
        cells = next(csv.reader([text], strict=True), [])
    except csv.Error:
        raise faults.open_quote(name, 1) from None
    names = [cell.strip() for cell in cells]
    check_header(table, names, name)
    return names, len(line)


class _Rows:
    """Numbers the rows of a stream; Arrow tells which rows it could not split into columns."""

    def __init__(self, stream: CheckedStream, names: list[str], file: str, layout: Layout) -> None:
        self._stream = stream
        self._layout = layout
        self._names = names
        self._file = file
        self._ragged: list[tuple[int, int]] = []
        self._hopeless = False
        self._open_quote: int | None = None
        self._last_good = layout.header_row
        self._last_ragged = layout.header_row
        self._marked = False

    def chunks(self) -> Iterator[Chunk]:
        batches = self._batches()
        while True:
            try:
                batch = next(batches, None)
            except pa.ArrowInvalid:
                self._refuse_open_quote()
                if self._hopeless:
                    raise faults.nothing_fits(self._file, len(self._names)) from None
                raise faults.too_long(self._file, self._last_row() + 1) from None
            if batch is None:
                break
            yield self._without_blank(self._numbered(batch))
        if self._stream.bad_byte is not None:
            raise self._layout.not_text(self._file, self._last_row(), self._stream.bad_byte)
        self._refuse_open_quote()
        if not self._marked:
            raise faults.open_quote(self._file, self._last_row())
        if self._ragged:
            nothing = pa.array([], pa.string())
            rest = self._ragged_until(self._last_ragged)
            yield Chunk(dict.fromkeys(self._names, nothing), pa.array([], pa.int64()), rest)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        # Held here, or a thread of Arrow could be the last to let go of it as the program ends.
        source = pa.PythonFile(self._stream, mode="r")
        try:
            with self._opened(source) as reader:
                yield from reader
        finally:
            self._stream.stop()

    def _opened(self, source: pa.PythonFile) -> arrow_csv.CSVStreamingReader:
        return arrow_csv.open_csv(
            source,
            read_options=arrow_csv.ReadOptions(
                column_names=self._names, block_size=BLOCK, use_threads=False
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self._layout.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=self._on_ragged,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(self._names, pa.string()),
                check_utf8=False,
                null_values=[],
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )

    def _on_ragged(self, row: arrow_csv.InvalidRow) -> str:
        """Called by Arrow, possibly ahead of the batch that the row belongs to. Never raises."""
        number = row.number + self._layout.header_row
        text = row.text.strip()
        spans_lines = "\n" in text or "\r" in text
        if self._open_quote is None and (spans_lines or self._stream.mark in text):
            self._open_quote = number
        self._last_ragged = number
        cells = _BLANK if self._is_no_row(number, text) else row.actual_columns
        self._ragged.append((number, cells))
        self._hopeless = len(self._ragged) > MOST_RAGGED
        return "error" if self._hopeless else "skip"

    def _is_no_row(self, number: int, text: str) -> bool:
        delimiter, leaves_out = self._layout.delimiter, self._layout.leaves_out
        if not text.strip(f'{delimiter}"') and not any(_cells(text, delimiter)):
            return True
        return leaves_out is not None and leaves_out(number, text)

    def _refuse_open_quote(self) -> None:
        if self._open_quote is not None and self._stream.bad_byte is None:
            raise faults.open_quote(self._file, self._open_quote)

    def _last_row(self) -> int:
        return max(self._last_good, self._last_ragged)

    def _ragged_until(self, last: int) -> tuple[Reject, ...]:
        found = [item for item in self._ragged if item[0] <= last]
        self._ragged = self._ragged[len(found) :]
        expected = len(self._names)
        return tuple(
            Reject(row, "", reasons.ragged(cells, expected))
            for row, cells in found
            if cells != _BLANK
        )

    def _numbered(self, batch: pa.RecordBatch) -> Chunk:
        """Number the rows that came through: the numbers of those that did not are known."""
        first = self._last_good + 1
        numbers: list[int] | range = range(first, first + batch.num_rows)
        if self._ragged:
            numbers = _skipping(first, batch.num_rows, {row for row, _ in self._ragged})
        if len(numbers):
            self._last_good = numbers[-1]
            if batch.column(0)[-1].as_py() == self._stream.mark:
                self._marked = True
                batch, numbers = batch.slice(0, batch.num_rows - 1), numbers[:-1]
        chunk = Chunk(
            dict(zip(self._names, batch.columns, strict=True)),
            pa.array(numbers, pa.int64()),
            self._ragged_until(self._last_good),
        )
        self._refuse_open_quote()
        if self._stream.has_quotes:
            self._refuse_swallowed_rows(chunk)
        return chunk

    def _refuse_swallowed_rows(self, chunk: Chunk) -> None:
        """A value with a line that looks like a row tells of a quotation mark left open before."""
        if len(self._names) < 2:
            return
        commas = len(self._names) - 1
        for values in chunk.columns.values():
            broken = pc.match_substring_regex(values, "[\r\n]")
            if not pc.any(broken).as_py():
                continue
            for index in pc.indices_nonzero(broken).to_pylist():
                lines = values[index].as_py().splitlines()
                if any(line.count(self._layout.delimiter) >= commas for line in lines):
                    raise faults.open_quote(self._file, chunk.rows[index].as_py())

    def _without_blank(self, chunk: Chunk) -> Chunk:
        values = iter(chunk.columns.values())
        blank = pc.equal(pc.binary_length(next(values)), 0)
        for column in values:
            if not pc.any(blank).as_py():
                return chunk
            blank = pc.and_(blank, pc.equal(pc.binary_length(column), 0))
        if not pc.any(blank).as_py():
            return chunk
        kept = pc.invert(blank)
        columns = {name: values.filter(kept) for name, values in chunk.columns.items()}
        return Chunk(columns, chunk.rows.filter(kept), chunk.rejects)


def _cells(text: str, delimiter: str) -> list[str]:
    return next(csv.reader([text], delimiter=delimiter), [])


def _skipping(number: int, count: int, gone: set[int]) -> list[int]:
    kept: list[int] = []
    while len(kept) < count:
        if number not in gone:
            kept.append(number)
        number += 1
    return kept
