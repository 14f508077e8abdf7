"""A delivered file of any form as text cells with row numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import TypeVar

from ringfence.sources.opening import Delivered, read_pieces
from ringfence.sources.raw import archives, formats
from ringfence.sources.raw.delimited import open_delimited
from ringfence.sources.raw.json_files import open_json
from ringfence.sources.raw.json_lines import open_json_lines
from ringfence.sources.raw.model import Form, Found, Given, Opened, Part, Raw, RawChunk
from ringfence.sources.raw.parquet_cells import open_parquet
from ringfence.sources.raw.workbooks import open_workbook

Piece = TypeVar("Piece")
Feed = Callable[[bytes], None]


def read_raw(
    delivered: Delivered, form: Form, feed: Feed, *, expected: Collection[str] = ()
) -> Raw:
    """Opens the file: its form is known, its rows are not yet read.

    `feed` gets every byte of the file once and in order, by the time the last chunk was given.
    `expected`: names of columns that the file is known to have; they show which row is the header.
    """
    given = Given(delivered.file, delivered.name, form, feed, expected)
    kind = formats.find_format(given)
    if kind == formats.ZIP:
        return _archive(given)
    opened = OPENERS[kind](given)
    part = Part(0, opened.found.form.sheet or "")

    def chunks() -> Iterator[RawChunk]:
        read = _of_part(part, opened)
        return feeding(given, read) if kind in formats.READ_AT_RANDOM else read

    return Raw((part,), opened.found.columns, {0: opened.found}, chunks)


def _archive(given: Given) -> Raw:
    """Each member is a part, read by the form that was found when it was opened first."""
    archive = archives.open_archive(given.file, given.name)
    said = given.form.format
    form = replace(given.form, format=None if said == formats.ZIP else said)
    names = tuple(member.name for member in archive.members)
    found: dict[int, Found] = {}
    parts: list[Part] = []
    for member in archives.open_members(archive, given, lambda _: form):
        opened = OPENERS[member.kind](member.given)
        parts.append(Part(member.number, member.part_name(opened.found.form.sheet)))
        found[member.number] = replace(opened.found, members=names)

    def chunks() -> Iterator[RawChunk]:
        for member in archives.open_members(archive, given, lambda number: found[number].form):
            yield from _of_part(parts[member.number], OPENERS[member.kind](member.given))

    columns = dict.fromkeys(name for part in found.values() for name in part.columns)
    return Raw(tuple(parts), tuple(columns), found, lambda: feeding(given, chunks()))


def _of_part(part: Part, opened: Opened) -> Iterator[RawChunk]:
    for chunk in opened.chunks():
        if len(chunk.rows) or chunk.rejects:
            yield RawChunk(part, chunk.columns, chunk.rows, chunk.rejects)


def feeding(given: Given, chunks: Iterator[Piece]) -> Iterator[Piece]:
    """What is read at random places is fed at the end, from its beginning."""
    yield from chunks
    for piece in read_pieces(given.file):
        given.feed(piece)


OPENERS: dict[str, Callable[[Given], Opened]] = {
    formats.CSV: open_delimited,
    formats.XLSX: open_workbook,
    formats.JSON: open_json,
    formats.NDJSON: open_json_lines,
    formats.PARQUET: open_parquet,
}
