"""Writes the tables of a small world as the lake would: compacted files and fresh deliveries."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.engines.snapshot import Batch, Snapshot, SortedFile, TableFiles
from ringfence.records import INSTANT, TABLES, Table

Row = dict[str, Any]

COMPILED = "RINGFENCE_TESTS_COMPILED"
"""Variable: the folder in which small worlds keep compiled expressions, as a home does."""

DAY = 86_400
RECEIVED = datetime(2022, 7, 19, tzinfo=UTC)
LOOKED_UP_BY: Mapping[str, tuple[str, ...]] = {
    "presence": ("subject", "place"),
    "event": ("subject", "place"),
    "encounter": ("subject_a", "subject_b"),
    "link": ("subject_a", "subject_b"),
    "sighting": ("vehicle", "place"),
}


@dataclass(frozen=True)
class SmallWorld:
    """What was delivered. Each row also says by which `source` and in which `delivery` (0, 1, 2).

    Instants are whole seconds since 1970. Deliveries before `compacted` are in compacted files.
    `replacing`: rows that a later delivery replaces are still there, as they are in a lake that has
    not compacted its latest deliveries.
    """

    tables: Mapping[str, tuple[Row, ...]]
    as_of: int
    zone: str
    compacted: int
    replacing: bool


def snapshot_of(world: SmallWorld, folder: Path) -> Snapshot:
    batches: dict[str, Batch] = {}
    tables = {
        name: _write(world, TABLES[name], stored, folder)
        for name, rows in world.tables.items()
        if (stored := _with_lineage(name, rows, batches))
    }
    return Snapshot(
        sequence=len(batches),
        as_of=datetime.fromtimestamp(world.as_of, UTC),
        zone=world.zone,
        jurisdiction="CN",
        synthetic=True,
        tables=tables,
        batches=batches,
        compiled=Path(os.environ[COMPILED]) if COMPILED in os.environ else None,
    )


def _with_lineage(table: str, rows: Iterable[Row], batches: dict[str, Batch]) -> list[Row]:
    """The rows in order of receipt, each with its batch and row number."""
    received: list[Row] = []
    counts: defaultdict[str, int] = defaultdict(lambda: 1)
    known: dict[tuple[int, str], str] = {}
    for row in sorted(rows, key=lambda row: (row["delivery"], row["source"])):
        delivery = (row["delivery"], row["source"])
        if delivery not in known:
            sequence = len(batches) + 1
            batch = known[delivery] = f"{sequence * 7919 % 997:064x}"
            batches[batch] = Batch(batch, sequence, table, row["source"], "file.csv", RECEIVED)
        batch = known[delivery]
        counts[batch] += 1
        received.append({**row, "batch": batch, "source_row": counts[batch]})
    return received


def _write(world: SmallWorld, table: Table, rows: list[Row], folder: Path) -> TableFiles:
    kept = rows if world.replacing else _current(table, rows)
    old = _current(table, [row for row in kept if row["delivery"] < world.compacted])
    fresh: defaultdict[str, list[Row]] = defaultdict(list)
    for row in kept:
        if row["delivery"] >= world.compacted:
            fresh[row["batch"]].append(row)
    columns = LOOKED_UP_BY.get(table.name, table.key[:1])
    return TableFiles(
        table.name,
        first=_sorted_files(table, old, folder, columns[0], "parquet"),
        lookups={
            column: _sorted_files(table, old, folder, column, f"{column}.arrow")
            for column in columns
            if old
        },
        fresh=tuple(
            _file(table, delivered, folder / f"{table.name}-{batch[-4:]}.parquet")
            for batch, delivered in fresh.items()
        ),
        replacing=world.replacing,
    )


def _current(table: Table, rows: list[Row]) -> list[Row]:
    latest = {(*(row[name] for name in table.key), row["source"]): row for row in rows}
    return list(latest.values())


def _sorted_files(
    table: Table, rows: list[Row], folder: Path, column: str, ending: str
) -> tuple[SortedFile, ...]:
    days: defaultdict[date | None, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: str(row[column]).encode()):
        days[_day(table, row)].append(row)
    return tuple(
        SortedFile(_file(table, held, folder / f"{table.name}-{day}.{ending}"), day, len(held))
        for day, held in days.items()
    )


def _day(table: Table, row: Row) -> date | None:
    """The UTC day of the start; None for rows without one, open-ended, or longer than a day."""
    start = row[table.starts] if table.starts else None
    end = row[table.ends] if table.ends else start
    if start is None or end is None or end - start > DAY:
        return None
    return datetime.fromtimestamp(start, UTC).date()


def _file(table: Table, rows: list[Row], path: Path) -> Path:
    instants = {field.name for field in table.schema if field.type == INSTANT}
    columns: dict[str, list[Any]] = {}
    for name in table.schema.names:
        values = [row.get(name) for row in rows]
        columns[name] = [_instant(v) for v in values] if name in instants else values
    written = pa.table(columns, schema=table.schema)
    if path.suffix == ".arrow":
        with pa.ipc.new_file(str(path), written.schema) as writer:
            writer.write_table(written)
    else:
        pq.write_table(written, path)
    return path


def _instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
