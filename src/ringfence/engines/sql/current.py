"""The current rows of a lake table: found in sorted files, read where deliveries are fresh.

Records are told apart by the subjects that they came with. A person is looked up by all of the
subjects, and what was found is told of the person: nothing else in this engine knows of merging.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.engines.persons import SUBJECT_COLUMNS, Persons, in_persons
from ringfence.engines.snapshot import Snapshot
from ringfence.engines.sql.duckdb_backend import DuckBackend, name, quoted
from ringfence.engines.sql.lookup import Days, rows_of
from ringfence.records import INSTANT, TABLES

_MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Wanted:
    """Keys of a column, each with the UTC start days that matter (None: all)."""

    column: str
    keys: Mapping[str, Days | None]


class CurrentRows:
    """Reads one snapshot."""

    def __init__(self, snapshot: Snapshot, backend: DuckBackend) -> None:
        self._snapshot = snapshot
        self._backend = backend
        batches = [(b.batch, b.sequence) for b in snapshot.batches.values()]
        sequences = {
            "batch": pa.array([batch for batch, _ in batches], pa.string()),
            "sequence": pa.array([sequence for _, sequence in batches], pa.int64()),
        }
        backend.keep({"batch_sequence": pa.table(sequences)})

    def of_keys(self, table: str, column: str, keys: Sequence[str]) -> pa.Table:
        """The current rows whose column is one of the keys."""
        return self.near(table, Wanted(column, dict.fromkeys(keys)))

    def near(self, table: str, wanted: Wanted) -> pa.Table:
        """The current rows of the keys, those of other days perhaps left out."""
        persons = self._snapshot.persons
        if persons is None:
            return self._near(table, wanted)
        if wanted.column in SUBJECT_COLUMNS[table]:
            wanted = Wanted(wanted.column, _of_all_subjects(persons, wanted.keys))
        return in_persons(persons, table, self._near(table, wanted))

    def _near(self, table: str, wanted: Wanted) -> pa.Table:
        files, schema = self._snapshot.files(table), TABLES[table].schema
        lookups = files.lookups.get(wanted.column)
        found = None
        if lookups is not None:
            found = rows_of(lookups, wanted.column, wanted.keys, schema)
            if not files.fresh:
                return found
        elif not files.first and not files.fresh:
            return schema.empty_table()
        return self._read(table, wanted, found)

    def all_of(self, table: str) -> pa.Table:
        """All current rows."""
        files = self._snapshot.files(table)
        paths = [*(file.path for file in files.first), *files.fresh]
        if not paths:
            return TABLES[table].schema.empty_table()
        rows = _selected(table, _parquet(paths))
        latest = self._as_declared(table, self._latest(table, rows) if files.replacing else rows)
        return in_persons(self._snapshot.persons, table, latest)

    def subjects_with(self, table: str, column: str, word: str) -> list[str]:
        """Persons of whom any row, one that was replaced since too, has this word there."""
        files = self._snapshot.files(table)
        paths = [*(file.path for file in files.first), *files.fresh]
        if not paths:
            return []
        among = f"WHERE {name(column)} = {quoted(word)}"
        found = self._backend.read(f"SELECT DISTINCT subject FROM {_parquet(paths)} {among}")
        subjects = list(found["subject"].to_pylist())
        persons = self._snapshot.persons
        return subjects if persons is None else sorted(set(persons.people(subjects)))

    def _read(self, table: str, wanted: Wanted, found: pa.Table | None) -> pa.Table:
        """From fresh files too. Versions of a row may differ in a column outside its key.

        Such a column is compared when the last version is known.
        """
        files = self._snapshot.files(table)
        self._backend.give(
            "wanted_key", pa.table({"key": pa.array(list(wanted.keys), pa.string())})
        )
        among = f" WHERE {name(wanted.column)} IN (SELECT key FROM wanted_key)"
        in_key = wanted.column in TABLES[table].key
        if found is not None and in_key:
            self._backend.give(f"found_{table}", found)
            parts = [_selected(table, f"found_{table}")]
            parts.append(_selected(table, _parquet(files.fresh)) + among)
        else:
            paths = [*(file.path for file in files.first), *files.fresh]
            parts = [_selected(table, _parquet(paths)) + (among if in_key else "")]
        rows = " UNION ALL ".join(parts)
        if files.replacing:
            rows = self._latest(table, rows)
        return self._as_declared(table, rows if in_key else f"SELECT * FROM ({rows}){among}")

    def _as_declared(self, table: str, sql: str) -> pa.Table:
        return self._backend.read(sql).cast(TABLES[table].schema)

    def _latest(self, table: str, rows: str) -> str:
        """The last version of each row."""
        declared = TABLES[table]
        key = ", ".join(name(column) for column in (*declared.key, "source"))
        columns = ", ".join(name(column) for column in declared.schema.names)
        return (
            f"SELECT {columns} FROM (SELECT r.*, row_number() OVER ("
            f"PARTITION BY {key} ORDER BY b.sequence DESC, r.source_row DESC) AS latest "
            f"FROM ({rows}) r JOIN batch_sequence b USING (batch)) WHERE latest = 1"
        )


def _of_all_subjects(persons: Persons, keys: Mapping[str, Days | None]) -> dict[str, Days | None]:
    """The keys of all subjects of the persons that these keys name."""
    asked: dict[str, Days | None] = {}
    for person, days in zip(persons.people(list(keys)), keys.values(), strict=True):
        asked[person] = days if asked.get(person, days) == days else None
    every = zip(persons.subjects_of_each(list(asked)), asked.values(), strict=True)
    return {subject: days for subjects, days in every for subject in subjects}


def as_read(rows: Mapping[str, pa.ChunkedArray], schema: pa.Schema) -> pa.Table:
    """The columns of the schema as expressions read them: instants are seconds."""
    columns = [_seconds(rows[name]) for name in schema.names]
    return pa.Table.from_arrays(columns, schema=schema)


def _seconds(values: pa.ChunkedArray) -> pa.ChunkedArray:
    if values.type != INSTANT:
        return values
    return pc.divide(values.cast(pa.int64()), _MICROSECONDS)


def _selected(table: str, relation: str) -> str:
    columns = ", ".join(name(column) for column in TABLES[table].schema.names)
    return f"SELECT {columns} FROM {relation}"


def _parquet(paths: Sequence[Path]) -> str:
    listed = ", ".join(quoted(str(path)) for path in paths)
    return f"read_parquet([{listed}], hive_partitioning = false)"
