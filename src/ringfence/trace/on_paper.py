"""Small tables written by hand as a snapshot: for worked cases and specifications."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.engines.snapshot import Batch, Snapshot, TableFiles
from ringfence.errors import DataError
from ringfence.records import TABLES
from ringfence.sources import read_text


@dataclass(frozen=True)
class PaperTable:
    """Rows of one canonical table as text, told by one source."""

    table: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    source: str


def snapshot_on_paper(
    tables: Iterable[PaperTable], folder: Path, *, zone: str, jurisdiction: str, as_of: datetime
) -> Snapshot:
    """Everything known, in the order given; `folder` takes the files. DataError: a refused row."""
    files: dict[str, list[Path]] = {}
    batches: dict[str, Batch] = {}
    for number, told in enumerate(tables, start=1):
        batch = f"{number:064x}"
        path = folder / f"{number}-{told.table}.parquet"
        _write(told, batch, path, zone, as_of)
        files.setdefault(told.table, []).append(path)
        name = f"{told.source}.csv"
        batches[batch] = Batch(batch, number, told.table, told.source, name, as_of)
    return Snapshot(
        sequence=len(batches),
        as_of=as_of,
        zone=zone,
        jurisdiction=jurisdiction,
        synthetic=True,
        tables={
            table: TableFiles(table, fresh=tuple(paths), replacing=True)
            for table, paths in files.items()
        },
        batches=batches,
    )


def _write(told: PaperTable, batch: str, path: Path, zone: str, as_of: datetime) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([told.columns, *told.rows])
    rows, rejects = read_text(told.table, text.getvalue(), zone, as_of)
    if rejects:
        first = rejects[0]
        raise DataError(
            en=f"{told.table}, row {first.row}, {first.field}: {first.reason.en}",
            zh=f"{told.table} 第 {first.row} 行 {first.field}：{first.reason.zh}",
        )
    columns: Mapping[str, pa.Array] = {
        **{name: rows[name] for name in rows.column_names},
        "source": pa.array([told.source] * rows.num_rows, pa.string()),
        "batch": pa.array([batch] * rows.num_rows, pa.string()),
    }
    pq.write_table(pa.table(columns).select(TABLES[told.table].schema.names), path)
