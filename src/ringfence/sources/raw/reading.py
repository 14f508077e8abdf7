"""A delivered file of any form as text cells with row numbers."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import BinaryIO

from ringfence.errors import DataError
from ringfence.sources.opening import Delivered, read_pieces
from ringfence.sources.raw import archives, formats
from ringfence.sources.raw.delimited import open_delimited
from ringfence.sources.raw.json_files import open_json
from ringfence.sources.raw.json_lines import open_json_lines
from ringfence.sources.raw.model import Form, Found, Given, Opened, Part, Raw, RawChunk
from ringfence.sources.raw.parquet_cells import open_parquet
from ringfence.sources.raw.workbooks import open_workbook

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
    opened = _READERS[kind](given)
    part = Part(0, opened.found.form.sheet or "")

    def chunks() -> Iterator[RawChunk]:
        yield from _of_part(part, opened)
        if kind in formats.READ_AT_RANDOM:
            _feed_all(given)

    return Raw((part,), opened.found.columns, {0: opened.found}, chunks)


def _archive(given: Given) -> Raw:
    """Each member is a part, read by the form that was found when it was opened first."""
    archive = archives.open_archive(given.file, given.name)
    said = given.form.format
    form = replace(given.form, format=None if said == formats.ZIP else said)
    names = tuple(member.name for member in archive.members)
    found: dict[int, Found] = {}
    parts: list[Part] = []
    for number, member in enumerate(archive.members):
        with archive.opened(member) as content:
            opened = _open_member(replace(given, form=form), content, archive.name_of(member))
        sheet = opened.found.form.sheet
        parts.append(Part(number, f"{member.name}/{sheet}" if sheet else member.name))
        found[number] = replace(opened.found, members=names)

    def chunks() -> Iterator[RawChunk]:
        for part, member in zip(parts, archive.members, strict=True):
            with archive.opened(member) as content:
                settled = replace(given, form=found[part.number].form)
                opened = _open_member(settled, content, archive.name_of(member))
                yield from _of_part(part, opened)
        _feed_all(given)

    columns = dict.fromkeys(name for part in found.values() for name in part.columns)
    return Raw(tuple(parts), tuple(columns), found, chunks)


def _open_member(given: Given, content: BinaryIO, name: str) -> Opened:
    """Those that are read at random places are unpacked into memory."""
    member = Given(content, name, given.form, expected=given.expected)
    kind = formats.find_format(member)
    if kind == formats.ZIP:
        raise DataError(
            f"{name} is an archive within an archive; unpack it first",
            f"{name} 是压缩文件中的压缩文件；请先解压",
        )
    if kind in formats.READ_AT_RANDOM:
        member = replace(member, file=io.BytesIO(archives.whole_member(content, name)))
    return _READERS[kind](member)


def _of_part(part: Part, opened: Opened) -> Iterator[RawChunk]:
    for chunk in opened.chunks():
        if len(chunk.rows) or chunk.rejects:
            yield RawChunk(part, chunk.columns, chunk.rows, chunk.rejects)


def _feed_all(given: Given) -> None:
    for piece in read_pieces(given.file):
        given.feed(piece)


_READERS: dict[str, Callable[[Given], Opened]] = {
    formats.CSV: open_delimited,
    formats.XLSX: open_workbook,
    formats.JSON: open_json,
    formats.NDJSON: open_json_lines,
    formats.PARQUET: open_parquet,
}
