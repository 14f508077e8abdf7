"""Runs compiled expressions on DuckDB, embedded: lake tables as views over files, results kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa

from ringfence.engines.snapshot import Snapshot, SortedFile
from ringfence.errors import StorageError
from ringfence.records import INSTANT, TABLES

Order = Literal["first", "second"]
MEMORY_LIMIT = "1GB"


class DuckBackend:
    """One in-memory database per snapshot; nothing is written but spill files in the home."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._db = duckdb.connect(":memory:")
        self._db.execute("SET TimeZone = 'UTC'")
        self._db.execute("SET parquet_metadata_cache = true")
        self._db.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        self._db.execute("SET preserve_insertion_order = false")
        if snapshot.spill is not None:
            self._db.execute(f"SET temp_directory = {_quoted(str(snapshot.spill))}")
        batches = [(b.batch, b.sequence) for b in snapshot.batches.values()]
        self.give(
            "batch_sequence",
            pa.table(
                {
                    "batch": pa.array([batch for batch, _ in batches], pa.string()),
                    "sequence": pa.array([sequence for _, sequence in batches], pa.int64()),
                }
            ),
        )

    def give(self, name: str, rows: pa.Table) -> None:
        """Bind a relation of the expressions to rows in memory."""
        self._db.register(name, rows)

    def bind(
        self,
        table: str,
        order: Order = "first",
        *,
        days: frozenset[date] | None = None,
        among: tuple[str, str] | None = None,
        versions: bool = False,
    ) -> None:
        """Bind `<table>_<order>` to the current rows of a lake table.

        days: UTC days on which a row of a day file must start to matter (None: all).
        among: (column of the natural key, name of a one-column relation): only rows whose column
        is in the relation matter, which spares sorting out replaced rows for all the others.
        versions: replaced rows too.
        """
        name = f"{table}_{order}"
        files = self._snapshot.files(table)
        sorted_files = files.second if order == "second" and files.second else files.first
        paths = [*_on(sorted_files, days), *files.fresh]
        rows = _rows(table, paths)
        if files.replacing and paths and not versions:
            rows = _latest(table, rows, among)
        self._db.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {rows}")

    def keep(self, name: str, sql: str) -> int:
        """Store the rows of a compiled expression as the relation `name`; how many there are."""
        self._run(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
        counted = self._run(f"SELECT count(*) FROM {name}").fetchone()
        return int(counted[0]) if counted else 0

    def fetch(self, sql: str) -> pa.Table:
        return self._run(sql).to_arrow_table()

    def _run(self, sql: str) -> duckdb.DuckDBPyConnection:
        try:
            return self._db.execute(sql)
        except (duckdb.IOException, duckdb.InvalidInputException) as fault:
            raise StorageError(
                en="a file of the lake cannot be read; run `ringfence lake verify` to name it",
                zh="数据湖中有文件无法读取；请运行 `ringfence lake verify` 查明",
            ) from fault


def _on(files: Sequence[SortedFile], days: frozenset[date] | None) -> Iterable[Path]:
    return (f.path for f in files if days is None or f.day is None or f.day in days)


def _rows(table: str, paths: Sequence[Path]) -> str:
    schema = TABLES[table].schema
    if not paths:
        nothing = ", ".join(
            f"CAST(NULL AS {_DUCK_TYPE[field.type]}) AS {_name(field.name)}" for field in schema
        )
        return f"SELECT {nothing} WHERE false"
    columns = ", ".join(_name(column) for column in schema.names)
    listed = ", ".join(_quoted(str(path)) for path in paths)
    return f"SELECT {columns} FROM read_parquet([{listed}], hive_partitioning = false)"


def _latest(table: str, rows: str, among: tuple[str, str] | None) -> str:
    declared = TABLES[table]
    columns = ", ".join(_name(column) for column in declared.schema.names)
    if among is not None:
        column, relation = among
        rows += f" WHERE {_name(column)} IN (SELECT * FROM {relation})"
    key = ", ".join(_name(column) for column in (*declared.key, "source"))
    return (
        f"SELECT {columns} FROM (SELECT r.*, row_number() OVER ("
        f"PARTITION BY {key} ORDER BY b.sequence DESC, r.source_row DESC) AS latest "
        f"FROM ({rows}) r JOIN batch_sequence b USING (batch)) WHERE latest = 1"
    )


_DUCK_TYPE = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.list_(pa.string()): "VARCHAR[]",
    INSTANT: "TIMESTAMPTZ",
}


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
