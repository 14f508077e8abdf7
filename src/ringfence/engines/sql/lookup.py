"""Finds the rows of a few keys in sorted, memory-mapped files: no scan, whatever their size."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

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
        keys = self.rows.column(column)
        _, offsets, text = keys.buffers()
        self._offsets = memoryview(offsets).cast("i")
        self._text = memoryview(text) if text is not None else memoryview(b"")

    def between(self, key: bytes) -> tuple[int, int]:
        """First row of the key, and the row after its last."""
        return self._first(key, after=False), self._first(key, after=True)

    def _first(self, key: bytes, *, after: bool) -> int:
        low, high = 0, self.rows.num_rows
        offsets, text = self._offsets, self._text
        while low < high:
            middle = (low + high) // 2
            found = bytes(text[offsets[middle] : offsets[middle + 1]])
            if found < key or (after and found == key):
                low = middle + 1
            else:
                high = middle
        return low


def rows_of(
    files: Sequence[SortedFile], column: str, wanted: Mapping[str, Days | None], schema: pa.Schema
) -> pa.Table:
    """Rows whose `column` is a key of `wanted`, of the days it names (None: all).

    Files without a day are always searched.
    """
    asked = _keys_of_files(files, wanted)
    found: list[pa.Table] = []
    for file in files:
        if keys := asked.get(file.day):
            found += _slices(_opened(file.path, column), keys, schema)
    return pa.concat_tables(found).combine_chunks() if found else schema.empty_table()


def _keys_of_files(
    files: Sequence[SortedFile], wanted: Mapping[str, Days | None]
) -> Mapping[date | None, list[bytes]]:
    """For each day that has a file, the keys to look up in it, in order."""
    days = sorted(file.day for file in files if file.day is not None)
    asked: defaultdict[date | None, list[bytes]] = defaultdict(list)
    for key, spans in sorted(wanted.items()):
        text = key.encode()
        asked[None].append(text)
        for first, last in spans if spans is not None else ((date.min, date.max),):
            for day in days[bisect_left(days, first) : bisect_right(days, last)]:
                if not asked[day] or asked[day][-1] != text:
                    asked[day].append(text)
    return asked


def _slices(mapped: MappedRows, keys: Iterable[bytes], schema: pa.Schema) -> list[pa.Table]:
    ranges = [mapped.between(key) for key in keys]
    slices = [mapped.rows.slice(low, high - low) for low, high in ranges if low < high]
    return [pa.Table.from_batches(slices).combine_chunks().cast(schema)] if slices else []


@lru_cache(maxsize=_OPEN_FILES)
def _opened(path: Path, column: str) -> MappedRows:
    return MappedRows(path, column)
