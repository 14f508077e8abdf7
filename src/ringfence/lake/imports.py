"""Taking in a file that gives rows to several tables: all of them count from one moment on.

Each table's rows are a delivery of their own, with a batch made of the import's and the table's
name; the import is what is acknowledged, withdrawn and reinstated.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from ringfence.errors import Text
from ringfence.lake import catalog, imports_catalog
from ringfence.lake.deliver import withdrawn_before
from ringfence.lake.durable import sha256, storage_faults
from ringfence.lake.home import Home
from ringfence.lake.import_receipt import (
    ImportReceipt,
    Skipped,
    TableCount,
    import_receipt_from_json,
)
from ringfence.lake.imports_catalog import Import
from ringfence.lake.leases import workplace, writer
from ringfence.lake.receipt import Receipt, Reject
from ringfence.lake.rows import RejectFile, RowFile
from ringfence.lake.settling import (
    Origin,
    Outcome,
    Settled,
    place_file,
    relative,
    settle,
    stored,
)
from ringfence.lake.wordings import refuse_other_wording
from ringfence.records import TABLES

_DOMAIN = b"ringfence import 1\0"
_FOLDER = "import"


@dataclass(frozen=True)
class ImportOrigin:
    """Where a file comes from. `mapping`: its label. `mends`: the batch that it puts right.

    `wording`: the mapping's file.
    """

    batch: str
    mapping: str
    source: str
    file_name: str
    mends: str | None = None
    wording: bytes | None = None


@dataclass(frozen=True)
class Tally:
    """What the reader of a file counted; `repeated`: rows of a table that said nothing new.

    `content`: SHA-256 of the bytes alone, of a file that was read as it came.
    """

    rows_in: int
    accepted: int
    skips: tuple[Skipped, ...] = ()
    emptied: Mapping[str, int] | None = None
    repeated: Mapping[str, int] | None = None
    told: int = 0
    parts: Mapping[int, str] | None = None
    unread: tuple[str, ...] = ()
    open_end: bool = False
    content: str | None = None


def delivery_batch(batch: str, table: str) -> str:
    """The batch of the rows that an import gives to one table."""
    return hashlib.sha256(_DOMAIN + bytes.fromhex(batch) + table.encode()).hexdigest()


def known_import(home: Home, batch: str) -> ImportReceipt | None:
    """The stored receipt, if this was imported before; refused while it is withdrawn."""
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        taken = imports_catalog.import_of(connection, batch)
        if taken is None:
            return None
        if batch in catalog.withdrawn(connection, catalog.last_sequence(connection)):
            raise withdrawn_before(batch)
    return import_receipt_from_json(json.loads(taken.receipt)).replay()


@contextmanager
def stage_import(home: Home, origin: ImportOrigin) -> Iterator[ImportStaging]:
    """Open an import. Leaving the block without `commit` drops it."""
    with workplace(home) as folder:
        staging = ImportStaging(home, origin, folder)
        try:
            yield staging
        finally:
            staging.drop()


class ImportStaging:
    """One file being read: rows of each table and rejects go to files as they come."""

    def __init__(self, home: Home, origin: ImportOrigin, folder: Path) -> None:
        self._home = home
        self._origin = origin
        self._folder = folder
        self._rows: dict[str, RowFile] = {}
        self._rejects = RejectFile(folder / "rejects.parquet")

    def write(self, table: str, rows: pa.RecordBatch | pa.Table) -> None:
        """Append rows: the table's stored columns and `source_row`."""
        with storage_faults():
            if table not in self._rows:
                constants = {"source": self._origin.source, "batch": self._batch(table)}
                path = self._folder / f"{table}.parquet"
                self._rows[table] = RowFile(path, TABLES[table], constants)
            self._rows[table].write(rows)

    def reject(self, row: int, field: str, reason: Text) -> None:
        """Quarantine a source row; a row refused for several reasons counts once."""
        with storage_faults():
            self._rejects.add(Reject(row, field, reason))

    def drop(self) -> None:
        """Let go of the files; after `commit` there is nothing left to let go of."""
        for rows in self._rows.values():
            with suppress(OSError):
                rows.close()
        with suppress(OSError):
            self._rejects.close()

    def commit(
        self,
        now: datetime,
        tally: Tally,
        dry_run: bool = False,
    ) -> ImportReceipt:
        """Acknowledge the import: on return it is durable, and all its tables count."""
        with storage_faults():
            for rows in self._rows.values():
                rows.close()
            self._rejects.close()
            with writer(self._home):
                earlier = known_import(self._home, self._origin.batch)
                if earlier is not None:
                    return earlier
                if self._origin.wording is not None and not dry_run:
                    read_by = hashlib.sha256(self._origin.wording).hexdigest()
                    refuse_other_wording(self._home, self._origin.mapping, read_by)
                given = [(self._table_origin(name), file) for name, file in self._in_order()]
                outcome = settle(self._home, self._folder, given)
                receipt = self._receipt(outcome, now.astimezone(UTC), tally, dry_run)
                receipt.check()
                if not dry_run:
                    self._acknowledge(receipt, outcome.tables, tally.content)
                return receipt

    def _batch(self, table: str) -> str:
        return delivery_batch(self._origin.batch, table)

    def _in_order(self) -> list[tuple[str, RowFile]]:
        """Tables as they are declared, whichever record came first."""
        return [(name, self._rows[name]) for name in TABLES if name in self._rows]

    def _table_origin(self, table: str) -> Origin:
        origin = self._origin
        return Origin(TABLES[table], origin.source, self._batch(table), origin.file_name)

    def _receipt(
        self, outcome: Outcome, now: datetime, tally: Tally, dry_run: bool
    ) -> ImportReceipt:
        repeated = tally.repeated or {}
        return ImportReceipt(
            batch=self._origin.batch,
            mapping=self._origin.mapping,
            source=self._origin.source,
            file=self._origin.file_name,
            sequence=outcome.last + len(outcome.tables) + 1,
            received_at=now,
            rows_in=tally.rows_in,
            accepted=tally.accepted,
            quarantined=self._rejects.rows,
            skips=tally.skips,
            emptied=dict(tally.emptied or {}),
            tables=tuple(
                self._count(item, repeated.get(item.origin.table.name, 0))
                for item in outcome.tables
            ),
            told=tally.told,
            unresolved_subjects=outcome.nowhere[0],
            unresolved_places=outcome.nowhere[1],
            parts=tally.parts or {},
            unread=tally.unread,
            open_end=tally.open_end,
            mends=self._origin.mends,
            dry_run=dry_run,
            rejects=self._rejects.listed,
        )

    def _count(self, settled: Settled, repeated: int) -> TableCount:
        counts, name = settled.counts, settled.origin.table.name
        return TableCount(
            table=name,
            rows=self._rows[name].count + repeated,
            created=counts.created,
            updated=counts.updated,
            unchanged=counts.unchanged + repeated,
            merged=counts.merged,
            purged=settled.purged,
        )

    def _acknowledge(
        self, receipt: ImportReceipt, settled: list[Settled], content: str | None
    ) -> None:
        """Tables take the sequence numbers before the import's own, in one transaction."""
        first = receipt.sequence - len(settled)
        deliveries = [
            stored(self._home, item, self._table_receipt(receipt, item, first + number))
            for number, item in enumerate(settled)
        ]
        taken = self._import(receipt)
        with catalog.writing(self._home.catalog) as connection:
            imports_catalog.prepare(connection)
            for delivery in deliveries:
                catalog.record_act(connection, "deliver", receipt.received_at, delivery.batch)
                catalog.record_delivery(connection, delivery)
            catalog.record_act(connection, "deliver", receipt.received_at, receipt.batch)
            imports_catalog.record_import(connection, taken, [d.batch for d in deliveries])
            imports_catalog.record_parts(connection, receipt.batch, receipt.parts)
            if self._origin.wording is not None:
                imports_catalog.record_wording(connection, receipt.batch, self._origin.wording)
            if content is not None:
                imports_catalog.record_content(connection, receipt.batch, content)

    def _table_receipt(self, receipt: ImportReceipt, settled: Settled, sequence: int) -> Receipt:
        count = self._count(settled, 0)
        return Receipt(
            batch=settled.origin.batch,
            table=count.table,
            source=receipt.source,
            file=receipt.file,
            sequence=sequence,
            received_at=receipt.received_at,
            rows_in=count.rows,
            created=count.created,
            updated=count.updated,
            unchanged=count.unchanged,
            merged=count.merged,
            quarantined=0,
            purged=count.purged,
            unresolved_subjects=settled.nowhere[0],
            unresolved_places=settled.nowhere[1],
        )

    def _import(self, receipt: ImportReceipt) -> Import:
        path, digest = None, None
        if receipt.quarantined:
            name = f"{receipt.batch}.rejects.parquet"
            target = place_file(self._rejects.path, self._home.deliveries / _FOLDER / name)
            path, digest = relative(self._home, target), sha256(target)
        return Import(
            batch=receipt.batch,
            sequence=receipt.sequence,
            mapping=receipt.mapping,
            source=receipt.source,
            file_name=receipt.file,
            received_at=catalog.micros(receipt.received_at),
            mends=receipt.mends,
            rejects_path=path,
            rejects_sha256=digest,
            receipt=json.dumps(receipt.as_json(), ensure_ascii=False),
        )
