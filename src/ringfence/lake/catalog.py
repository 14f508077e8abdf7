"""The catalog: one SQLite database whose transaction is what acknowledges a delivery.

An act (delivery, withdrawal, reinstatement, purge) takes the next sequence number; what was known
at a sequence is what the acts up to it say.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ringfence.lake.sqlite_file import open_file, transaction

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PATIENCE = 60.0
"""Seconds that a writer waits for another one's transaction."""

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS act (
    sequence INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('deliver', 'withdraw', 'reinstate', 'purge')),
    at INTEGER NOT NULL,
    batch TEXT,
    reason TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS act_batch ON act (batch);
CREATE TABLE IF NOT EXISTS delivery (
    sequence INTEGER PRIMARY KEY REFERENCES act (sequence),
    batch TEXT NOT NULL UNIQUE,
    table_name TEXT NOT NULL,
    source TEXT NOT NULL,
    file_name TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    path TEXT,
    rows INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT,
    first_start INTEGER,
    last_start INTEGER,
    undated INTEGER NOT NULL,
    replaces INTEGER NOT NULL,
    rejects_path TEXT,
    rejects_sha256 TEXT,
    receipt TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS generation (
    table_name TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS derived (
    path TEXT PRIMARY KEY,
    table_name TEXT NOT NULL,
    copy INTEGER NOT NULL,
    day INTEGER,
    rows INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS epoch (
    number INTEGER NOT NULL
) STRICT;
INSERT INTO epoch SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM epoch);
CREATE TABLE IF NOT EXISTS retired (
    path TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS tombstones (
    sequence INTEGER NOT NULL REFERENCES act (sequence),
    table_name TEXT NOT NULL,
    first_start INTEGER,
    last_start INTEGER,
    undated INTEGER NOT NULL,
    keys INTEGER NOT NULL,
    digests BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS purged (
    sequence INTEGER NOT NULL REFERENCES act (sequence),
    table_name TEXT NOT NULL,
    first INTEGER NOT NULL,
    until INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    held_cases TEXT NOT NULL
) STRICT;
COMMIT;
"""


@dataclass(frozen=True)
class Delivery:
    """One acknowledged delivery as the catalog knows it; `path` is None where no row was kept.

    Starts are microseconds since 1970; `undated` counts rows without one. `replaces` tells whether
    a row of it stands for an earlier row of the same key and source.
    """

    sequence: int
    batch: str
    table_name: str
    source: str
    file_name: str
    received_at: int
    path: str | None
    rows: int
    bytes: int
    sha256: str | None
    first_start: int | None
    last_start: int | None
    undated: int
    replaces: bool
    rejects_path: str | None
    rejects_sha256: str | None
    receipt: str


@dataclass(frozen=True)
class DerivedFile:
    """One file of a table's newest generation. `day` counts days since 1970 (UTC)."""

    path: str
    table_name: str
    copy: int
    day: int | None
    rows: int
    bytes: int
    sha256: str


_DELIVERY = (
    "sequence, batch, table_name, source, file_name, received_at, path, rows, bytes, sha256,"
    " first_start, last_start, undated, replaces, rejects_path, rejects_sha256, receipt"
)


def create(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(_SCHEMA)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """One consistent view of the catalog."""
    with closing(open_file(path, _PATIENCE)) as connection:
        connection.execute("BEGIN")
        yield connection


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction, durable on return; nothing of it holds when anything fails."""
    uri = f"{path.as_uri()}?mode=rw"
    with closing(
        sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_PATIENCE)
    ) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        with transaction(connection):
            yield connection


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)


def utc_day(number: int) -> date:
    return EPOCH.date() + timedelta(days=number)


def last_sequence(connection: sqlite3.Connection) -> int:
    (sequence,) = connection.execute("SELECT coalesce(max(sequence), 0) FROM act").fetchone()
    return int(sequence)


def record_act(
    connection: sqlite3.Connection,
    kind: str,
    at: datetime,
    batch: str | None = None,
    reason: str | None = None,
) -> int:
    """Take the next sequence number."""
    sequence = last_sequence(connection) + 1
    connection.execute(
        "INSERT INTO act (sequence, kind, at, batch, reason) VALUES (?, ?, ?, ?, ?)",
        (sequence, kind, micros(at), batch, reason),
    )
    return sequence


def record_delivery(connection: sqlite3.Connection, delivery: Delivery) -> None:
    connection.execute(
        f"INSERT INTO delivery ({_DELIVERY}) VALUES ({', '.join('?' * 17)})",
        (
            delivery.sequence,
            delivery.batch,
            delivery.table_name,
            delivery.source,
            delivery.file_name,
            delivery.received_at,
            delivery.path,
            delivery.rows,
            delivery.bytes,
            delivery.sha256,
            delivery.first_start,
            delivery.last_start,
            delivery.undated,
            int(delivery.replaces),
            delivery.rejects_path,
            delivery.rejects_sha256,
            delivery.receipt,
        ),
    )


def _delivery(row: Sequence[object]) -> Delivery:
    values = list(row)
    values[13] = bool(values[13])
    return Delivery(*values)  # type: ignore[arg-type]


def update_file(connection: sqlite3.Connection, delivery: Delivery) -> None:
    """Make a delivery's rows live in another file, or in none."""
    connection.execute(
        "UPDATE delivery SET path = ?, rows = ?, bytes = ?, sha256 = ? WHERE batch = ?",
        (delivery.path, delivery.rows, delivery.bytes, delivery.sha256, delivery.batch),
    )


def delivery_of(connection: sqlite3.Connection, batch: str) -> Delivery | None:
    row = connection.execute(
        f"SELECT {_DELIVERY} FROM delivery WHERE batch = ?",
        (batch,),
    ).fetchone()
    return None if row is None else _delivery(row)


def batches_like(connection: sqlite3.Connection, prefix: str) -> list[str]:
    rows = connection.execute(
        "SELECT batch FROM delivery WHERE substr(batch, 1, ?) = ? ORDER BY sequence",
        (len(prefix), prefix),
    )
    return [batch for (batch,) in rows]


def mark_replacing(connection: sqlite3.Connection, batch: str) -> None:
    """Deliveries made while a batch was withdrawn were not compared with it."""
    connection.execute("UPDATE delivery SET replaces = 1 WHERE batch = ?", (batch,))


def deliveries(
    connection: sqlite3.Connection, until: int, table: str | None = None
) -> list[Delivery]:
    """Deliveries up to a sequence, withdrawn ones too, oldest first."""
    rows = connection.execute(
        f"SELECT {_DELIVERY} FROM delivery WHERE sequence <= ?"
        " AND (? IS NULL OR table_name = ?) ORDER BY sequence",
        (until, table, table),
    )
    return [_delivery(row) for row in rows]


def withdrawn(connection: sqlite3.Connection, until: int) -> frozenset[str]:
    """Batches whose last withdrawal or reinstatement up to a sequence is a withdrawal."""
    rows = connection.execute(
        "SELECT batch, kind, max(sequence) FROM act"
        " WHERE kind IN ('withdraw', 'reinstate') AND sequence <= ? GROUP BY batch",
        (until,),
    )
    return frozenset(batch for batch, kind, _ in rows if kind == "withdraw")


def live(connection: sqlite3.Connection, until: int, table: str) -> list[Delivery]:
    gone = withdrawn(connection, until)
    return [d for d in deliveries(connection, until, table) if d.batch not in gone]


def generations(connection: sqlite3.Connection) -> dict[str, int]:
    return dict(connection.execute("SELECT table_name, sequence FROM generation").fetchall())


def derived_files(connection: sqlite3.Connection, table: str | None = None) -> list[DerivedFile]:
    rows = connection.execute(
        "SELECT path, table_name, copy, day, rows, bytes, sha256 FROM derived"
        " WHERE ? IS NULL OR table_name = ? ORDER BY table_name, copy, day IS NULL, day",
        (table, table),
    )
    return [DerivedFile(*row) for row in rows]


def replace_generation(
    connection: sqlite3.Connection, table: str, sequence: int, files: Sequence[DerivedFile]
) -> None:
    """Make these the newest generation of a table and retire the files that are in it no more."""
    kept = {file.path for file in files}
    retire(connection, [f.path for f in derived_files(connection, table) if f.path not in kept])
    connection.execute("DELETE FROM derived WHERE table_name = ?", (table,))
    connection.executemany(
        "INSERT INTO derived (path, table_name, copy, day, rows, bytes, sha256)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(f.path, f.table_name, f.copy, f.day, f.rows, f.bytes, f.sha256) for f in files],
    )
    connection.executemany("DELETE FROM retired WHERE path = ?", [(path,) for path in kept])
    connection.execute(
        "INSERT INTO generation (table_name, sequence) VALUES (?, ?)"
        " ON CONFLICT (table_name) DO UPDATE SET sequence = excluded.sequence",
        (table, sequence),
    )


def epoch(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("SELECT number FROM epoch").fetchone()
    return int(number)


def retire(connection: sqlite3.Connection, paths: Sequence[str]) -> None:
    """Mark files for deletion once no reader of an earlier epoch is left."""
    if not paths:
        return
    connection.execute("UPDATE epoch SET number = number + 1")
    number = epoch(connection)
    connection.executemany(
        "INSERT OR REPLACE INTO retired (path, epoch) VALUES (?, ?)",
        [(path, number) for path in paths],
    )


def retired(connection: sqlite3.Connection) -> dict[str, int]:
    return dict(connection.execute("SELECT path, epoch FROM retired").fetchall())
