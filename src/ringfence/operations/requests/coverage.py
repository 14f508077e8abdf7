"""Whether an answer keeps to what was asked: rows of other times and places are counted."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ringfence.lake import Home
from ringfence.lake.catalog import Delivery
from ringfence.lake.durable import storage_faults
from ringfence.operations.requests.model import Coverage, Scope
from ringfence.records import TABLES


def coverage(home: Home, deliveries: Iterable[Delivery], scope: Scope) -> Coverage:
    """Of the rows of the tables asked for; other tables of the delivery only describe them."""
    rows = beyond = 0
    for delivery in deliveries:
        if delivery.path is None or delivery.table_name not in scope.tables:
            continue
        path = home.root / delivery.path
        with storage_faults(path):
            file = pq.ParquetFile(path)
            columns = [name for name in _judged(delivery.table_name) if name in file.schema.names]
            for part in file.iter_batches(columns=columns or None):
                rows += part.num_rows
                beyond += part.num_rows - pc.sum(_within(part, delivery.table_name, scope)).as_py()
    return Coverage(rows, beyond)


def _judged(table: str) -> list[str]:
    found = TABLES[table]
    return [name for name in (found.starts, found.ends, "place", "service") if name is not None]


def _within(rows: pa.RecordBatch, table: str, scope: Scope) -> pa.BooleanArray:
    """A row without a time, place or service of its own is not judged by it."""
    columns = dict(zip(rows.schema.names, rows.columns, strict=True))
    inside = pa.array([True] * rows.num_rows, pa.bool_())
    starts, ends = (columns.get(name or "") for name in (TABLES[table].starts, TABLES[table].ends))
    if starts is not None:
        before_end = pc.less(starts, pa.scalar(scope.end, starts.type))
        last = starts if ends is None else pc.coalesce(ends, pa.scalar(scope.end, starts.type))
        begin = pa.scalar(scope.start, starts.type)
        after_begin = (pc.greater_equal if ends is None else pc.greater)(last, begin)
        inside = pc.and_(inside, pc.fill_null(pc.and_(before_end, after_begin), True))
    for name, asked in (("place", scope.places), ("service", scope.services)):
        if asked and name in columns:
            there = pc.is_in(columns[name], pa.array(asked, pa.string()))
            inside = pc.and_(inside, pc.or_(there, pc.is_null(columns[name])))
    return inside
