"""What a delivered batch speaks of, whether or not it counts at present."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import pyarrow.parquet as pq

from ringfence.lake import catalog, imports_catalog
from ringfence.lake.catalog import Delivery
from ringfence.lake.durable import storage_faults
from ringfence.lake.home import Home
from ringfence.lake.integrity import naming_damage
from ringfence.lake.withdrawal import find_batch, mending
from ringfence.records import TABLES


@dataclass(frozen=True)
class Told:
    """The values of the first key column of a batch's rows: each row it can change has one."""

    batch: str
    table: str
    column: str
    keys: frozenset[str]


def told_by(home: Home, batch: str) -> tuple[Told, ...]:
    """What a batch and those that put its rows right speak of, in each of their tables.

    NotFound: no such batch.
    """
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        named = find_batch(connection, batch)
        family = [named, *mending(connection, named.batch)]
    return tuple(_told(home, delivery) for one in family for delivery in one.deliveries)


def _told(home: Home, delivery: Delivery) -> Told:
    column = TABLES[delivery.table_name].key[0]
    keys: set[str] = set()
    if delivery.path is not None:
        with naming_damage(home, [delivery]):
            rows = pq.ParquetFile(home.root / delivery.path)
            for part in rows.iter_batches(columns=[column]):
                keys.update(part[column].unique().to_pylist())
    return Told(delivery.batch, delivery.table_name, column, frozenset(keys))


def live_batches(home: Home, until: int | None = None) -> frozenset[str]:
    """Batches that count: acknowledged and not withdrawn, by now or by a sequence."""
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        last = catalog.last_sequence(connection) if until is None else until
        return _acknowledged(connection, last) - catalog.withdrawn(connection, last)


def acknowledged_batches(home: Home) -> frozenset[str]:
    """Every batch that was ever acknowledged, withdrawn ones too."""
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        return _acknowledged(connection, catalog.last_sequence(connection))


def _acknowledged(connection: sqlite3.Connection, until: int) -> frozenset[str]:
    rows = connection.execute("SELECT batch FROM delivery WHERE sequence <= ?", (until,))
    taken = imports_catalog.imports(connection, until)
    return frozenset([*(batch for (batch,) in rows), *(one.batch for one in taken)])
