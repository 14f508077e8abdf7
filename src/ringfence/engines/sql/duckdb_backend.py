"""Runs compiled expressions on DuckDB, embedded: each is planned once, and run on what it is given.

A relation is bound once to a holder whose rows change from question to question. The catalog stays
as it is, so a plan stays valid; nothing in a plan rests on the rows it was made with.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from ringfence.errors import StorageError

MEMORY_LIMIT = "1GB"


class Holder:
    """Hands DuckDB the rows that it holds when a plan is run, by the Arrow stream interface."""

    def __init__(self, rows: pa.Table) -> None:
        self.rows = rows

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.rows.__arrow_c_stream__(requested_schema)


class DuckBackend:
    """One in-memory database; nothing is written but spill files. For one thread at a time."""

    def __init__(self, spill: Path | None, *, one_thread: bool) -> None:
        """`one_thread`: handing few rows between threads costs more than it gains."""
        self._db = duckdb.connect(":memory:")
        self._holders: dict[str, Holder] = {}
        self._plans: dict[str, str] = {}
        self._db.execute("SET TimeZone = 'UTC'")
        self._db.execute("SET parquet_metadata_cache = true")
        self._db.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        self._db.execute("SET preserve_insertion_order = false")
        if one_thread:
            self._db.execute("SET threads = 1")
        if spill is not None:
            self._db.execute(f"SET temp_directory = {quoted(str(spill))}")

    def keep(self, relations: Mapping[str, pa.Table]) -> None:
        """Relations that stay as they are while the database lives."""
        for name, rows in relations.items():
            self._db.register("kept_now", rows)
            self._db.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM kept_now")
            self._db.unregister("kept_now")

    def give(self, name: str, rows: pa.Table) -> None:
        """The rows of a relation, from now on; its columns never change."""
        holder = self._holders.get(name)
        if holder is None:
            self._holders[name] = Holder(rows)
            self._db.register(name, self._holders[name])
        elif rows.schema.equals(holder.rows.schema):
            holder.rows = rows
        else:
            raise ValueError(f"{name} has other columns than before")

    def run(self, sql: str) -> pa.Table:
        """The rows of a compiled expression, planned when it is first run."""
        plan = self._plans.get(sql)
        if plan is None:
            plan = f"plan_{len(self._plans)}"
            self._execute(f"PREPARE {plan} AS {sql}")
            self._plans[sql] = plan
        return self._execute(f"EXECUTE {plan}").to_arrow_table()

    def read(self, sql: str) -> pa.Table:
        """The rows of a statement that names files, and is run once."""
        return self._execute(sql).to_arrow_table()

    def _execute(self, sql: str) -> duckdb.DuckDBPyConnection:
        try:
            return self._db.execute(sql)
        except (duckdb.IOException, duckdb.InvalidInputException) as fault:
            raise StorageError(
                en="a file of the lake cannot be read; run `ringfence lake verify` to name it",
                zh="数据湖中有文件无法读取；请运行 `ringfence lake verify` 查明",
            ) from fault


def name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
