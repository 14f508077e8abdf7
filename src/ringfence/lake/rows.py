"""The files of a delivery while it is staged: its rows, and the rows that were refused."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ringfence.lake.receipt import LISTED_REJECTS, Reject
from ringfence.records import Kind, Table

ROW_GROUP = 1 << 17
_REJECTS_AT_ONCE = 1 << 14
ONE_OF_FEW = pa.dictionary(pa.int32(), pa.string())
_NAMES = ("source", "batch")
_REJECTS = pa.schema(
    [
        ("row", pa.int64()),
        ("field", pa.string()),
        ("reason", pa.string()),
        ("reason_zh", pa.string()),
    ]
)


class RowFile:
    """Rows of one delivery as Parquet; encoding runs beside the reader, one chunk ahead."""

    def __init__(self, path: Path, table: Table, constants: Mapping[str, str]) -> None:
        self.path = path
        self.count = 0
        self._table = table
        self._given = pa.schema([f for f in table.schema if f.name not in constants])
        self._constants = {name: pa.array([value]) for name, value in constants.items()}
        self._waiting: list[pa.Table] = []
        self._rows_waiting = 0
        self._writer: pq.ParquetWriter | None = None
        self._worker = ThreadPoolExecutor(1)
        self._encoding: Future[None] | None = None

    def write(self, rows: pa.RecordBatch | pa.Table) -> None:
        given = rows.select(self._given.names)
        if given.schema != self._given:
            given = given.cast(self._given)
        if isinstance(given, pa.RecordBatch):
            given = pa.Table.from_batches([given])
        self.count += given.num_rows
        self._waiting.append(given)
        self._rows_waiting += given.num_rows
        if self._rows_waiting >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        self._finish()
        if self._rows_waiting:
            rows = pa.concat_tables(self._waiting)
            self._waiting, self._rows_waiting = [], 0
            self._encoding = self._worker.submit(self._encode, rows)

    def _encode(self, rows: pa.Table) -> None:
        for name, value in self._constants.items():
            zeros = pa.repeat(pa.scalar(0, pa.int32()), rows.num_rows)
            column = pa.DictionaryArray.from_arrays(zeros, value)
            rows = rows.append_column(pa.field(name, ONE_OF_FEW), column)
        rows = rows.select(self._table.schema.names)
        if self._writer is None:
            self._writer = open_rows(self.path, rows.schema, self._table)
        self._writer.write_table(rows, ROW_GROUP)

    def _finish(self) -> None:
        encoding, self._encoding = self._encoding, None
        if encoding is not None:
            encoding.result()

    def close(self) -> None:
        try:
            self._flush()
            self._finish()
        finally:
            self._worker.shutdown()
            self._waiting, self._rows_waiting = [], 0
            writer, self._writer = self._writer, None
            if writer is not None:
                writer.close()


def open_rows(
    path: Path, schema: pa.Schema, table: Table, *, compression: str = "zstd"
) -> pq.ParquetWriter:
    """A Parquet file of stored rows; columns of few values may come as dictionaries."""
    return pq.ParquetWriter(
        path,
        schema,
        compression=compression,
        compression_level=1 if compression == "zstd" else None,
        use_dictionary=columns_of_few(table),
        store_schema=False,
    )


def columns_of_few(table: Table) -> list[str]:
    """Columns worth a dictionary: vocabularies and lineage. Keys differ too much to gain."""
    words = [c.name for c in table.lake_columns if c.kind is Kind.WORD]
    precisions = [c.stored[1][0] for c in table.lake_columns if c.kind is Kind.MOMENT]
    return [*words, *precisions, *_NAMES]


def rows_in_memory(rows: pa.Table, table: Table) -> pa.Table:
    """Rows in one piece, each dictionary with just the values that occur, in order.

    A file then holds the same bytes whichever larger set the rows were taken from.
    """
    columns = []
    for field in table.schema:
        column = rows[field.name].combine_chunks()
        if pa.types.is_dictionary(column.type):
            column = _tidied(column)
        columns.append(column)
    return pa.Table.from_arrays(columns, names=table.schema.names)


def _tidied(values: pa.DictionaryArray) -> pa.DictionaryArray:
    used = pc.unique(values.indices).drop_null()
    names = values.dictionary.take(used)
    order = pc.sort_indices(names)
    indices = pc.index_in(values.indices, value_set=used.take(order))
    return pa.DictionaryArray.from_arrays(indices.cast(pa.int32()), names.take(order))


def copy_without(source: Path, target: Path, table: Table, rows: pa.Array | pa.ChunkedArray) -> int:
    """Copy a delivery file without some rows (by source_row), in order; how many are left."""
    gone = rows.combine_chunks() if isinstance(rows, pa.ChunkedArray) else rows
    kept = 0
    with (
        pq.ParquetFile(source, read_dictionary=columns_of_few(table)) as old,
        open_rows(target, old.schema_arrow, table) as new,
    ):
        for part in old.iter_batches(batch_size=ROW_GROUP):
            left = part.filter(pc.invert(pc.is_in(part["source_row"], value_set=gone)))
            if left.num_rows:
                new.write_batch(left, ROW_GROUP)
            kept += left.num_rows
    return kept


class RejectFile:
    """Rows that were refused, with their reasons; only the first are kept in memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self.listed: tuple[Reject, ...] = ()
        self._waiting: list[Reject] = []
        self._writer: pq.ParquetWriter | None = None

    def add(self, reject: Reject) -> None:
        self._waiting.append(reject)
        if len(self._waiting) >= _REJECTS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        if self._writer is None:
            self._writer = pq.ParquetWriter(self.path, _REJECTS, compression="zstd")
        self.listed += tuple(waiting[: LISTED_REJECTS - len(self.listed)])
        columns = [
            pa.array([r.row for r in waiting], pa.int64()),
            pa.array([r.field for r in waiting], pa.string()),
            pa.array([r.reason.en for r in waiting], pa.string()),
            pa.array([r.reason.zh for r in waiting], pa.string()),
        ]
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=_REJECTS))

    def close(self) -> None:
        self._flush()
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
            self.rows = pc.count_distinct(pq.read_table(self.path, columns=["row"])["row"]).as_py()
