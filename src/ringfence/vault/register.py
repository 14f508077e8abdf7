"""The register of a vault: its wrapped keys, its cohorts and who wrote what into them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ringfence.lake import Home
from ringfence.lake.sqlite_file import Store, transaction

FORMAT = 1
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS vault (id TEXT NOT NULL, generation INTEGER NOT NULL) STRICT",
    """INSERT INTO vault SELECT lower(hex(randomblob(8))), 0
    WHERE NOT EXISTS (SELECT 1 FROM vault)""",
    "CREATE TABLE IF NOT EXISTS key (name TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS shredded (name TEXT PRIMARY KEY) STRICT",
    """CREATE TABLE IF NOT EXISTS attempt (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    batch TEXT NOT NULL,
    source TEXT NOT NULL,
    cohort TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('staging', 'ready', 'dropped')),
    acknowledged INTEGER NOT NULL DEFAULT 0,
    statements INTEGER NOT NULL DEFAULT 0,
    rejects INTEGER NOT NULL DEFAULT 0
) STRICT""",
    "CREATE INDEX IF NOT EXISTS attempt_batch ON attempt (batch)",
    """CREATE UNIQUE INDEX IF NOT EXISTS ready_once ON attempt (batch) WHERE state = 'ready'""",
)


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA secure_delete = ON")


_STORE = Store(FORMAT, _SCHEMA, _prepare)


@dataclass(frozen=True)
class Attempt:
    """One writing of a batch. Of several that were made ready, the first one counts."""

    number: int
    batch: str
    source: str
    cohort: str
    state: str
    acknowledged: bool
    statements: int
    rejects: int


_COLUMNS = "number, batch, source, cohort, state, acknowledged, statements, rejects"


def register_path(home: Home) -> Path:
    return home.vault / "vault.sqlite"


def cohort_path(home: Home, cohort: str) -> Path:
    return home.vault / f"cohort-{cohort}.sqlite"


def open_register(home: Home) -> sqlite3.Connection | None:
    """None where no identity was ever taken in."""
    return _STORE.opened(register_path(home))


def begin_register(home: Home) -> sqlite3.Connection:
    """The same, made where there is none."""
    return _STORE.made(register_path(home))


def identity_of(connection: sqlite3.Connection) -> tuple[str, int]:
    """The vault's id and the generation of its master key."""
    vault, generation = connection.execute("SELECT id, generation FROM vault").fetchone()
    return str(vault), int(generation)


def wrapped_keys(connection: sqlite3.Connection) -> dict[str, bytes]:
    return dict(connection.execute("SELECT name, wrapped FROM key ORDER BY name").fetchall())


def wrapped_key(connection: sqlite3.Connection, name: str) -> bytes | None:
    row = connection.execute("SELECT wrapped FROM key WHERE name = ?", (name,)).fetchone()
    return None if row is None else bytes(row[0])


def add_key(connection: sqlite3.Connection, name: str, wrapped: bytes) -> None:
    """Of two processes that make the same key at once, the first one's holds."""
    connection.execute("INSERT OR IGNORE INTO key (name, wrapped) VALUES (?, ?)", (name, wrapped))


def replace_keys(
    connection: sqlite3.Connection, keys: dict[str, bytes], shredded: Iterable[str], generation: int
) -> None:
    """Within a transaction: these keys and no others, wrapped under a renewed master key."""
    connection.execute("DELETE FROM key")
    connection.executemany("INSERT INTO key (name, wrapped) VALUES (?, ?)", keys.items())
    connection.executemany(
        "INSERT OR IGNORE INTO shredded (name) VALUES (?)", [(name,) for name in shredded]
    )
    connection.execute("UPDATE vault SET generation = ?", (generation,))


def shredded_names(connection: sqlite3.Connection) -> frozenset[str]:
    return frozenset(name for (name,) in connection.execute("SELECT name FROM shredded"))


def begin_attempt(connection: sqlite3.Connection, batch: str, source: str, cohort: str) -> int:
    with transaction(connection):
        made = connection.execute(
            "INSERT INTO attempt (batch, source, cohort, state) VALUES (?, ?, ?, 'staging')",
            (batch, source, cohort),
        )
        assert made.lastrowid is not None
        return made.lastrowid


def make_ready(connection: sqlite3.Connection, number: int, statements: int, rejects: int) -> None:
    """From now on this attempt counts; it is dropped where another was ready before."""
    with transaction(connection):
        (batch,) = connection.execute(
            "SELECT batch FROM attempt WHERE number = ?", (number,)
        ).fetchone()
        first = connection.execute(
            "SELECT 1 FROM attempt WHERE batch = ? AND state = 'ready'", (batch,)
        ).fetchone()
        connection.execute(
            "UPDATE attempt SET state = ?, statements = ?, rejects = ? WHERE number = ?",
            ("dropped" if first else "ready", statements, rejects, number),
        )


def attempts(connection: sqlite3.Connection, batch: str | None = None) -> list[Attempt]:
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM attempt WHERE ? IS NULL OR batch = ? ORDER BY number",  # noqa: S608
        (batch, batch),
    )
    return [_attempt(row) for row in rows]


def unsettled_batches(connection: sqlite3.Connection) -> list[str]:
    """Batches with writing that may have to be swept."""
    rows = connection.execute(
        "SELECT DISTINCT batch FROM attempt WHERE state <> 'ready' OR NOT acknowledged"
    )
    return [batch for (batch,) in rows]


def acknowledge(connection: sqlite3.Connection, number: int) -> None:
    with transaction(connection):
        connection.execute("UPDATE attempt SET acknowledged = 1 WHERE number = ?", (number,))


def drop_attempt(connection: sqlite3.Connection, number: int) -> None:
    with transaction(connection):
        connection.execute("UPDATE attempt SET state = 'dropped' WHERE number = ?", (number,))


def forget_attempt(connection: sqlite3.Connection, number: int) -> None:
    with transaction(connection):
        connection.execute("DELETE FROM attempt WHERE number = ?", (number,))


def visible(connection: sqlite3.Connection, live: frozenset[str]) -> dict[str, dict[int, Attempt]]:
    """The attempts that count, by cohort and number."""
    gone = shredded_names(connection)
    found: dict[str, dict[int, Attempt]] = {}
    for attempt in attempts(connection):
        if attempt.state == "ready" and attempt.batch in live and attempt.cohort not in gone:
            found.setdefault(attempt.cohort, {})[attempt.number] = attempt
    return found


def _attempt(row: tuple[int, str, str, str, str, int, int, int]) -> Attempt:
    number, batch, source, cohort, state, acknowledged, statements, rejects = row
    return Attempt(number, batch, source, cohort, state, bool(acknowledged), statements, rejects)
