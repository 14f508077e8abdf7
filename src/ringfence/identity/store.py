"""The acts of identity in SQLite: rows that are added, never changed.

Who is one person at a time follows from the acts up to then. A link group holds the subjects that
share a checked number, each with the batches that say so; it counts no further than these do. What
was said by hand (merge, split) names all the subjects concerned, so that it can be read alone.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ringfence.lake import Home
from ringfence.lake.catalog import micros, moment
from ringfence.lake.sqlite_file import Store

FORMAT = 1

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS act (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('link', 'merge', 'split', 'undo')),
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    reason TEXT NOT NULL,
    undoes INTEGER REFERENCES act (number),
    content BLOB NOT NULL
) STRICT""",
    """CREATE TABLE IF NOT EXISTS said (
    act INTEGER NOT NULL REFERENCES act (number),
    side INTEGER NOT NULL,
    subject TEXT NOT NULL,
    named INTEGER NOT NULL,
    PRIMARY KEY (act, side, subject)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS said_subject ON said (subject)",
    """CREATE TABLE IF NOT EXISTS batch (
    number INTEGER PRIMARY KEY,
    batch TEXT NOT NULL UNIQUE
) STRICT""",
    """CREATE TABLE IF NOT EXISTS link_group (
    number INTEGER PRIMARY KEY,
    act INTEGER NOT NULL REFERENCES act (number),
    grade TEXT NOT NULL,
    digest BLOB NOT NULL
) STRICT""",
    """CREATE TABLE IF NOT EXISTS member (
    link_group INTEGER NOT NULL REFERENCES link_group (number),
    subject TEXT NOT NULL,
    batch INTEGER NOT NULL REFERENCES batch (number),
    PRIMARY KEY (link_group, subject, batch)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS ended (
    link_group INTEGER NOT NULL REFERENCES link_group (number),
    act INTEGER NOT NULL REFERENCES act (number),
    PRIMARY KEY (link_group, act)
) STRICT, WITHOUT ROWID""",
)
_STORE = Store(FORMAT, _SCHEMA)


@dataclass(frozen=True)
class Act:
    """One act. `undoes`: the number of the act that an undo takes back.

    `content`: digest of what it says of subjects, so that what is derived from acts can be told
    apart by them alone.
    """

    number: int
    kind: str
    at: datetime
    by: str
    reason: str
    undoes: int | None
    content: bytes


def path_of(home: Home) -> Path:
    return home.identity / "identity.sqlite"


def reading(home: Home) -> AbstractContextManager[sqlite3.Connection | None]:
    """One consistent view; None where nothing was ever linked or merged."""
    return _STORE.reading(path_of(home))


def writing(home: Home) -> AbstractContextManager[sqlite3.Connection]:
    """One transaction, durable on return; nothing of it holds when anything fails."""
    return _STORE.writing(path_of(home))


def record(
    connection: sqlite3.Connection,
    kind: str,
    *,
    at: datetime,
    by: str,
    reason: str,
    says: Iterable[str] = (),
    undoes: int | None = None,
) -> Act:
    """Take the next number. `says`: all that the act says of subjects, in words."""
    number = last_act(connection) + 1
    digest = hashlib.sha256()
    for word in says:
        digest.update(f"{word}\x1f".encode())
    content = digest.digest()
    connection.execute(
        "INSERT INTO act (number, kind, at, by, reason, undoes, content)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (number, kind, micros(at), by, reason, undoes, content),
    )
    return Act(number, kind, at.astimezone(UTC), by, reason, undoes, content)


def last_act(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("SELECT coalesce(max(number), 0) FROM act").fetchone()
    return int(number)


def acts(connection: sqlite3.Connection, until: int | None = None) -> list[Act]:
    """In their order, up to a number; None: all. Read them once, and hand them on."""
    rows = connection.execute(
        "SELECT number, kind, at, by, reason, undoes, content FROM act"
        " WHERE ? IS NULL OR number <= ? ORDER BY number",
        (until, until),
    )
    return [Act(n, kind, moment(at), *rest) for n, kind, at, *rest in rows]


def acts_known_at(connection: sqlite3.Connection, at: datetime | None) -> list[Act]:
    """Up to the last one that was known at a moment; None: all."""
    if at is None:
        return acts(connection)
    (number,) = connection.execute(
        "SELECT coalesce(max(number), 0) FROM act WHERE at <= ?", (micros(at),)
    ).fetchone()
    return acts(connection, number)


def in_force(every: Sequence[Act]) -> frozenset[int]:
    """Acts that no undo takes back; an undo can be undone too."""
    undone: set[int] = set()
    for act in reversed(every):
        if act.undoes is not None and act.number not in undone:
            undone.add(act.undoes)
    return frozenset(act.number for act in every) - undone
