"""Canonical Parquet files as arrays of numbers: keys and words become codes, times seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ringfence.errors import DataError
from ringfence_city.answers.arrays import Bool, Int, Real, Small
from ringfence_city.answers.days import start_of

MISSING = np.iinfo(np.int64).min
"""A time that nobody knows. Codes of keys and words, and truths, are -1 where unknown."""

_KEYS = ["subject", "subject_a", "subject_b", "place", "zone", "role", "certainty", "relation"]
"""Columns with few different values: read as numbers of a dictionary, never as a text per row."""

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Columns:
    """The rows of one table; a column that the files do not have is unknown throughout."""

    table: pa.Table

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def column(self, name: str) -> pa.ChunkedArray:
        if name in self.table.column_names:
            return self.table.column(name)
        return pa.chunked_array([pa.nulls(len(self), pa.string())])

    def words(self, name: str, words: Sequence[str]) -> Small:
        """Which of `words` each row says."""
        column = pc.cast(self.column(name), pa.string())
        found = pc.fill_null(pc.index_in(column, pa.array(words, pa.string())), -1)
        return _small(found)

    def truths(self, name: str) -> Small:
        column = self.column(name)
        if not pa.types.is_boolean(column.type):
            column = pc.cast(column, pa.bool_())
        return _small(pc.fill_null(pc.cast(column, pa.int8()), -1))

    def reals(self, name: str) -> Real:
        column = pc.cast(self.column(name), pa.float64())
        return _values(pc.fill_null(column, float("nan"))).astype(np.float64)

    def instants(self, name: str) -> Int:
        """Seconds of UTC."""
        column = self.column(name)
        if pa.types.is_null(column.type) or pa.types.is_string(column.type):
            column = pc.cast(column, pa.timestamp("us", tz="UTC"))
        whole = pc.cast(column, pa.timestamp("s", tz="UTC"), safe=False)
        return _whole(pc.fill_null(pc.cast(whole, pa.int64()), MISSING))

    def moments(self, name: str, precision: str | None = None) -> tuple[Int, Bool]:
        """Seconds of UTC, and whether only the day is known (it then begins at that second)."""
        column = self.column(name)
        if pa.types.is_date(column.type):
            days = pc.cast(pc.cast(column, pa.date32()), pa.int32())
            known = _whole(pc.fill_null(pc.cast(days, pa.int64()), MISSING))
            day = known != MISSING
            return np.where(day, start_of(1) + (known - 1) * 86_400, MISSING), day
        said = self.words(precision or f"{name}_precision", ("day",)) == 0
        if pa.types.is_timestamp(column.type):
            return self.instants(name), said
        read = [_moment(text) for text in pc.cast(column, pa.string()).to_pylist()]
        seconds = np.array([second for second, _ in read], dtype=np.int64)
        return seconds, said | np.array([day for _, day in read], dtype=np.bool_)

    def dates(self, name: str) -> Int:
        """Local days counted from 1970-01-01."""
        days = pc.cast(pc.cast(self.column(name), pa.date32()), pa.int32())
        return _whole(pc.fill_null(pc.cast(days, pa.int64()), MISSING))

    def texts(self, name: str) -> list[str | None]:
        told: list[str | None] = pc.cast(self.column(name), pa.string()).to_pylist()
        return told


@dataclass(frozen=True)
class Keys:
    """Every key of one kind, sorted; its code is its place among them."""

    names: pa.Array

    def __len__(self) -> int:
        return len(self.names)

    @staticmethod
    def of(columns: Iterable[pa.ChunkedArray]) -> Keys:
        """Of columns that may come one after the other: no more than the keys is kept of them."""
        names = pa.array([], pa.string())
        for column in columns:
            found = pc.unique(pc.cast(_dictionary(column)[0], pa.string()))
            new = pc.and_(pc.is_valid(found), pc.is_null(pc.index_in(found, names)))
            names = pa.concat_arrays([names, found.filter(new)])
        return Keys(names.take(pc.array_sort_indices(names)))

    def codes(self, column: pa.ChunkedArray) -> Int:
        dictionary, indices = _dictionary(column)
        place = pc.fill_null(pc.index_in(pc.cast(dictionary, pa.string()), self.names), -1)
        known = np.append(_whole(place), -1)  # what has no key comes last
        return known[indices]

    def name(self, code: int) -> str:
        return str(self.names[code].as_py())


def read_table(folder: Path, name: str) -> Columns:
    """The rows of all files of a table; none where there is no file."""
    parts = [part.table for part in read_parts(folder, name)]
    return Columns(pa.concat_tables(parts, promote_options="permissive") if parts else pa.table({}))


def read_parts(folder: Path, name: str, columns: list[str] | None = None) -> Iterator[Columns]:
    """The file `name.parquet`, or each file of the folder `name`. `columns`: None: all."""
    single = folder / f"{name}.parquet"
    for path in [single] if single.is_file() else sorted((folder / name).glob("*.parquet")):
        try:
            wanted = columns and [c for c in columns if c in pq.read_schema(path).names]
            yield Columns(
                pq.read_table(path, columns=wanted, read_dictionary=_KEYS, partitioning=None)
            )
        except (OSError, pa.ArrowException) as fault:
            raise DataError(
                f"{path} is not a Parquet file that can be read",
                f"{path} 不是可读取的 Parquet 文件",
            ) from fault


def _dictionary(column: pa.ChunkedArray) -> tuple[pa.Array, Int]:
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    column = column.unify_dictionaries()
    if not column.num_chunks:
        return pa.array([], pa.string()), np.zeros(0, np.int64)
    dictionary = column.chunk(0).dictionary
    parts = [
        _whole(pc.fill_null(pc.cast(chunk.indices, pa.int64()), -1)) for chunk in column.chunks
    ]
    return dictionary, np.concatenate(parts)


def _small(column: pa.Array) -> Small:
    return _values(column).astype(np.int8)


def _whole(column: pa.Array) -> Int:
    return _values(column).astype(np.int64)


def _values(column: pa.Array) -> NDArray[Any]:
    if isinstance(column, pa.ChunkedArray):
        return np.asarray(column.to_numpy())
    return np.asarray(column.to_numpy(zero_copy_only=False))


def _moment(text: str | None) -> tuple[int, bool]:
    if text is None:
        return MISSING, False
    if len(text) == len("2022-07-01"):
        return start_of(date.fromisoformat(text).toordinal() - _EPOCH), True
    return int(datetime.fromisoformat(text).timestamp()), False
