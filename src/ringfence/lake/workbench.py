"""DuckDB as the lake uses it: bounded memory, spilling into the home, nothing from the network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ringfence.lake.catalog import Delivery
from ringfence.lake.home import Home
from ringfence.records import Table

MEMORY = "800MB"


@dataclass(frozen=True)
class Workbench:
    """An empty in-memory database beside one home."""

    home: Home
    connection: duckdb.DuckDBPyConnection

    def run(self, sql: str) -> None:
        self.connection.execute(sql)

    def row(self, sql: str) -> tuple[Any, ...]:
        found = self.connection.execute(sql).fetchone()
        assert found is not None
        return tuple(found)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def arrow(self, sql: str) -> pa.Table:
        return self.connection.execute(sql).to_arrow_table()

    def scan(self, deliveries: Iterable[Delivery]) -> str:
        return scan(paths_of(self.home, deliveries))


@contextmanager
def workbench(home: Home, folder: Path) -> Iterator[Workbench]:
    """A workbench that spills below a folder."""
    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(folder / "spill"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")
        yield Workbench(home, connection)
    finally:
        connection.close()


def quoted(names: Iterable[str]) -> str:
    """Column names for SQL. They come from the declared tables, never from a file."""
    return ", ".join(f'"{name}"' for name in names)


def literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def scan(paths: Iterable[Path]) -> str:
    """The rows of some Parquet files, one below the other, as a DuckDB relation."""
    return f"read_parquet([{', '.join(literal(str(path)) for path in paths)}])"


def paths_of(home: Home, deliveries: Iterable[Delivery]) -> list[Path]:
    return [home.root / d.path for d in deliveries if d.path is not None]


def shares_start(table: Table) -> bool:
    """Whether all rows of one natural key start together, so that starts tell files apart."""
    return table.starts is not None and table.starts in table.key


def between(table: Table, first: int | None, last: int | None, undated: bool) -> str:
    """Condition: the start lies in [first, last] (microseconds), or there is none."""
    tests = []
    if first is not None:
        span = f"make_timestamptz({first}) AND make_timestamptz({last})"
        tests.append(f'"{table.starts}" BETWEEN {span}')
    if undated:
        tests.append(f'"{table.starts}" IS NULL')
    return f"({' OR '.join(tests) or 'false'})"
