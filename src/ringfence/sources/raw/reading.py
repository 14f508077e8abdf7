"""A delivered file of any form as text cells with row numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from ringfence.sources.delivered import Delivered, read_pieces
from ringfence.sources.raw import archives, formats
from ringfence.sources.raw.delimited import open_delimited
from ringfence.sources.raw.encodings import UTF8
from ringfence.sources.raw.json_files import open_json
from ringfence.sources.raw.json_lines import open_json_lines
from ringfence.sources.raw.model import EVERY_SHEET, Form, Found, Given, Opened, Part, Raw, RawChunk
from ringfence.sources.raw.parquet_cells import open_parquet
from ringfence.sources.raw.workbooks import open_sheets, open_workbook

Piece = TypeVar("Piece")
Feed = Callable[[bytes], None]


def read_raw(
    delivered: Delivered,
    form: Form,
    feed: Feed,
    *,
    expected: Collection[str] = (),
    takes: Callable[[Sequence[str]], bool] | None = None,
) -> Raw:
    """Opens the file: its form is known, its rows are not yet read.

    `feed` gets every byte of the file once and in order, by the time the last chunk was given.
    `expected`: names of columns that the file is known to have; they show which row is the header.
    `takes`: which sheets have the header, where the form says to read all that have it.
    """
    given = Given(delivered.file, delivered.name, form, feed, expected)
    if takes is not None:
        given = replace(given, takes=takes)
    kind = formats.find_format(given)
    if kind == formats.ZIP:
        return _archive(given)
    opened = dict(enumerate(_tables(given, kind)))
    found = {number: table.found for number, table in opened.items()}
    parts = tuple(Part(number, table.form.sheet or "") for number, table in found.items())

    def chunks() -> Iterator[RawChunk]:
        read = chain.from_iterable(_of_part(part, opened[part.number]) for part in parts)
        return feeding(given, read) if kind in formats.READ_AT_RANDOM else read

    open_end = kind == formats.CSV and delivered.ends_open(found[0].form.encoding or UTF8)
    return Raw(parts, _all_columns(found), found, chunks, found[0].unread, open_end)


def _tables(given: Given, kind: str) -> list[Opened]:
    """One table, but of a workbook as many sheets as the form asks for."""
    if kind == formats.XLSX and given.form.sheet == EVERY_SHEET:
        return open_sheets(given)
    if kind != formats.XLSX:
        given = replace(given, form=replace(given.form, sheet=None))
    return [OPENERS[kind](given)]


def _all_columns(found: Mapping[int, Found]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in found.values() for name in part.columns))


def _archive(given: Given) -> Raw:
    """Each member is a part, or each of its sheets that is read; all by the form that was found
    when they were opened first.
    """
    archive = archives.open_archive(given.file, given.name)
    said = given.form.format
    form = replace(given.form, format=None if said == formats.ZIP else said)
    names = tuple(member.name for member in archive.members)
    found: dict[int, Found] = {}
    parts: list[Part] = []
    of_member: list[list[int]] = []
    unread: list[str] = []
    for member in archives.open_members(archive, given, lambda _: form):
        of_member.append([])
        for opened in _tables(member.given, member.kind):
            number = len(parts)
            of_member[-1].append(number)
            parts.append(Part(number, member.part_name(opened.found.form.sheet)))
            found[number] = replace(opened.found, members=names)
            unread += [member.part_name(sheet) for sheet in opened.found.unread]

    def form_of(member: int) -> Form:
        return found[of_member[member][0]].form

    def chunks() -> Iterator[RawChunk]:
        for member in archives.open_members(archive, given, form_of):
            for number in of_member[member.number]:
                table = replace(member.given, form=found[number].form)
                yield from _of_part(parts[number], OPENERS[member.kind](table))

    columns = _all_columns(found)
    return Raw(tuple(parts), columns, found, lambda: feeding(given, chunks()), tuple(unread))


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
