"""The current rows of a table, read from the snapshot's Parquet files, as told of persons."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.engines.persons import Persons
from ringfence.engines.snapshot import Snapshot
from ringfence.records import TABLES

Row = dict[str, Any]


def current_rows(snapshot: Snapshot, table: str) -> pa.Table:
    """Every row of the table once: of each natural key and source, the version received last.

    The key is that of the record as it was delivered; only then is it told of the person.
    """
    files = snapshot.files(table)
    paths = [file.path for file in files.first] + list(files.fresh)
    schema = TABLES[table].schema
    parts = [pq.ParquetFile(path).read().select(schema.names).cast(schema) for path in paths]
    stored = pa.concat_tables(parts) if parts else schema.empty_table()
    current = stored.take(_latest(snapshot, table, stored)) if files.replacing else stored
    return current if snapshot.persons is None else _of_persons(snapshot.persons, table, current)


def _latest(snapshot: Snapshot, table: str, stored: pa.Table) -> pa.Array:
    """Positions of the rows that no later row of the same natural key and source replaces."""
    latest: dict[tuple[Any, ...], tuple[int, int, int]] = {}
    for position, row in enumerate(stored.to_pylist()):
        key = (*(row[name] for name in TABLES[table].key), row["source"])
        age = (snapshot.batches[row["batch"]].sequence, row["source_row"], position)
        latest[key] = max(latest.get(key, age), age)
    return pa.array(sorted(position for _, _, position in latest.values()), pa.int64())


def _of_persons(persons: Persons, table: str, current: pa.Table) -> pa.Table:
    """The rows with persons for subjects, but for what a person has with himself."""
    names = [column.name for column in TABLES[table].columns if column.subject_key]
    told = []
    for row in current.to_pylist():
        row |= {name: persons.person_of(row[name]) for name in names}
        if len(names) < 2 or row[names[0]] != row[names[1]]:
            told.append(row)
    return pa.Table.from_pylist(told, schema=current.schema)
