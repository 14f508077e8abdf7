"""NDJSON: an object a line. Rows are numbered by their lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import BinaryIO

from ringfence.errors import DataError, Text
from ringfence.sources import faults
from ringfence.sources.csv_stream import Feed
from ringfence.sources.raw.encodings import Transcoded, encoding_of
from ringfence.sources.raw.json_records import (
    LONGEST_RECORD,
    Columns,
    Row,
    UnfitError,
    as_chunks,
    as_row,
    parsed,
)
from ringfence.sources.raw.model import Found, Given, Opened

_PIECE = 1 << 20

NOT_WHOLE = Text(
    "is not whole JSON; the line is cut off or has a fault of syntax",
    "不是完整的 JSON；该行被截断或有语法错误",
)


def open_json_lines(given: Given) -> Opened:
    name = given.name
    encoding = encoding_of(given)
    columns = Columns(name)
    for _, line in _lines(Transcoded(given.file, encoding, lambda _: None), name, encoding):
        with suppress(ValueError, RecursionError):
            columns.add(parsed(line.decode()))
    settled = replace(given.form, format="ndjson", encoding=encoding)
    return Opened(
        Found(settled, columns.names),
        lambda: as_chunks(_rows(given.file, name, encoding, given.feed), columns.names),
    )


def _rows(file: BinaryIO, name: str, encoding: str, feed: Feed) -> Iterator[tuple[int, Row | Text]]:
    for number, line in _lines(Transcoded(file, encoding, feed), name, encoding):
        try:
            yield number, as_row(parsed(line.decode()))
        except UnfitError as unfit:
            yield number, unfit.reason
        except (ValueError, RecursionError):
            yield number, NOT_WHOLE


def _lines(source: Transcoded, name: str, encoding: str) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank, with their numbers. All of the source is read."""
    number = 0
    rest = b""
    while piece := source.read(_PIECE):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            number += 1
            if len(line) > LONGEST_RECORD:
                raise too_long(name, number)
            if bare := line.strip():
                yield number, bare
        if len(rest) > LONGEST_RECORD:
            raise too_long(name, number + 1)
    if source.bad is not None:
        raise faults.not_in_encoding(name, number + 1, encoding, source.bad)
    if bare := rest.strip():
        yield number + 1, bare


def too_long(name: str, number: int, most: int = LONGEST_RECORD) -> DataError:
    size = most >> 20
    return DataError(
        f"{name}, row {number}: the record does not end within {size} MiB. Nothing was stored",
        f"{name} 第 {number} 行：该记录超过 {size} MiB 仍未结束。未保存任何数据",
    )
