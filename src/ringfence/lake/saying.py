"""What came of one row of a file.

Numbers only. What a row said of a person is not read here; the identities are in the vault alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow.compute as pc
import pyarrow.dataset as ds

from ringfence.errors import NotFound
from ringfence.lake import catalog, imports_catalog
from ringfence.lake.catalog import Delivery
from ringfence.lake.deliver import rejects
from ringfence.lake.durable import storage_faults
from ringfence.lake.home import Home
from ringfence.lake.integrity import naming_damage
from ringfence.lake.receipt import Reject
from ringfence.lake.withdrawal import find_batch, mending
from ringfence.records import TABLES


@dataclass(frozen=True)
class Said:
    """A record: the batch whose receipt tells of its row, that row, and the subjects it is of.

    `read_as`: the mapping by which the row was read, or what else made a record of it.
    """

    batch: str
    read_as: str
    table: str
    source: str
    file: str
    received_at: datetime
    withdrawn: bool
    parts: Mapping[int, str]
    row: int
    subjects: tuple[str, ...]


def came_of(home: Home, batch: str, row: int) -> tuple[list[Said], list[Reject]]:
    """The records of a row, those too that it gave once it was put right, and why it was refused.

    NotFound: no such batch, or nothing came of the row.
    """
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        named = find_batch(connection, batch)
        readings = [named, *mending(connection, named.batch)]
        gone = catalog.withdrawn(connection, catalog.last_sequence(connection))
        parts = imports_catalog.parts_of(connection, named.batch)
    condition = pc.field("source_row") == row
    found = [
        said
        for one in readings
        for delivery in one.deliveries
        for said in _Reading(
            delivery,
            one.batch,
            one.imported.mapping if one.imported else delivery.table_name,
            delivery.batch in gone,
            parts,
        ).said(home, condition)
    ]
    refused = [reject for reject in rejects(home, named.batch) if reject.row == row]
    if not found and not refused:
        raise NotFound(
            "no record came of that row, and it was not refused: its mapping skips it, it said "
            "what another row of the file says, it was purged, or the file has no such row",
            "该行没有产生记录，也未被隔离：可能被映射跳过、与文件中另一行重复、已被清除，或文件中没有这一行",
        )
    return found, refused


def _subjects(table: str) -> list[str]:
    return [column.name for column in TABLES[table].lake_columns if column.subject_key]


@dataclass(frozen=True)
class _Reading:
    """The rows that one reading of a file gave to a table, under the batch of its receipt."""

    delivery: Delivery
    batch: str
    label: str
    withdrawn: bool
    parts: Mapping[int, str]

    def said(self, home: Home, condition: pc.Expression) -> list[Said]:
        delivery = self.delivery
        if delivery.path is None:
            return []
        subjects = _subjects(delivery.table_name)
        with naming_damage(home, [delivery]):
            rows = ds.dataset(home.root / delivery.path, format="parquet").to_table(
                columns=["source_row", *subjects], filter=condition
            )
        return [
            Said(
                batch=self.batch,
                read_as=self.label,
                table=delivery.table_name,
                source=delivery.source,
                file=delivery.file_name,
                received_at=catalog.moment(delivery.received_at),
                withdrawn=self.withdrawn,
                parts=self.parts,
                row=row["source_row"],
                subjects=tuple(row[name] for name in subjects if row[name]),
            )
            for row in sorted(rows.to_pylist(), key=lambda row: int(row["source_row"]))
        ]
