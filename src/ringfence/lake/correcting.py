"""The records that one row of a file gave, as they stand now."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ringfence.errors import DataError, NotFound
from ringfence.lake import catalog, imports_catalog
from ringfence.lake.catalog import Delivery
from ringfence.lake.durable import storage_faults
from ringfence.lake.home import Home
from ringfence.lake.integrity import naming_damage
from ringfence.lake.withdrawal import Named, find_batch, mending
from ringfence.records import TABLES, Table

CANONICAL = "as "
"""How an import of canonical rows names what they were read by: `as presence`."""


@dataclass(frozen=True)
class First:
    """The delivery in which a record came first. `read_by`: the options of `import` that read it;
    `mended`: how many batches put its rows right since, and go when it is withdrawn.
    """

    batch: str
    source: str
    file: str
    read_by: str
    mended: int


@dataclass(frozen=True)
class Standing:
    """A record by its table's stored columns, in its last version; `sequence` of what is known."""

    batch: str
    source: str
    file: str
    table: str
    row: dict[str, Any]
    sequence: int
    parts: Mapping[int, str]
    first: First


def standing_records(home: Home, batch: str, source_row: int, table: str) -> list[Standing]:
    """What a source row of a batch gave to a table; its last versions by the same source."""
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        named = find_batch(connection, batch)
        last = catalog.last_sequence(connection)
        if named.batch in catalog.withdrawn(connection, last):
            raise DataError(
                f"batch {named.batch[:12]} is withdrawn: its rows do not count",
                f"批次 {named.batch[:12]} 已撤回，其数据不计入",
            )
        parts = imports_catalog.parts_of(connection, named.batch)
        first = _first(connection, named, last)
        own = [delivery for delivery in named.deliveries if delivery.table_name == table]
        later = [
            d
            for d in catalog.live(connection, last, table)
            if d.source == named.source and own and d.sequence > own[0].sequence
        ]
    if not own:
        tables = ", ".join(named.tables) or "–"
        raise NotFound(
            f"batch {named.batch[:12]} gave no rows to `{table}`; it gave: {tables}",
            f"批次 {named.batch[:12]} 没有 {table} 表的数据；有：{tables}",
        )
    found = [
        _last_version(home, TABLES[table], row, later)
        for row in _rows(home, own[0], pc.field("source_row") == source_row)
    ]
    return [
        Standing(named.batch, named.source, named.file_name, table, row, last, parts, first)
        for row in found
    ]


def _first(connection: sqlite3.Connection, named: Named, last: int) -> First:
    """What a batch mends, and that one if it mends another, is where its rows came first."""
    while named.imported is not None and named.imported.mends is not None:
        named = find_batch(connection, named.imported.mends)
    gone = catalog.withdrawn(connection, last)
    mended = sum(one.batch not in gone for one in mending(connection, named.batch))
    label = named.imported.mapping if named.imported else f"{CANONICAL}{named.tables[0]}"
    told = label.removeprefix(CANONICAL)
    read_by = f"--mapping {told}" if told == label else f"--as {told}"
    return First(named.batch, named.source, named.file_name, read_by, mended)


def _last_version(
    home: Home, table: Table, row: dict[str, Any], later: list[Delivery]
) -> dict[str, Any]:
    same = pc.scalar(True)
    for name in table.key:
        value = pa.scalar(row[name], table.schema.field(name).type)
        is_it = pc.field(name).is_null() if row[name] is None else pc.field(name) == value
        same = same & is_it
    for delivery in reversed(later):
        versions = _rows(home, delivery, same)
        if versions:
            return max(versions, key=lambda version: int(version["source_row"]))
    return row


def _rows(home: Home, delivery: Delivery, condition: Any) -> list[dict[str, Any]]:
    if delivery.path is None:
        return []
    with naming_damage(home, [delivery]):
        found = pq.read_table(home.root / delivery.path, filters=condition, partitioning=None)
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows
