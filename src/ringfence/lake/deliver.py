"""Taking a delivery in: staged as it is read, acknowledged by one catalog transaction.

Until that transaction nothing of a delivery can be seen, and whatever is left over when its
process is killed is swept by the next writer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.errors import DataError, Text, UsageError
from ringfence.lake import catalog, imports_catalog
from ringfence.lake.durable import storage_faults
from ringfence.lake.home import Home
from ringfence.lake.leases import workplace, writer
from ringfence.lake.receipt import Receipt, Reject, receipt_from_json
from ringfence.lake.rows import RejectFile, RowFile
from ringfence.lake.settling import Origin, Settled, settle, stored
from ringfence.records import TABLES


def known_batch(home: Home, batch: str) -> Receipt | None:
    """The stored receipt, if this batch was delivered before; refused while it is withdrawn."""
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        delivery = catalog.delivery_of(connection, batch)
        if delivery is None:
            return None
        if batch in catalog.withdrawn(connection, catalog.last_sequence(connection)):
            raise withdrawn_before(batch)
    return receipt_from_json(json.loads(delivery.receipt)).replay()


def withdrawn_before(batch: str) -> DataError:
    return DataError(
        f"batch {batch[:12]} was withdrawn and is not taken again;"
        f" use `ringfence lake reinstate {batch[:12]} --reason …`",
        f"批次 {batch[:12]} 已撤回，不能再次导入；"
        f"请使用 `ringfence lake reinstate {batch[:12]} --reason …` 恢复",
    )


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

    def commit(
        self,
        now: datetime,
        rows_in: int,
        dry_run: bool = False,
        *,
        parts: Mapping[int, str] | None = None,
        told: int = 0,
        unread: tuple[str, ...] = (),
        open_end: bool = False,
    ) -> Receipt:
        """Acknowledge the delivery: on return it is durable, and it counts from now on.

        `parts`: names of the tables within the file, where it has several. `told`: how many
        statements of identity went to the vault. `unread`: sheets with values that were not read.
        `open_end`: it is a stream that may have been cut.
        """
        with storage_faults():
            self._rows.close()
            self._rejects.close()
            with writer(self._home):
                earlier = known_batch(self._home, self._origin.batch)
                if earlier is not None:
                    return earlier
                receipt, settled = self._settle(now.astimezone(UTC), rows_in, dry_run)
                receipt = replace(
                    receipt, parts=parts or {}, told=told, unread=unread, open_end=open_end
                )
                if not dry_run:
                    self._acknowledge(receipt, settled)
                return receipt

    def _settle(self, now: datetime, rows_in: int, dry_run: bool) -> tuple[Receipt, Settled]:
        outcome = settle(self._home, self._folder, [(self._origin, self._rows)])
        (settled,) = outcome.tables
        counts = settled.counts
        receipt = Receipt(
            batch=self._origin.batch,
            table=self._origin.table.name,
            source=self._origin.source,
            file=self._origin.file_name,
            sequence=outcome.last + 1,
            received_at=now,
            rows_in=rows_in,
            created=counts.created,
            updated=counts.updated,
            unchanged=counts.unchanged,
            merged=counts.merged,
            quarantined=self._rejects.rows,
            purged=settled.purged,
            unresolved_subjects=settled.nowhere[0],
            unresolved_places=settled.nowhere[1],
            dry_run=dry_run,
            rejects=self._rejects.listed,
        )
        receipt.check()
        return receipt, settled

    def _acknowledge(self, receipt: Receipt, settled: Settled) -> None:
        refused = self._rejects.path if receipt.quarantined else None
        delivery = stored(self._home, settled, receipt, refused)
        with catalog.writing(self._home.catalog) as connection:
            catalog.record_act(connection, "deliver", receipt.received_at, receipt.batch)
            catalog.record_delivery(connection, delivery)
            if receipt.parts:
                imports_catalog.prepare(connection)
                imports_catalog.record_parts(connection, receipt.batch, receipt.parts)


def rejects(home: Home, batch: str) -> Iterator[Reject]:
    """All quarantined rows of a delivery or import, in the order they were refused."""
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        found = catalog.delivery_of(connection, batch) or imports_catalog.import_of(
            connection, batch
        )
    if found is None or found.rejects_path is None:
        return
    path = home.root / found.rejects_path
    with storage_faults(path), pq.ParquetFile(path) as file:
        for part in file.iter_batches():
            for row in part.to_pylist():
                yield Reject(row["row"], row["field"], Text(row["reason"], row["reason_zh"]))
