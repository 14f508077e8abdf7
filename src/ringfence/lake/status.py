"""What a home holds, in figures; and one copy of each current row as plain Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ringfence.errors import UsageError
from ringfence.lake import catalog
from ringfence.lake.catalog import Delivery, DerivedFile
from ringfence.lake.compaction import compact
from ringfence.lake.durable import storage_faults
from ringfence.lake.home import Home
from ringfence.records import TABLES


@dataclass(frozen=True)
class TableStatus:
    """`rows` counts delivered rows that count, older versions too; `fresh` ones are unsorted."""

    table: str
    batches: int
    withdrawn: int
    rows: int
    fresh_batches: int
    fresh_rows: int
    sorted_rows: int
    bytes: int


@dataclass(frozen=True)
class BatchStatus:
    batch: str
    sequence: int
    table: str
    source: str
    file: str
    received_at: datetime
    rows: int
    withdrawn: bool

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "received_at": self.received_at.isoformat()}


@dataclass(frozen=True)
class Status:
    root: Path
    zone: str
    jurisdiction: str
    synthetic: bool
    format_version: int
    sequence: int
    tables: tuple[TableStatus, ...]
    batches: tuple[BatchStatus, ...]
    tombstones: int
    files_waiting: int

    def as_json(self) -> dict[str, Any]:
        return {
            **vars(self),
            "root": str(self.root),
            "tables": [asdict(table) for table in self.tables],
            "batches": [batch.as_json() for batch in self.batches],
        }


def status_from_json(told: Mapping[str, Any]) -> Status:
    """KeyError, TypeError, ValueError: it was not made by `as_json`."""
    batches = (
        BatchStatus(**{**one, "received_at": datetime.fromisoformat(one["received_at"])})
        for one in told["batches"]
    )
    tables = tuple(TableStatus(**one) for one in told["tables"])
    root = Path(told["root"])
    return Status(**{**told, "root": root, "tables": tables, "batches": tuple(batches)})


def status(home: Home) -> Status:
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        sequence = catalog.last_sequence(connection)
        delivered = catalog.deliveries(connection, sequence)
        gone = catalog.withdrawn(connection, sequence)
        generations = catalog.generations(connection)
        derived = catalog.derived_files(connection)
        (tombstones,) = connection.execute(
            "SELECT coalesce(sum(keys), 0) FROM tombstones"
        ).fetchone()
        waiting = len(catalog.retired(connection))
    tables = tuple(
        _table_status(
            [d for d in delivered if d.table_name == name],
            [f for f in derived if f.table_name == name],
            gone,
            generations.get(name, 0),
        )
        for name in TABLES
        if any(d.table_name == name for d in delivered)
    )
    return Status(
        root=home.root,
        zone=home.zone,
        jurisdiction=home.jurisdiction,
        synthetic=home.synthetic,
        format_version=home.format_version,
        sequence=sequence,
        tables=tables,
        batches=tuple(_batch_status(d, d.batch in gone) for d in delivered),
        tombstones=tombstones,
        files_waiting=waiting,
    )


def _table_status(
    delivered: list[Delivery], derived: list[DerivedFile], gone: frozenset[str], base: int
) -> TableStatus:
    live = [d for d in delivered if d.batch not in gone]
    fresh = [d for d in live if d.sequence > base]
    return TableStatus(
        table=delivered[0].table_name,
        batches=len(delivered),
        withdrawn=len(delivered) - len(live),
        rows=sum(d.rows for d in live),
        fresh_batches=len(fresh),
        fresh_rows=sum(d.rows for d in fresh),
        sorted_rows=sum(f.rows for f in derived if f.copy == 0),
        bytes=sum(d.bytes for d in delivered) + sum(f.bytes for f in derived),
    )


def _batch_status(delivery: Delivery, withdrawn: bool) -> BatchStatus:
    return BatchStatus(
        batch=delivery.batch,
        sequence=delivery.sequence,
        table=delivery.table_name,
        source=delivery.source,
        file=delivery.file_name,
        received_at=catalog.moment(delivery.received_at),
        rows=delivery.rows,
        withdrawn=withdrawn,
    )


def files(home: Home, table: str) -> tuple[Path, ...]:
    """Plain Parquet files that hold each current row of a table once, for any other program.

    Compacts first, so that they are complete. They stay until a later compaction replaces them.
    """
    if table not in TABLES:
        raise UsageError(
            f"there is no table {table!r}; there are: {', '.join(TABLES)}",
            f"没有数据表 {table!r}；可用：{'、'.join(TABLES)}",
        )
    compact(home, [table])
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        derived = catalog.derived_files(connection, table)
    return tuple(home.root / file.path for file in derived if file.copy == 0)
