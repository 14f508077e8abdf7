"""Deliveries written as tables of text, and what a snapshot says when it is read plainly."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence import lake
from ringfence.engines.snapshot import Snapshot
from ringfence.errors import Text
from ringfence.records import INSTANT, LINEAGE, TABLES

BEGIN = datetime(2022, 7, 1, tzinfo=UTC)
FAULTY = Text("the end is not after the start", "结束不晚于开始")
_LINEAGE = tuple(name for name, _ in LINEAGE)

Row = tuple[Any, ...]


def new_home(root: Path) -> lake.Home:
    return lake.create_home(
        root, synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=BEGIN
    )


def read_rows(table: str, text: str) -> pa.Table:
    """Rows of a text table: the header names columns, `-` is empty, times are 2022 in UTC."""
    lines = [line.split() for line in text.strip().splitlines()]
    names, cells = lines[0], lines[1:]
    stored = [f for f in TABLES[table].schema if f.name not in ("source", "batch")]
    columns = []
    for field in stored:
        if field.name == "source_row":
            columns.append(pa.array(range(1, len(cells) + 1), pa.int64()))
        elif field.name in names:
            at = names.index(field.name)
            columns.append(pa.array([_value(row[at], field.type) for row in cells], field.type))
        else:
            columns.append(pa.nulls(len(cells), field.type))
    return pa.Table.from_arrays(columns, schema=pa.schema(stored))


def _value(cell: str, kind: pa.DataType) -> Any:
    if cell == "-":
        return None
    if kind == INSTANT:
        return datetime.fromisoformat(f"2022-{cell}+00:00")
    if pa.types.is_date(kind):
        return date.fromisoformat(f"2022-{cell}")
    if pa.types.is_boolean(kind):
        return cell == "true"
    if pa.types.is_floating(kind):
        return float(cell)
    return int(cell) if pa.types.is_integer(kind) else cell


def batch_id(table: str, source: str, name: str) -> str:
    return hashlib.sha256(f"{table} {source} {name}".encode()).hexdigest()


def deliver(
    home: lake.Home,
    table: str,
    source: str,
    text: str | pa.Table,
    *,
    name: str | None = None,
    now: datetime = BEGIN,
    dry_run: bool = False,
    faulty: Iterable[int] = (),
) -> lake.Receipt:
    """Deliver rows; those numbered in `faulty` come besides and are quarantined."""
    rows = text if isinstance(text, pa.Table) else read_rows(table, text)
    name = name if name is not None else str(text)
    batch = batch_id(table, source, name)
    earlier = lake.known_batch(home, batch)
    if earlier is not None:
        return earlier
    refused = list(faulty)
    with lake.stage(home, table=table, source=source, batch=batch, file_name="f.csv") as staging:
        for chunk in rows.to_batches(max_chunksize=1000):
            staging.write(chunk)
        for row in refused:
            staging.reject(row, "end", FAULTY)
        return staging.commit(now, rows.num_rows + len(refused), dry_run=dry_run)


def current(snapshot: Snapshot, table: str, *, lineage: bool = False) -> list[Row]:
    """Current rows of a table, read as the contract of TableFiles says: columns, then source."""
    files = snapshot.files(table)
    names = TABLES[table].schema.names
    key = TABLES[table].key
    rows = [row for file in files.first for row in pq.read_table(file.path).to_pylist()]
    rows += [row for path in files.fresh for row in pq.read_table(path).to_pylist()]
    in_first = [row for file in files.first for row in pq.read_table(file.path).to_pylist()]
    for lookup in files.lookups.values():
        found = [row for file in lookup for row in read_lookup(file.path).to_pylist()]
        assert _bare(found, names) == _bare(in_first, names)
    if files.replacing:
        last: dict[Row, dict[str, Any]] = {}
        for row in sorted(
            rows, key=lambda r: (snapshot.batches[r["batch"]].sequence, r["source_row"])
        ):
            last[(*(row[c] for c in key), row["source"])] = row
        rows = list(last.values())
    kept = names if lineage else [n for n in names if n not in ("batch", "source_row")]
    return _bare(rows, kept)


def read_lookup(path: Path) -> pa.RecordBatch:
    file = pa.ipc.open_file(path)
    assert file.num_record_batches == 1
    return file.get_batch(0)


def _bare(rows: list[dict[str, Any]], names: list[str]) -> list[Row]:
    return sorted((tuple(row[n] for n in names) for row in rows), key=repr)


def counts(receipt: lake.Receipt) -> dict[str, int]:
    """Only what is not zero, so that a test reads well."""
    names = ("created", "updated", "unchanged", "merged", "quarantined", "purged")
    return {n: getattr(receipt, n) for n in names if getattr(receipt, n)}


def brief(rows: Iterable[Row], *columns: int) -> list[str]:
    """Some columns of rows as short text; times as day and hour."""
    return [" ".join(_short(row[c]) for c in columns) for row in rows]


def _short(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%m-%dT%H}"
    return "-" if value is None else str(value)


def bytes_of(folder: Path) -> dict[str, str]:
    """Every file below a folder with the sum of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
