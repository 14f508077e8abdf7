"""The first rows of an unknown file, as columns that can be read as one kind or another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.sources.normalise import Setting, normalise
from ringfence.sources.raw.model import RawChunk

ROWS_LOOKED_AT = 5_000


@dataclass(frozen=True)
class Cells:
    """`columns`: as text, a null for an empty cell. `zone`: of times without an offset."""

    columns: Mapping[str, pa.StringArray]
    zone: ZoneInfo
    now: datetime

    @property
    def rows(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def filled(self, names: tuple[str, ...]) -> pa.BooleanArray:
        """Rows in which each of the columns has a value."""
        full = pc.is_valid(self.columns[names[0]])
        for name in names[1:]:
            full = pc.and_(full, pc.is_valid(self.columns[name]))
        return full

    def instants(self, names: tuple[str, ...], forms: tuple[str, ...] = ()) -> pa.Array:
        """The moments that the columns tell, one a row; null where they tell none."""
        texts = [pc.fill_null(self.columns[name], "") for name in names]
        joined = texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, " ")
        setting = Setting(zone=self.zone, now=self.now, forms=forms, may_come=True)
        read = normalise("datetime", pc.utf8_trim_whitespace(joined), setting).values
        return pc.if_else(self.filled(names), read, pa.scalar(None, pa.string()))


def first_filled(columns: Mapping[str, pa.StringArray], rows: range) -> Iterator[str]:
    """The first value of each row that has one."""
    for row in rows:
        cells = (values[row].as_py() for values in columns.values())
        filled = next((cell for cell in cells if cell), None)
        if filled is not None:
            yield filled


def first_rows(chunks: Iterator[RawChunk], names: tuple[str, ...]) -> dict[str, pa.StringArray]:
    gathered: dict[str, list[pa.Array]] = {name: [] for name in names if name.strip()}
    rows = 0
    for chunk in chunks:
        columns, count = chunk.columns, len(chunk.rows)
        for name, parts in gathered.items():
            cells = columns.get(name)
            parts.append(pa.nulls(count, pa.string()) if cells is None else cells)
        rows += count
        if rows >= ROWS_LOOKED_AT:
            break
    return {name: pa.concat_arrays(parts) for name, parts in gathered.items() if parts}
