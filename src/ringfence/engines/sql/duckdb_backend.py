"""Runs compiled expressions on DuckDB, embedded: lake tables as views over files, results kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from ringfence.engines.snapshot import Snapshot
from ringfence.engines.sql.lookup import Days, rows_of
from ringfence.errors import StorageError
from ringfence.records import TABLES

MEMORY_LIMIT = "1GB"


@dataclass(frozen=True)
class Wanted:
    """Keys of a column, each with the UTC start days that matter (None: all)."""

    column: str
    keys: Mapping[str, Days | None]


class DuckBackend:
    """One in-memory database per snapshot; nothing is written but spill files in the home."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._empty: set[str] = set()
        self._bound_to_nothing: set[str] = set()
        self._db = duckdb.connect(":memory:")
        self._db.execute("SET TimeZone = 'UTC'")
        self._db.execute("SET parquet_metadata_cache = true")
        self._db.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        self._db.execute("SET preserve_insertion_order = false")
        if not any(files.fresh for files in snapshot.tables.values()):
            # Rows are looked up, not scanned: handing few rows between threads costs the most.
            self._db.execute("SET threads = 1")
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

    def bind(self, table: str, wanted: Wanted | None = None) -> bool:
        """Bind `<table>_rows`, or `<table>_by_<column>`, to the current rows of a lake table.

        wanted: only rows of these keys, and days, need be there; more may be. False: there is none.
        """
        files = self._snapshot.files(table)
        name = f"{table}_rows" if wanted is None else f"{table}_by_{wanted.column}"
        sorted_files = files.lookups.get(wanted.column) if wanted is not None else None
        parts: list[str] = []
        if wanted is not None and sorted_files is not None:
            found = rows_of(sorted_files, wanted.column, wanted.keys, TABLES[table].schema)
            if found.num_rows:
                self.give(f"{name}_found", found)
                parts.append(_selected(table, f"{name}_found"))
            paths = list(files.fresh)
        else:
            paths = [*(file.path for file in files.first), *files.fresh]
        if paths:
            parts.append(_selected(table, _parquet(paths)) + self._among(name, wanted))
        if not parts and name in self._bound_to_nothing:
            return False
        (self._bound_to_nothing.discard if parts else self._bound_to_nothing.add)(name)
        rows = " UNION ALL ".join(parts) or _selected(table, self._nothing(table))
        if files.replacing:
            rows = self._latest(table, rows, wanted)
        self._db.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {rows}")
        return bool(parts)

    def bind_versions(self, table: str) -> None:
        """Bind `<table>_rows` to all rows of a lake table, those replaced since too."""
        files = self._snapshot.files(table)
        paths = [*(file.path for file in files.first), *files.fresh]
        rows = _selected(table, _parquet(paths) if paths else self._nothing(table))
        self._bound_to_nothing.discard(f"{table}_rows")
        self._db.execute(f"CREATE OR REPLACE TEMP VIEW {table}_rows AS {rows}")

    def _among(self, name: str, wanted: Wanted | None) -> str:
        if wanted is None:
            return ""
        keys = pa.table({"key": pa.array(list(wanted.keys), pa.string())})
        self.give(f"{name}_wanted", keys)
        return f" WHERE {_name(wanted.column)} IN (SELECT key FROM {name}_wanted)"

    def _nothing(self, table: str) -> str:
        if table not in self._empty:
            self.give(f"no_{table}", TABLES[table].schema.empty_table())
            self._empty.add(table)
        return f"no_{table}"

    def _latest(self, table: str, rows: str, wanted: Wanted | None) -> str:
        """The last version of each row. A column outside the key may differ between versions."""
        declared = TABLES[table]
        if wanted is not None and wanted.column not in declared.key:
            raise ValueError(f"{wanted.column} is not in the key of {table}")
        key = ", ".join(_name(column) for column in (*declared.key, "source"))
        columns = ", ".join(_name(column) for column in declared.schema.names)
        return (
            f"SELECT {columns} FROM (SELECT r.*, row_number() OVER ("
            f"PARTITION BY {key} ORDER BY b.sequence DESC, r.source_row DESC) AS latest "
            f"FROM ({rows}) r JOIN batch_sequence b USING (batch)) WHERE latest = 1"
        )

    def keep(self, name: str, sql: str) -> None:
        """Store the rows of a compiled expression as the relation `name`."""
        self._run(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")

    def count(self, name: str) -> int:
        """How many rows a kept relation has."""
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


def _selected(table: str, relation: str) -> str:
    columns = ", ".join(_name(column) for column in TABLES[table].schema.names)
    return f"SELECT {columns} FROM {relation}"


def _parquet(paths: Sequence[Path]) -> str:
    listed = ", ".join(_quoted(str(path)) for path in paths)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
