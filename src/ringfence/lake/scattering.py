"""Reading rows once and handing them out in groups of start days that fit in memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ringfence.lake.catalog import micros
from ringfence.lake.layout import BEFORE_ALL_DAYS, DAY, split_by_day
from ringfence.lake.rows import columns_of_few
from ringfence.records import Table

START_DAY = "start_day"

Days = Collection[int | None]

_ROWS_AT_ONCE = 1 << 20
_MOST_GROUPS = 64
_READ_AT_ONCE = 1 << 17


def grouped(days: dict[int | None, int]) -> list[list[int | None]]:
    """Neighbouring days together, so that a group is worth its file and fits in memory."""
    most = max(_ROWS_AT_ONCE, sum(days.values()) // (_MOST_GROUPS // 2))
    groups: list[list[int | None]] = [[]]
    rows = 0
    for day in sorted(days, key=lambda day: (day is None, day)):
        if groups[-1] and rows + days[day] > most:
            groups.append([])
            rows = 0
        groups[-1].append(day)
        rows += days[day]
    return groups


def read_days(
    table: Table, files: Sequence[Path], days: Days, *, others: bool = False
) -> Iterator[pa.RecordBatch]:
    """Rows that start on these days (or on all others), with their start day beside."""
    wanted = pa.array(list(days), pa.int32())
    for path in files:
        with pq.ParquetFile(path, read_dictionary=columns_of_few(table)) as file:
            groups = _row_groups(file, table, None if others else days)
            for batch in file.iter_batches(_READ_AT_ONCE, row_groups=groups):
                start_day = _start_day(batch, table)
                dated = batch.append_column(START_DAY, start_day)
                kept = pc.is_in(start_day, value_set=wanted)
                if others:
                    kept = pc.invert(kept)
                if kept.true_count:
                    yield dated if kept.true_count == len(kept) else dated.filter(kept)


def _start_day(rows: pa.RecordBatch, table: Table) -> pa.Array:
    if not split_by_day(table):
        return pa.nulls(rows.num_rows, pa.int32())
    since = pc.add(rows[table.starts].cast(pa.int64()), BEFORE_ALL_DAYS * DAY)
    return pc.subtract(pc.divide(since, DAY), BEFORE_ALL_DAYS).cast(pa.int32())


def _row_groups(file: pq.ParquetFile, table: Table, days: Days | None) -> list[int]:
    """Row groups that may hold a row that starts on one of the days."""
    count = file.metadata.num_row_groups
    if days is None or not split_by_day(table):
        return list(range(count))
    at = file.schema_arrow.get_field_index(table.starts)
    dated = sorted(day for day in days if day is not None)
    found = []
    for number in range(count):
        bounds = file.metadata.row_group(number).column(at).statistics
        if bounds is None or (None in days and bounds.null_count):
            found.append(number)
        elif bounds.has_min_max:
            first = bisect_left(dated, _day_of(bounds.min))
            if first < len(dated) and dated[first] <= _day_of(bounds.max):
                found.append(number)
    return found


def _day_of(moment: datetime) -> int:
    return micros(moment) // DAY


def scatter(
    folder: Path,
    rows: Iterator[pa.RecordBatch],
    schema: pa.Schema,
    groups: Sequence[Sequence[int | None]],
) -> Iterator[pa.Table]:
    """The rows of each group of days in turn. Rows wait in the folder, not in memory."""
    if len(groups) == 1:
        yield pa.Table.from_batches(rows, schema).unify_dictionaries()
        return
    days = pa.array([day for group in groups for day in group], pa.int32())
    group_of = pa.array([n for n, group in enumerate(groups) for _ in group], pa.int64())
    paths = [folder / f"group-{number}.arrows" for number in range(len(groups))]
    with ExitStack() as stack:
        writers = [stack.enter_context(pa.ipc.new_stream(path, schema)) for path in paths]
        for batch in rows:
            group = group_of.take(pc.index_in(batch[START_DAY], value_set=days))
            order = pc.sort_indices(group)
            sorted_rows = batch.take(order)
            at = 0
            for entry in pc.value_counts(group.take(order)).to_pylist():
                writers[entry["values"]].write_batch(sorted_rows.slice(at, entry["counts"]))
                at += entry["counts"]
    for path in paths:
        with pa.memory_map(str(path)) as file:
            waiting = pa.ipc.open_stream(file).read_all()
        path.unlink()
        yield waiting.unify_dictionaries()
