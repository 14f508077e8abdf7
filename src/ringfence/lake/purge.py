"""Purge: evidence past its retention goes, and cannot come back.

A natural key is judged as a whole: it goes when every version of it, from every source, is past
its time and none is held. A row's time is its end, else its start. An open-ended row is not over;
it lasts at least until the receipt of the last delivery that still attests it, and so does a row
of a table without times. Everything a purge changes becomes visible in one catalog transaction:
files without the rows, tombstones, and the sorted files built from what is left. What it replaced
is deleted as soon as no reader can be using it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from ringfence.errors import StorageError, UsageError
from ringfence.lake import catalog
from ringfence.lake.catalog import Delivery, DerivedFile
from ringfence.lake.compaction import build_generation, place_files, plan_generation
from ringfence.lake.durable import move_durably, sha256, storage_faults, sync_file
from ringfence.lake.expiry import Expired, Hold, find_expired, remaining
from ringfence.lake.home import Home
from ringfence.lake.integrity import refuse_damaged
from ringfence.lake.leases import compactor, sweep, workplace, writer
from ringfence.lake.rows import copy_without
from ringfence.lake.tombstones import bury
from ringfence.records import TABLES, Table


@dataclass(frozen=True)
class PurgedTable:
    """What a purge did to one table. `found_again` is the proof: keys it removed and still found.

    `held_rows` are past their time and stay because something holds them.
    """

    table: str
    cutoff: datetime
    rows: int
    keys: int
    held_rows: int
    files_rewritten: int
    found_again: int

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "cutoff": self.cutoff.isoformat()}


@dataclass(frozen=True)
class PurgeReport:
    """`sequence` is None where nothing was past its time.

    `files_waiting`: replaced files that a reader still holds; the next writer deletes them.
    """

    sequence: int | None
    at: datetime
    tables: tuple[PurgedTable, ...]
    files_waiting: int

    def as_json(self) -> dict[str, Any]:
        return {
            "sequence": self.sequence,
            "at": self.at.isoformat(),
            "tables": [table.as_json() for table in self.tables],
            "files_waiting": self.files_waiting,
        }


def purge(
    home: Home, now: datetime, *, retention_days: Mapping[str, int], hold: Hold
) -> PurgeReport:
    """Remove what is past its retention in these tables, except what is held."""
    _refuse_unkept(retention_days)
    at = now.astimezone(UTC)
    cutoffs = {
        TABLES[name]: at - timedelta(days=days) for name, days in sorted(retention_days.items())
    }
    with storage_faults(), compactor(home), workplace(home) as folder, writer(home):
        expired = [
            found
            for table, cutoff in cutoffs.items()
            if (found := find_expired(home, folder, table, cutoff, hold)) is not None
        ]
        sequence = None
        if any(found.rows for found in expired):
            sequence = _Purge(home, folder, at, hold).run([e for e in expired if e.rows])
        sweep(home)
        with catalog.reading(home.catalog) as connection:
            waiting = len(catalog.retired(connection))
        tables = tuple(_proved(home, folder, found) for found in expired)
    return PurgeReport(sequence, at, tables, waiting)


def _refuse_unkept(retention_days: Mapping[str, int]) -> None:
    for name, days in retention_days.items():
        if name not in TABLES or TABLES[name].retention_days is None:
            names = [table.name for table in TABLES.values() if table.retention_days is not None]
            raise UsageError(
                f"table {name!r} has no retention; those that have: {', '.join(names)}",
                f"数据表 {name!r} 没有保存期限；有期限的表：{'、'.join(names)}",
            )
        if days < 1:
            raise UsageError(
                f"the retention of {name} must be at least one day",
                f"{name} 的保存期限至少为一天",
            )


def _proved(home: Home, folder: Path, found: Expired) -> PurgedTable:
    again = remaining(home, folder, found)
    if again:
        raise StorageError(
            f"{again} purged keys are still found in {found.table.name}: run `lake verify`",
            f"{found.table.name} 中仍有 {again} 个已清除的记录：请运行 `lake verify`",
        )
    return PurgedTable(
        table=found.table.name,
        cutoff=found.cutoff,
        rows=found.rows,
        keys=found.keys,
        held_rows=found.held_rows,
        files_rewritten=len(found.files),
        found_again=again,
    )


class _Purge:
    """One purge under both locks: all new files are in place before the transaction."""

    def __init__(self, home: Home, folder: Path, at: datetime, hold: Hold) -> None:
        self._home = home
        self._folder = folder
        self._at = at
        self._hold = hold

    def run(self, expired: list[Expired]) -> int:
        with catalog.reading(self._home.catalog) as connection:
            sequence = catalog.last_sequence(connection) + 1
        rewritten = {
            delivery.batch: self._rewritten(found.table, delivery, rows, sequence)
            for found in expired
            for delivery, rows in found.files
        }
        derived = {
            found.table.name: files
            for found in expired
            if (files := self._rebuilt(found, rewritten, sequence)) is not None
        }
        with catalog.writing(self._home.catalog) as connection:
            catalog.record_act(connection, "purge", self._at)
            self._publish(connection, rewritten)
            for found in expired:
                self._bury(connection, found, sequence)
            for name, files in derived.items():
                catalog.replace_generation(connection, name, sequence, files)
        return sequence

    def _rewritten(
        self, table: Table, delivery: Delivery, rows: pa.ChunkedArray, sequence: int
    ) -> Delivery:
        """The delivery without some rows, in a file of its own."""
        assert delivery.path is not None
        refuse_damaged(self._home, [delivery])
        new = self._folder / f"{delivery.batch}.parquet"
        left = copy_without(self._home.root / delivery.path, new, table, rows)
        if not left:
            return replace(delivery, path=None, rows=0, bytes=0, sha256=None)
        sync_file(new)
        path = f"{self._home.deliveries.name}/{table.name}/{delivery.batch}.{sequence}.parquet"
        size, digest = new.stat().st_size, sha256(new)
        move_durably(new, self._home.root / path)
        return replace(delivery, path=path, rows=left, bytes=size, sha256=digest)

    def _rebuilt(
        self, found: Expired, rewritten: Mapping[str, Delivery], sequence: int
    ) -> list[DerivedFile] | None:
        """Sorted files without the rows, where there were sorted files."""
        with catalog.reading(self._home.catalog) as connection:
            if found.table.name not in catalog.generations(connection):
                return None
            plan = plan_generation(self._home, connection, found.table.name, sequence)
        live = tuple(rewritten.get(d.batch, d) for d in plan.live)
        touched = tuple(rewritten.get(d.batch, d) for d in plan.touched)
        plan = replace(plan, live=live, touched=touched, only_added=False)
        generation = build_generation(self._home, self._folder, plan, also=found.days)
        return place_files(self._home, generation)

    def _publish(self, connection: sqlite3.Connection, rewritten: Mapping[str, Delivery]) -> None:
        before = (catalog.delivery_of(connection, batch) for batch in rewritten)
        catalog.retire(connection, [d.path for d in before if d and d.path])
        for delivery in rewritten.values():
            catalog.update_file(connection, delivery)

    def _bury(self, connection: sqlite3.Connection, found: Expired, sequence: int) -> None:
        bury(connection, sequence, found.table.name, found.digests, found.starts)
        connection.execute(
            "INSERT INTO purged (sequence, table_name, first, until, rows, held_cases)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                sequence,
                found.table.name,
                found.first,
                found.until,
                found.rows,
                json.dumps(sorted(self._hold.cases)),
            ),
        )
