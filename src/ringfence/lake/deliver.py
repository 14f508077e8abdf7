"""Taking a delivery in: staged as it is read, acknowledged by one catalog transaction.

Until that transaction nothing of a delivery can be seen, and whatever is left over when its
process is killed is swept by the next writer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.errors import DataError, Text, UsageError
from ringfence.lake import catalog
from ringfence.lake.catalog import Delivery
from ringfence.lake.classification import Counts, Staged, classify, staged_rows, unresolved
from ringfence.lake.durable import move_durably, sha256, storage_faults, sync_file
from ringfence.lake.home import Home
from ringfence.lake.integrity import naming_damage
from ringfence.lake.leases import workplace, writer
from ringfence.lake.receipt import Receipt, Reject, receipt_from_json
from ringfence.lake.rows import RejectFile, RowFile, copy_without
from ringfence.lake.tombstones import Burial, burials, buried_rows
from ringfence.lake.workbench import Workbench, workbench
from ringfence.records import TABLES, Table

_REGISTERS = ("subject", "place")


@dataclass(frozen=True)
class Origin:
    """Where the rows of a delivery come from and where they belong."""

    table: Table
    source: str
    batch: str
    file_name: str


def known_batch(home: Home, batch: str) -> Receipt | None:
    """The stored receipt, if this batch was delivered before; refused while it is withdrawn."""
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        delivery = catalog.delivery_of(connection, batch)
        if delivery is None:
            return None
        if batch in catalog.withdrawn(connection, catalog.last_sequence(connection)):
            raise DataError(
                f"batch {batch[:12]} was withdrawn and is not taken again;"
                f" use `ringfence lake reinstate {batch[:12]} --reason …`",
                f"批次 {batch[:12]} 已撤回，不能再次导入；"
                f"请使用 `ringfence lake reinstate {batch[:12]} --reason …` 恢复",
            )
    return receipt_from_json(json.loads(delivery.receipt)).replay()


@contextmanager
def stage(home: Home, *, table: str, source: str, batch: str, file_name: str) -> Iterator[Staging]:
    """Open a delivery. Leaving the block without `commit` drops it."""
    if table not in TABLES:
        raise UsageError(
            f"there is no table {table!r}; there are: {', '.join(TABLES)}",
            f"没有数据表 {table!r}；可用：{'、'.join(TABLES)}",
        )
    with workplace(home) as folder:
        staging = Staging(home, Origin(TABLES[table], source, batch, file_name), folder)
        try:
            yield staging
        finally:
            staging.drop()


class Staging:
    """One delivery being read: rows and rejects go to files as they come."""

    def __init__(self, home: Home, origin: Origin, folder: Path) -> None:
        self._home = home
        self._origin = origin
        self._folder = folder
        self._rows = RowFile(
            folder / "rows.parquet", origin.table, {"source": origin.source, "batch": origin.batch}
        )
        self._rejects = RejectFile(folder / "rejects.parquet")

    def write(self, rows: pa.RecordBatch | pa.Table) -> None:
        """Append rows: the table's stored columns and `source_row`, in file order."""
        with storage_faults():
            self._rows.write(rows)

    def reject(self, row: int, field: str, reason: Text) -> None:
        """Quarantine a row; a row refused for several reasons counts once."""
        with storage_faults():
            self._rejects.add(Reject(row, field, reason))

    def drop(self) -> None:
        """Let go of the files; after `commit` there is nothing left to let go of."""
        for file in (self._rows, self._rejects):
            with suppress(OSError):
                file.close()

    def commit(self, now: datetime, rows_in: int, dry_run: bool = False) -> Receipt:
        """Acknowledge the delivery: on return it is durable, and it counts from now on."""
        with storage_faults():
            self._rows.close()
            self._rejects.close()
            with writer(self._home):
                earlier = known_batch(self._home, self._origin.batch)
                if earlier is not None:
                    return earlier
                return self._acknowledge(now.astimezone(UTC), rows_in, dry_run)

    def _acknowledge(self, now: datetime, rows_in: int, dry_run: bool) -> Receipt:
        table = self._origin.table
        with catalog.reading(self._home.catalog) as connection:
            last = catalog.last_sequence(connection)
            live = catalog.live(connection, last, table.name)
            registers = {name: catalog.live(connection, last, name) for name in _REGISTERS}
            graves = burials(connection, table.name)
        staged, counts, nowhere, purged = None, Counts(), (0, 0), 0
        if self._rows.count:
            stored = [*live, *registers["subject"], *registers["place"]]
            with (
                naming_damage(self._home, stored),
                workbench(self._home, self._folder) as bench,
            ):
                path, purged = self._without_buried(bench, graves)
                staged = staged_rows(bench, table, self._origin.source, path)
                counts = classify(bench, staged, live)
                nowhere = unresolved(bench, staged, registers)
        receipt = Receipt(
            batch=self._origin.batch,
            table=table.name,
            source=self._origin.source,
            file=self._origin.file_name,
            sequence=last + 1,
            received_at=now,
            rows_in=rows_in,
            created=counts.created,
            updated=counts.updated,
            unchanged=counts.unchanged,
            merged=counts.merged,
            quarantined=self._rejects.rows,
            purged=purged,
            unresolved_subjects=nowhere[0],
            unresolved_places=nowhere[1],
            dry_run=dry_run,
            rejects=self._rejects.listed,
        )
        if receipt.accepted + receipt.quarantined + receipt.purged != rows_in:
            raise ValueError("rows_in is not the sum of accepted, quarantined and purged rows")
        if not dry_run:
            self._store(receipt, staged)
        return receipt

    def _without_buried(self, bench: Workbench, graves: list[Burial]) -> tuple[Path, int]:
        if not graves:
            return self._rows.path, 0
        buried = buried_rows(bench, self._origin.table, self._rows.path, graves)
        if not len(buried):
            return self._rows.path, 0
        kept = self._folder / "kept.parquet"
        copy_without(self._rows.path, kept, self._origin.table, buried)
        return kept, len(buried)

    def _store(self, receipt: Receipt, staged: Staged | None) -> None:
        rows = staged.rows if staged else 0
        path = self._place(staged.path, "parquet") if staged and rows else None
        rejects = (
            self._place(self._rejects.path, "rejects.parquet") if receipt.quarantined else None
        )
        delivery = Delivery(
            sequence=receipt.sequence,
            batch=receipt.batch,
            table_name=receipt.table,
            source=receipt.source,
            file_name=receipt.file,
            received_at=catalog.micros(receipt.received_at),
            path=self._relative(path) if path else None,
            rows=rows,
            bytes=path.stat().st_size if path else 0,
            sha256=sha256(path) if path else None,
            first_start=staged.first if staged else None,
            last_start=staged.last if staged else None,
            undated=staged.undated if staged else 0,
            replaces=receipt.updated + receipt.unchanged > 0,
            rejects_path=self._relative(rejects) if rejects else None,
            rejects_sha256=sha256(rejects) if rejects else None,
            receipt=json.dumps(receipt.as_json(), ensure_ascii=False),
        )
        with catalog.writing(self._home.catalog) as connection:
            catalog.record_act(connection, "deliver", receipt.received_at, receipt.batch)
            catalog.record_delivery(connection, delivery)

    def _place(self, staged: Path, suffix: str) -> Path:
        folder = self._home.deliveries / self._origin.table.name
        target = folder / f"{self._origin.batch}.{suffix}"
        sync_file(staged)
        move_durably(staged, target)
        return target

    def _relative(self, path: Path) -> str:
        return path.relative_to(self._home.root).as_posix()


def rejects(home: Home, batch: str) -> Iterator[Reject]:
    """All quarantined rows of a batch, in the order they were refused."""
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        delivery = catalog.delivery_of(connection, batch)
    if delivery is None or delivery.rejects_path is None:
        return
    path = home.root / delivery.rejects_path
    with storage_faults(path), pq.ParquetFile(path) as file:
        for part in file.iter_batches():
            for row in part.to_pylist():
                yield Reject(row["row"], row["field"], Text(row["reason"], row["reason_zh"]))
