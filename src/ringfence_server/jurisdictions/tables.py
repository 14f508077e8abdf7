"""A table that somebody delivers, in the canonical form of files, read to rows or to faults.

All of it is taken or none: what is wrong is told by row and field, never by the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import pyarrow as pa

from ringfence.errors import DataError, Text
from ringfence.records import Table
from ringfence.sources.delivered import Delivered, size_of
from ringfence.sources.frame import Frame
from ringfence.sources.raw.canonical import read_canonical
from ringfence.sources.rows import Chunk, check

SHOWN = 10
"""How many faults a message names."""


@dataclass(frozen=True)
class Fault:
    row: int
    field: str
    reason: Text


def read_table(
    table: Table, file: BinaryIO, name: str, at: datetime
) -> Iterator[tuple[list[dict[str, Any]], list[Fault]]]:
    """Rows piece by piece, each with its `row`, and the faults of the piece. CSV, Parquet, xlsx …;
    DataError where the file is none of these, or its header is another table's.
    """
    frame = Frame(ZoneInfo("UTC"), at)
    delivered = Delivered(file, name, size_of(file))
    canonical = read_canonical(delivered, table, lambda _: None)
    if len(canonical.parts) > 1:
        raise DataError(
            f"{name}: one table at a time, not an archive of several",
            f"{name}：一次只能导入一个表，不能是含多个文件的压缩包",
        )
    for chunk in canonical.chunks:
        checked = check(table, chunk, frame)
        rows = checked.accepted.rename_columns(
            ["row" if one == "source_row" else one for one in checked.accepted.schema.names]
        ).to_pylist()
        yield rows, [Fault(one.row, one.field, one.reason) for one in checked.rejects]


def checked_row(table: Table, told: Mapping[str, str]) -> dict[str, Any]:
    """One row that a form told, by the same rules. DataError: the field is named."""
    columns = {name: pa.array([text], pa.string()) for name, text in told.items()}
    epoch = datetime(1970, 1, 1, tzinfo=UTC)  # no column of these tables is a time
    checked = check(table, Chunk(columns, pa.array([1], pa.int64())), Frame(ZoneInfo("UTC"), epoch))
    for one in checked.rejects:
        raise DataError(f"{one.field}: {one.reason.en}", f"{one.field}：{one.reason.zh}")
    return {**checked.accepted.to_pylist()[0], "row": 1}


def refused(name: str, faults: Sequence[Fault]) -> DataError:
    """Nothing was taken, and why."""
    shown = sorted(faults, key=lambda fault: fault.row)[:SHOWN]
    en = "; ".join(f"row {one.row}{_of(one.field, ', ')}: {one.reason.en}" for one in shown)
    zh = "；".join(f"第 {one.row} 行{_of(one.field, ' ')}：{one.reason.zh}" for one in shown)
    more = len(faults) - len(shown)
    return DataError(
        f"{name}: nothing was taken. {en}{f'; and {more} more' if more else ''}",
        f"{name}：未导入任何数据。{zh}{f'；另有 {more} 处' if more else ''}",
    )


def _of(field: str, before: str) -> str:
    return f"{before}{field}" if field else ""
