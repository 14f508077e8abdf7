"""Finds the rows of a few keys in sorted, memory-mapped files: no scan, whatever their size."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.engines.snapshot import SortedFile
from ringfence.errors import StorageError

_OPEN_FILES = 4096
Days = tuple[tuple[date, date], ...]
"""Spans of days, first and last day included."""


class MappedRows:
    """One file's rows, sorted by the bytes of `column`."""

    def __init__(self, path: Path, column: str) -> None:
        try:
            reader = pa.ipc.open_file(pa.memory_map(str(path)))
            self.rows: pa.RecordBatch = reader.get_batch(0)
        except (pa.ArrowInvalid, OSError) as fault:
            raise StorageError(
                f"{path.name} of the lake cannot be read; `ringfence lake verify --repair` "
                "makes it again",
                f"数据湖文件 {path.name} 无法读取；可运行 `ringfence lake verify --repair` 重建",
            ) from fault
        self._keys = self.rows.column(column)

    def of(self, keys: pa.Array) -> Iterator[pa.RecordBatch]:
        """The rows of each key that there is."""
        first = pc.search_sorted(self._keys, keys, side="left").to_pylist()
        after = pc.search_sorted(self._keys, keys, side="right").to_pylist()
        for low, high in zip(first, after, strict=True):
            if low < high:
                yield self.rows.slice(low, high - low)


def rows_of(
    files: Sequence[SortedFile], column: str, wanted: Mapping[str, Days | None], schema: pa.Schema
) -> pa.Table:
    """Rows whose `column` is a key of `wanted`, of the days it names (None: all).

    Files without a day are always searched.
    """
    asked = _keys_of_files(files, wanted)
    found: list[pa.RecordBatch] = []
    for file in files:
        if keys := asked.get(file.day):
            found += _opened(file.path, column).of(pa.array(keys, pa.string()))
    if not found:
        return schema.empty_table()
    return pa.Table.from_batches(found).combine_chunks().cast(schema)


def _keys_of_files(
    files: Sequence[SortedFile], wanted: Mapping[str, Days | None]
) -> Mapping[date | None, list[str]]:
    """For each day that has a file, the keys to look up in it."""
    days = sorted(file.day for file in files if file.day is not None)
    asked: defaultdict[date | None, list[str]] = defaultdict(list)
    for key, spans in wanted.items():
        asked[None].append(key)
        for first, last in spans if spans is not None else ((date.min, date.max),):
            for day in days[bisect_left(days, first) : bisect_right(days, last)]:
                if not asked[day] or asked[day][-1] != key:
                    asked[day].append(key)
    return asked


@lru_cache(maxsize=_OPEN_FILES)
def _opened(path: Path, column: str) -> MappedRows:
    return MappedRows(path, column)
