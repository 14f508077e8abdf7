"""Rows that say again what was said before in the same file: told once, counted all the same.

A register of stays describes its guests in every row. What is remembered is bounded; what is
forgotten may be stored twice, which the lake and the vault both take for what it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.records import TABLES, Kind, Table
from ringfence.sources.mapping.applying import Identities

_REMEMBERED = 400_000
_BETWEEN = "\x1f"
_NOTHING = "\x1e"


class Repeats:
    """What one file said so far; `counted`: rows by table that said nothing new."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()
        self._last: dict[str, _Latest] = {}
        self._told = _Latest()

    def of_table(self, name: str, rows: pa.RecordBatch) -> pa.RecordBatch:
        """The rows of a register that differ from the one of the same key before."""
        table = TABLES[name]
        if not _describes(table):
            return rows
        values = [
            column
            for column in rows.schema.names
            if column not in (*table.key, "source_row") and rows[column].null_count < rows.num_rows
        ]
        keys = _joined([rows[column] for column in table.key])
        latest = self._last.setdefault(name, _Latest())
        if values:
            contents = _joined([rows[column] for column in values]).to_pylist()
            new = latest.new(keys.to_pylist(), contents)
        else:
            new = _first(keys, latest, "")
        self.counted[name] += rows.num_rows - len(new)
        return rows if len(new) == rows.num_rows else rows.take(pa.array(new, pa.int64()))

    def of_identities(self, told: Identities) -> Identities:
        """Statements that were not made before of the same subject."""
        said = _joined([told.subjects, *told.fields.values()])
        new = pa.array(_first(said, self._told, told.person), pa.int64())
        return Identities(
            told.person,
            told.subjects.take(new),
            told.rows.take(new),
            {name: values.take(new) for name, values in told.fields.items()},
        )


def _describes(table: Table) -> bool:
    """Registers describe the same thing again and again; what happens has a start."""
    plain = all(column.kind is not Kind.WORDS for column in table.lake_columns)
    return plain and table.starts is None and table.retention_days is None


def _joined(columns: Sequence[pa.Array]) -> pa.StringArray:
    if len(columns) == 1:
        return pc.fill_null(_text(columns[0]), _NOTHING)
    texts = [_text(column) for column in columns]
    return pc.binary_join_element_wise(
        *texts, _BETWEEN, null_handling="replace", null_replacement=_NOTHING
    )


def _first(said: pa.StringArray, latest: _Latest, content: str) -> list[int]:
    """Where something is said for the first time; what repeats is looked up once."""
    encoded = said.dictionary_encode()
    distinct = encoded.dictionary.to_pylist()
    fresh = latest.new(distinct, [content] * len(distinct))
    if not fresh:
        return []
    indices = encoded.indices.to_numpy()
    _, first = np.unique(indices, return_index=True)
    return sorted(first[fresh].tolist())


def _text(column: pa.Array) -> pa.StringArray:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    return column.cast(pa.string())


class _Latest:
    """What was said last of each key, within bounds."""

    def __init__(self) -> None:
        self._recent: dict[str, str] = {}
        self._older: dict[str, str] = {}

    def new(self, keys: Sequence[str], contents: Sequence[str]) -> list[int]:
        """Which of these were not what was said last."""
        found = []
        recent, older = self._recent, self._older
        for index, (key, content) in enumerate(zip(keys, contents, strict=True)):
            said = recent.get(key)
            if said is None:
                said = older.get(key)
            if said != content:
                found.append(index)
                recent[key] = content
        if len(recent) >= _REMEMBERED:
            self._recent, self._older = {}, recent
        return found
