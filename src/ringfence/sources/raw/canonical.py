"""Canonical files of any form: the header is row 1, the text UTF-8, the first sheet is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.lake.lineage import source_row
from ringfence.records import Table
from ringfence.sources.csv_files import read_csv
from ringfence.sources.delivered import Delivered
from ringfence.sources.header import check_header
from ringfence.sources.parquet_files import read_parquet
from ringfence.sources.raw import archives, formats
from ringfence.sources.raw.encodings import UTF8
from ringfence.sources.raw.model import Form, Given
from ringfence.sources.raw.parquet_cells import has_row_numbers
from ringfence.sources.raw.reading import OPENERS, feeding
from ringfence.sources.rows import Chunk

FORM = Form(encoding="utf-8", delimiter=",", header_row=1)


@dataclass(frozen=True)
class Canonical:
    """`parts`: names of the tables within the file, where it has any. `unread`: sheets with values
    that are not read. `open_end`: it is a stream that may have been cut.
    """

    parts: Mapping[int, str]
    chunks: Iterator[Chunk]
    unread: tuple[str, ...] = ()
    open_end: bool = False


@dataclass(frozen=True)
class _Read:
    """A file, or a member of an archive. `sheet`: empty where it is no workbook."""

    chunks: Iterator[Chunk]
    sheet: str = ""
    unread: tuple[str, ...] = ()


def read_canonical(delivered: Delivered, table: Table, feed: Callable[[bytes], None]) -> Canonical:
    """When the last chunk is given, `feed` has got every byte of the file, once and in order."""
    given = Given(delivered.file, delivered.name, FORM, feed)
    kind = formats.find_format(given)
    if kind == formats.ZIP:
        return _archive(given, table)
    read = _read(given, kind, table)
    chunks = feeding(given, read.chunks) if kind in formats.READ_AT_RANDOM else read.chunks
    open_end = kind == formats.CSV and delivered.ends_open(UTF8)
    return Canonical({0: read.sheet} if read.sheet else {}, chunks, read.unread, open_end)


def _read(given: Given, kind: str, table: Table) -> _Read:
    if kind == formats.CSV:
        return _Read(read_csv(given.file, table, given.name, given.feed))
    if kind == formats.PARQUET and not has_row_numbers(given.file, given.name):
        return _Read(read_parquet(given.file, table, given.name))
    opened = OPENERS[kind](given)
    columns = opened.found.columns
    if columns or kind not in (formats.JSON, formats.NDJSON):
        check_header(table, columns, given.name)
    return _Read(opened.chunks(), opened.found.form.sheet or "", opened.found.unread)


def _archive(given: Given, table: Table) -> Canonical:
    """Each member is a part of the file; the header of each is checked before rows are read."""
    archive = archives.open_archive(given.file, given.name)
    parts: dict[int, str] = {}
    unread: list[str] = []
    for member in archives.open_members(archive, given, lambda _: FORM):
        read = _read(member.given, member.kind, table)
        parts[member.number] = member.part_name(read.sheet)
        unread += map(member.part_name, read.unread)

    def chunks() -> Iterator[Chunk]:
        for member in archives.open_members(archive, given, lambda _: FORM):
            for chunk in _read(member.given, member.kind, table).chunks:
                yield _of_part(member.number, chunk)

    return Canonical(parts, feeding(given, chunks()), tuple(unread))


def _of_part(number: int, chunk: Chunk) -> Chunk:
    first = source_row(number, 0)
    rows = pc.add(chunk.rows, pa.scalar(first, pa.int64()))
    rejects = tuple(replace(reject, row=first + reject.row) for reject in chunk.rejects)
    return Chunk(chunk.columns, rows, rejects)
