"""JSON of any size: the objects of one array, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import ijson  # type: ignore[import-untyped]

from ringfence.errors import DataError, Text, UserError
from ringfence.sources import faults
from ringfence.sources.raw.encodings import Transcoded, encoding_of
from ringfence.sources.raw.json_depth import DEEPEST, Depth
from ringfence.sources.raw.json_lines import too_long
from ringfence.sources.raw.json_records import (
    LONGEST_RECORD,
    Columns,
    Pairs,
    Row,
    UnfitError,
    as_chunks,
    as_row,
)
from ringfence.sources.raw.model import Found, Given, Opened

_BUFFER = 1 << 16
# ijson holds the whole path of each event of a buffer, and a path may be as long as what comes
# before the first record.
_FEW = 2048
_LONGEST_PREAMBLE = 1 << 20


class _Guarded:
    """Reading that ends where a record does not, or where it is nested without end."""

    def __init__(self, source: Transcoded, given: Given) -> None:
        self.source = source
        self.given = given
        self.most = LONGEST_RECORD
        self._since = 0
        self._depth = Depth()
        self.records = 0

    def read(self, size: int = _BUFFER) -> bytes:
        piece = self.source.read(size)
        self._since += len(piece)
        if self._since > self.most:
            raise too_long(self.given.name, self.records + 1, self.most)
        if self._depth.after(piece) > DEEPEST:
            raise _too_deep(self.given.name, self.records + 1)
        return piece

    def next_record(self) -> int:
        self._since = 0
        self.records += 1
        return self.records


def open_json(given: Given) -> Opened:
    name, form = given.name, given.form
    encoding = encoding_of(given)
    text = Given(given.file, name, replace(form, encoding=encoding))
    path = _find_records(text) if form.records is None else form.records
    columns = Columns(name)
    count = 0
    guarded = _guarded(text)
    for record in _parsed(guarded, _prefix(path), dict):
        count = guarded.next_record()
        columns.add(record)
    if form.records is not None and not count:
        _check_path(text, path)
    settled = replace(form, format="json", encoding=encoding, records=path)
    return Opened(
        Found(settled, columns.names),
        lambda: as_chunks(_rows(replace(text, feed=given.feed), path), columns.names),
    )


def _guarded(given: Given) -> _Guarded:
    source = Transcoded(given.file, given.form.encoding or "utf-8", given.feed)
    return _Guarded(source, given)


def _rows(given: Given, path: str) -> Iterator[tuple[int, Row | Text]]:
    guarded = _guarded(given)
    for record in _parsed(guarded, _prefix(path), Pairs):
        number = guarded.next_record()
        try:
            yield number, as_row(record)
        except UnfitError as unfit:
            yield number, unfit.reason


def _prefix(path: str) -> str:
    """What ijson calls the items of an array; `.` is the document itself, as one record."""
    if path == ".":
        return ""
    return f"{path}.item" if path else "item"


def _parsed(guarded: _Guarded, prefix: str, kind: type[dict[str, Any]]) -> Iterator[Any]:
    try:
        yield from ijson.items(guarded, prefix, buf_size=_BUFFER, map_type=kind)
    except UserError:
        raise
    except (ijson.JSONError, ValueError, RecursionError, MemoryError):
        raise _broken(guarded) from None
    if guarded.source.bad is not None:
        raise _broken(guarded)
    while guarded.source.read(1 << 20):
        pass


def _find_records(given: Given) -> str:
    """The path of the first array that holds an object."""
    guarded = _guarded(given)
    guarded.most = _LONGEST_PREAMBLE
    first: str | None = None
    try:
        for prefix, event, _ in ijson.parse(guarded, buf_size=_FEW):
            first = first or event
            if event == "start_map" and (prefix == "item" or prefix.endswith(".item")):
                return str(prefix).removesuffix("item").removesuffix(".")
    except UserError:
        raise
    except (ijson.JSONError, ValueError, MemoryError):
        raise _broken(guarded) from None
    if first == "start_array":
        return ""
    if first == "start_map":
        return "."
    raise _no_records(given.name)


def _check_path(given: Given, path: str) -> None:
    """An array without records is fine; a path that leads to none is not."""
    guarded = _guarded(given)
    guarded.most = _LONGEST_PREAMBLE
    wanted = "" if path == "." else path
    try:
        for prefix, event, _ in ijson.parse(guarded, buf_size=_FEW):
            guarded.next_record()
            if prefix == wanted and event == "start_array":
                return
    except (ijson.JSONError, ValueError):
        raise _broken(guarded) from None
    name = given.name
    raise DataError(
        f"{name} has no array at `{path}`: correct `records` in the mapping",
        f"{name} 在 {path} 处没有数组；请修改映射中的 records",
    )


def _broken(guarded: _Guarded) -> DataError:
    name, encoding = guarded.given.name, guarded.given.form.encoding or "utf-8"
    record = guarded.records + 1
    bad = guarded.source.bad
    if bad is not None:
        return faults.not_in_encoding(name, record, encoding, bad)
    return DataError(
        f"{name}, record {record}: this is not whole JSON; the file is truncated or has a fault "
        "of syntax there. Nothing was stored",
        f"{name} 第 {record} 条记录：不是完整的 JSON；文件在此处被截断或有语法错误。未保存任何数据",
    )


def _too_deep(name: str, record: int) -> DataError:
    return DataError(
        f"{name}, record {record}: it is nested more than {DEEPEST} levels deep. "
        "Nothing was stored",
        f"{name} 第 {record} 条记录：嵌套超过 {DEEPEST} 层。未保存任何数据",
    )


def _no_records(name: str) -> DataError:
    return DataError(
        f"{name} holds no records: a JSON file is an array of objects, or has one inside",
        f"{name} 中没有记录：JSON 文件应为对象数组，或其中含有对象数组",
    )
