"""Parquet of any columns as text cells."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import DataError
from ringfence.sources import faults, parquet_files
from ringfence.sources.raw.cells import number_as_text
from ringfence.sources.raw.headers import checked_names
from ringfence.sources.raw.model import Found, Given, Opened
from ringfence.sources.rows import Chunk

# In a file's own description: the column that holds the row numbers.
ROWS_KEY = b"ringfence.rows"


def open_parquet(given: Given) -> Opened:
    """The first row is row 1: there is no header among the rows."""
    file, name = given.file, given.name
    schema = parquet_files.read_schema(file, name)
    names = checked_names(schema.names, 0, name)
    if not all(names) or len(names) != len(schema.names):
        raise DataError(f"{name} has a column without a name", f"{name} 有一列没有名称")
    numbers = _numbers_in(schema)
    settled = replace(given.form, format="parquet", encoding=None, delimiter=None, header_row=None)
    called = {
        raw: column for raw, column in zip(schema.names, names, strict=True) if raw != numbers
    }
    columns = tuple(called.values())
    return Opened(Found(settled, columns), lambda: _chunks(file, name, numbers, called))


def has_row_numbers(file: BinaryIO, name: str) -> bool:
    return bool(_numbers_in(parquet_files.read_schema(file, name)))


def _numbers_in(schema: pa.Schema) -> str:
    """The column that holds the row numbers; empty: they are counted."""
    named = (schema.metadata or {}).get(ROWS_KEY, b"").decode("utf-8", "replace")
    known = named in schema.names and schema.field(named).type == pa.int64()
    return named if known else ""


def _chunks(file: BinaryIO, name: str, numbers: str, called: Mapping[str, str]) -> Iterator[Chunk]:
    for chunk in parquet_files.read_batches(file, name):
        arrays = dict(chunk.columns)
        rows = arrays.pop(numbers, chunk.rows)
        if rows.null_count:
            raise faults.damaged(name)
        try:
            columns = {called[key]: as_text(values) for key, values in arrays.items()}
        except (pa.ArrowException, ValueError, OverflowError):
            raise faults.damaged(name) from None
        yield blank_rows_left_out(Chunk(columns, rows))


def blank_rows_left_out(chunk: Chunk) -> Chunk:
    filled = None
    for values in chunk.columns.values():
        if not values.null_count:
            return chunk
        here = pc.is_valid(values)
        filled = here if filled is None else pc.or_(filled, here)
    if filled is None or pc.all(filled).as_py():
        return chunk
    columns = {name: values.filter(filled) for name, values in chunk.columns.items()}
    return Chunk(columns, chunk.rows.filter(filled), chunk.rejects)


def as_text(values: pa.Array) -> pa.StringArray:
    """As a workbook would show the values: no zone on times without one, `12` for 12.0."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return as_text(values.dictionary_decode())
    if isinstance(kind, pa.BaseExtensionType):
        return as_text(values.storage)
    if pa.types.is_string(kind):
        texts = values
    elif pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        texts = values.cast(pa.string())
    elif pa.types.is_floating(kind):
        texts = pa.array(
            [None if v is None or math.isnan(v) else number_as_text(v) for v in values.to_pylist()],
            pa.string(),
        )
    elif pa.types.is_timestamp(kind):
        zone = "" if kind.tz is None else "Z"
        if zone:
            values = values.cast(pa.timestamp(kind.unit, "UTC"))
        texts = pc.strftime(pc.floor_temporal(values, unit="second"), f"%Y-%m-%dT%H:%M:%S{zone}")
        texts = _without_fraction(texts)
    elif pa.types.is_time(kind):
        texts = _without_fraction(values.cast(pa.string()))
    elif _casts(kind):
        texts = values.cast(pa.string())
    else:
        texts = pa.array([_written(value) for value in values.to_pylist()], pa.string())
    empty = pc.equal(pc.binary_length(texts), 0)
    return pc.if_else(empty, pa.scalar(None, pa.string()), texts)


def _without_fraction(texts: pa.StringArray) -> pa.StringArray:
    return pc.replace_substring_regex(texts, r"\.[0-9]+", "")


def _casts(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(
        types.is_integer(kind)
        or types.is_boolean(kind)
        or types.is_date(kind)
        or types.is_decimal(kind)
        or types.is_null(kind)
    )


def _written(value: object) -> str | None:
    """A list of plain values joined by semicolons, all else as JSON."""
    if value is None:
        return None
    if isinstance(value, list) and not any(isinstance(v, list | dict | bytes) for v in value):
        texts = ["" if v is None else str(v) for v in value]
        if not any(";" in text for text in texts):
            return ";".join(texts)
    return json.dumps(value, ensure_ascii=False, default=str)
