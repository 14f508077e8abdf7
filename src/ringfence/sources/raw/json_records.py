"""Records of JSON as rows of text cells: nested names joined by dots, values as written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from ringfence.errors import DataError, Text
from ringfence.lake.receipt import Reject
from ringfence.sources.raw.headers import MOST_COLUMNS
from ringfence.sources.rows import Chunk

ROWS_AT_ONCE = 1 << 14
LONGEST_RECORD = 4 << 20
_DEEPEST = 16

Row = dict[str, str | None]

NOT_AN_OBJECT = Text("is not a JSON object { … }", "不是 JSON 对象 { … }")
TOO_DEEP = Text(f"is nested more than {_DEEPEST} levels deep", f"嵌套超过 {_DEEPEST} 层")
DOUBLED = Text("gives one name twice", "同一名称出现了两次")
NOT_TEXT = Text(
    "contains half of a character (a lone surrogate); have it written again",
    "含有不完整的字符（孤立的代理项）；请重新生成",
)


class UnfitError(Exception):
    """A record that cannot be a row."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class Pairs(dict[str, Any]):
    """An object that remembers whether a name was given twice."""

    doubled = False

    def __setitem__(self, key: str, value: Any) -> None:
        if key in self:
            self.doubled = True
        super().__setitem__(key, value)


def pairs_as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    marked = Pairs(made)
    marked.doubled = True
    return marked


def as_row(record: Any) -> Row:
    """Raises UnfitError."""
    if not isinstance(record, dict):
        raise UnfitError(NOT_AN_OBJECT)
    if is_flat(record):
        if isinstance(record, Pairs) and record.doubled:
            raise UnfitError(DOUBLED)
        return {
            name: (value or None) if type(value) is str else as_text(value)
            for name, value in record.items()
        }
    row: Row = {}
    _fill(row, "", record, 0)
    return row


def _fill(row: Row, prefix: str, record: dict[str, Any], depth: int) -> None:
    if depth > _DEEPEST:
        raise UnfitError(TOO_DEEP)
    if isinstance(record, Pairs) and record.doubled:
        raise UnfitError(DOUBLED)
    for key, value in record.items():
        name = prefix + key
        if isinstance(value, dict):
            _fill(row, f"{name}.", value, depth + 1)
        elif isinstance(value, list):
            _fill_list(row, name, value, depth + 1)
        elif name in row:
            raise UnfitError(DOUBLED)
        else:
            row[name] = as_text(value)


def _fill_list(row: Row, name: str, values: list[Any], depth: int) -> None:
    """Plain values joined by semicolons; objects and lists numbered from 1."""
    if not any(isinstance(value, dict | list) for value in values):
        texts = [as_text(value) or "" for value in values]
        if not any(";" in text for text in texts):
            if name in row:
                raise UnfitError(DOUBLED)
            row[name] = ";".join(texts) or None
            return
    numbered = {f"[{place}]": value for place, value in enumerate(values, start=1)}
    _fill(row, name, numbered, depth)


def as_text(value: Any) -> str | None:
    """None where the cell is empty. Whole numbers keep all their digits."""
    if isinstance(value, str):
        return value or None
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def is_flat(record: dict[str, Any]) -> bool:
    return _NESTED.isdisjoint(map(type, record.values()))


_NESTED = frozenset({dict, list, Pairs})


class Columns:
    """The names that the records of a file have, in the order in which they appear."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._names: dict[str, None] = {}

    def add(self, record: Any) -> None:
        """The names of a record, where it can be a row."""
        if not isinstance(record, dict):
            return
        if is_flat(record):
            if record.keys() <= self._names.keys():
                return
            row: dict[str, Any] = record
        else:
            try:
                row = as_row(record)
            except UnfitError:
                return
        self._names.update(dict.fromkeys(row))
        if len(self._names) > MOST_COLUMNS:
            raise DataError(
                f"{self._file}: the records have more than {MOST_COLUMNS:,} different names",
                f"{self._file}：记录中的字段名超过 {MOST_COLUMNS:,} 个",
            )

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self._names if name)


def as_chunks(rows: Iterable[tuple[int, Row | Text]], columns: Sequence[str]) -> Iterator[Chunk]:
    """Each with its number; a text says why it is set aside."""
    taken: list[Row] = []
    numbers: list[int] = []
    rejects: list[Reject] = []
    for number, row in rows:
        if isinstance(row, dict):
            taken.append(row)
            numbers.append(number)
        else:
            rejects.append(Reject(number, "", row))
        if len(taken) + len(rejects) >= ROWS_AT_ONCE:
            yield _chunk(taken, numbers, rejects, columns)
            taken, numbers, rejects = [], [], []
    if taken or rejects:
        yield _chunk(taken, numbers, rejects, columns)


def _chunk(
    rows: list[Row], numbers: list[int], rejects: list[Reject], columns: Sequence[str]
) -> Chunk:
    try:
        arrays = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in columns}
    except UnicodeEncodeError:
        good = [_is_text(row) for row in rows]
        found = [Reject(n, "", NOT_TEXT) for n, fine in zip(numbers, good, strict=True) if not fine]
        rejects = sorted([*rejects, *found], key=lambda reject: reject.row)
        numbers = [n for n, fine in zip(numbers, good, strict=True) if fine]
        rows = [row for row, fine in zip(rows, good, strict=True) if fine]
        return _chunk(rows, numbers, rejects, columns)
    return Chunk(arrays, pa.array(numbers, pa.int64()), tuple(rejects))


def _is_text(row: Row) -> bool:
    try:
        "".join(value or "" for value in row.values()).encode()
    except UnicodeEncodeError:
        return False
    return True


_DECODER = json.JSONDecoder(
    object_pairs_hook=pairs_as_object, parse_int=str, parse_float=str, parse_constant=lambda _: None
)


def parsed(text: str) -> Any:
    """A record that fills its line; raises ValueError."""
    record, end = _DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError
    return record
