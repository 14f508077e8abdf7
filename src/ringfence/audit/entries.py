"""The rows of the audit, their place on the disk, and the digest that chains them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ringfence.lake import Home
from ringfence.lake.catalog import micros, moment
from ringfence.lake.sqlite_file import Store, file_faults

FORMAT = 1
BEGINNING = bytes(32)

_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS entry (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    act TEXT NOT NULL,
    state TEXT NOT NULL,
    of INTEGER,
    about TEXT NOT NULL,
    digest BLOB NOT NULL
) STRICT""",
    """CREATE TABLE IF NOT EXISTS checkpoint (
    number INTEGER PRIMARY KEY,
    digest BLOB NOT NULL,
    signer TEXT NOT NULL,
    signature BLOB NOT NULL
) STRICT""",
    "CREATE TABLE IF NOT EXISTS mark (name TEXT NOT NULL) STRICT",
    """INSERT INTO mark SELECT lower(hex(randomblob(8)))
    WHERE NOT EXISTS (SELECT 1 FROM mark)""",
    "CREATE INDEX IF NOT EXISTS entry_of ON entry (of) WHERE of IS NOT NULL",
)
_STORE = Store(FORMAT, _SCHEMA)


@dataclass(frozen=True)
class Entry:
    """One act. `state`: told (a plain row), or intended and later done or failed, which is a row
    of its own that names the first in `of`. `about`: pseudonyms, cases and purposes by name.
    """

    number: int
    at: datetime
    by: str
    act: str
    state: str
    of: int | None
    about: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "at": self.at.isoformat(), "about": dict(self.about)}


def path_of(home: Home) -> Path:
    return home.audit / "audit.sqlite"


def open_audit(home: Home) -> sqlite3.Connection | None:
    """None where nothing was ever written."""
    return _STORE.opened(path_of(home))


def begin_audit(home: Home) -> sqlite3.Connection:
    """The same, to be written to: made where nothing was."""
    return _STORE.made(path_of(home))


def described(about: Mapping[str, str]) -> str:
    return _written(dict(sorted(about.items())))


def chained(before: bytes, row: tuple[Any, ...]) -> bytes:
    """The digest of a row (all columns but the digest) and of all rows before it."""
    return hashlib.sha256(before + _written(row).encode()).digest()


def last_number(home: Home) -> int:
    """Of the newest row; 0 where nothing was ever written."""
    with file_faults(path_of(home)):
        connection = open_audit(home)
        if connection is None:
            return 0
        with closing(connection):
            return int(
                connection.execute("SELECT coalesce(max(number), 0) FROM entry").fetchone()[0]
            )


def entries(
    home: Home,
    *,
    since: datetime | None = None,
    after: int = 0,
    about: Mapping[str, str] | None = None,
) -> Iterator[Entry]:
    """The rows in order, from a time on and after a number, that have all the words of `about`."""
    with file_faults(path_of(home)):
        connection = open_audit(home)
        if connection is None:
            return
        with closing(connection):
            rows = connection.execute(
                "SELECT number, at, by, act, state, of, about FROM entry"
                " WHERE number > ? AND (? IS NULL OR at >= ?) ORDER BY number",
                (after, *(since and micros(since),) * 2),
            )
            for number, at, by, act, state, of, told in rows:
                words = json.loads(told)
                if about is None or about.items() <= words.items():
                    yield Entry(number, moment(at), by, act, state, of, words)
