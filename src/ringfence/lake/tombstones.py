"""Keyed tombstones: what a purge removed must not come back, and must not be readable either.

A tombstone is HMAC-SHA256 (first 16 bytes) of table and natural key under the home's own key.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ringfence.lake.home import Home
from ringfence.lake.workbench import Workbench, between, scan, shares_start
from ringfence.records import INSTANT, Table

WIDTH = 16
_BLOCK = 64
_MOST_PER_ROW = 1 << 20


@dataclass(frozen=True)
class Burial:
    """Tombstones of one purge and table, with the range of starts that they lie in."""

    sequence: int
    first_start: int | None
    last_start: int | None
    undated: bool
    digests: pa.Array

    @property
    def table(self) -> pa.Table:
        return pa.table({"digest": self.digests})


def digest_sql(home: Home, table: Table) -> str:
    """The tombstone of a row as a DuckDB expression over its natural key."""
    key = home.tombstone_key.read_bytes().ljust(_BLOCK, b"\0")
    inner = _blob(bytes(byte ^ 0x36 for byte in key))
    outer = _blob(bytes(byte ^ 0x5C for byte in key))
    parts = [f"'{table.name}'"]
    for name in table.key:
        text = _text(table, name)
        parts.append(f"coalesce({text}, chr(30))")
    message = f"encode(concat_ws(chr(31), {', '.join(parts)}))"
    hashed = f"sha256({outer} || unhex(sha256({inner} || {message})))"
    return f"unhex(left({hashed}, {WIDTH * 2}))"


def _text(table: Table, name: str) -> str:
    if table.schema.field(name).type == INSTANT:
        return f'epoch_us("{name}")::VARCHAR'
    return f'"{name}"::VARCHAR'


def _blob(content: bytes) -> str:
    return "'" + "".join(f"\\x{byte:02X}" for byte in content) + "'::BLOB"


def bury(
    connection: sqlite3.Connection,
    sequence: int,
    table: str,
    digests: pa.ChunkedArray,
    starts: tuple[int | None, int | None, bool],
) -> None:
    for at in range(0, len(digests), _MOST_PER_ROW):
        part = digests.slice(at, _MOST_PER_ROW).to_pylist()
        connection.execute(
            "INSERT INTO tombstones"
            " (sequence, table_name, first_start, last_start, undated, keys, digests)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (sequence, table, starts[0], starts[1], int(starts[2]), len(part), b"".join(part)),
        )


def burials(connection: sqlite3.Connection, table: str) -> list[Burial]:
    rows = connection.execute(
        "SELECT sequence, first_start, last_start, undated, keys, digests"
        " FROM tombstones WHERE table_name = ? ORDER BY rowid",
        (table,),
    )
    return [
        Burial(sequence, first, last, bool(undated), _fixed(keys, blob))
        for sequence, first, last, undated, keys, blob in rows
    ]


def _fixed(count: int, blob: bytes) -> pa.Array:
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(WIDTH), count, [None, pa.py_buffer(blob)]
    ).cast(pa.binary())


def buried_rows(
    bench: Workbench, table: Table, path: Path, graves: list[Burial]
) -> pa.ChunkedArray:
    """source_row of the rows in a file whose key has a tombstone."""
    bench.connection.register("grave", pa.concat_tables([grave.table for grave in graves]))
    found = bench.arrow(
        f"SELECT source_row FROM {scan([path])} WHERE {_near(table, graves)}"
        f" AND {digest_sql(bench.home, table)} IN (SELECT digest FROM grave)"
    )
    bench.connection.unregister("grave")
    return found["source_row"]


def _near(table: Table, graves: list[Burial]) -> str:
    """Only rows whose start lies where a purge removed rows need their digest worked out."""
    if not shares_start(table):
        return "true"
    spans = {(g.first_start, g.last_start, g.undated) for g in graves}
    return f"({' OR '.join(between(table, *span) for span in sorted(spans, key=str))})"
