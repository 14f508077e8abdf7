"""The file of a cohort: the sealed records of what was received in one month, and their tokens.

A record's number holds its attempt and its place in it: `attempt << 32 | ordinal`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from ringfence.lake import Home
from ringfence.lake.durable import sync_folder
from ringfence.lake.sqlite_file import check_format, create_file, is_made, open_file, transaction
from ringfence.vault.register import cohort_path
from ringfence.vault.tokens import TOKEN_BYTES

FORMAT = 1
_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS statement (
    number INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    row INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT""",
    """CREATE TABLE IF NOT EXISTS token (
    kind INTEGER NOT NULL,
    token BLOB NOT NULL,
    statement INTEGER NOT NULL,
    PRIMARY KEY (kind, token, statement)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS pending (
    attempt INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    chunk INTEGER NOT NULL,
    tokens BLOB NOT NULL,
    statements BLOB NOT NULL,
    PRIMARY KEY (attempt, kind, chunk)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS reject (
    attempt INTEGER NOT NULL,
    row INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (attempt, row)
) STRICT, WITHOUT ROWID""",
)
_SHIFT = 32
_AT_ONCE = 50_000

Numbers = npt.NDArray[np.int64]


def cohort_of(now: datetime, shredded: frozenset[str]) -> str:
    """The month of receipt (UTC). What comes after its shredding begins another one."""
    month = f"{now.astimezone(UTC):%Y-%m}"
    name, count = month, 1
    while name in shredded:
        count += 1
        name = f"{month}.{count}"
    return name


def record_number(attempt: int, ordinal: int) -> int:
    return attempt << _SHIFT | ordinal


def attempts_of(numbers: Numbers) -> Numbers:
    return numbers >> _SHIFT


def open_cohort(home: Home, cohort: str, *, create: bool = False) -> sqlite3.Connection:
    path = cohort_path(home, cohort)
    if create and not is_made(path):
        create_file(path, FORMAT, _SCHEMA)
    connection = open_file(path)
    check_format(connection, path, FORMAT)
    return connection


def remove_cohort(home: Home, cohort: str) -> None:
    path = cohort_path(home, cohort)
    for end in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).unlink()
    sync_folder(path.parent)


def add_chunk(
    connection: sqlite3.Connection,
    attempt: int,
    chunk: int,
    records: list[tuple[int, str, int, bytes]],
    tokens: Mapping[int, tuple[bytes, Numbers]],
) -> None:
    """Not synced: nothing counts before `settle` has come to its end."""
    connection.execute("PRAGMA synchronous = NORMAL")
    with transaction(connection):
        connection.executemany(
            "INSERT INTO statement (number, subject, row, sealed) VALUES (?, ?, ?, ?)", records
        )
        connection.executemany(
            "INSERT INTO pending (attempt, kind, chunk, tokens, statements) VALUES (?, ?, ?, ?, ?)",
            [
                (attempt, kind, chunk, found, numbers.tobytes())
                for kind, (found, numbers) in tokens.items()
            ],
        )


def add_rejects(
    connection: sqlite3.Connection, attempt: int, rejects: list[tuple[int, bytes]]
) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")
    with transaction(connection):
        connection.executemany(
            "INSERT OR REPLACE INTO reject (attempt, row, sealed) VALUES (?, ?, ?)",
            [(attempt, row, sealed) for row, sealed in rejects],
        )


def settle(connection: sqlite3.Connection, attempt: int) -> None:
    """Sort the tokens of an attempt into place, and make all of it durable.

    Sorted first, they fill the pages of the tree one after the other.
    """
    kinds = connection.execute(
        "SELECT DISTINCT kind FROM pending WHERE attempt = ? ORDER BY kind", (attempt,)
    ).fetchall()
    connection.execute("PRAGMA synchronous = FULL")
    for (kind,) in kinds:
        with transaction(connection):
            chunks = connection.execute(
                "SELECT tokens, statements FROM pending WHERE attempt = ? AND kind = ?",
                (attempt, kind),
            ).fetchall()
            rows = _sorted(
                b"".join(found for found, _ in chunks),
                np.frombuffer(b"".join(numbers for _, numbers in chunks), np.int64),
            )
            connection.executemany(
                "INSERT OR IGNORE INTO token (kind, token, statement) VALUES (?, ?, ?)",
                ((kind, token, statement) for token, statement in rows),
            )
            connection.execute(
                "DELETE FROM pending WHERE attempt = ? AND kind = ?", (attempt, kind)
            )
    with transaction(connection):
        connection.execute("DELETE FROM pending WHERE attempt = ?", (attempt,))


def _sorted(tokens: bytes, numbers: Numbers) -> Iterator[tuple[bytes, int]]:
    halves = np.frombuffer(tokens, ">u8").reshape(-1, 2)
    order = np.lexsort((numbers, halves[:, 1], halves[:, 0]))
    lines = np.frombuffer(tokens, np.uint8).reshape(-1, TOKEN_BYTES)
    for start in range(0, len(order), _AT_ONCE):
        part = order[start : start + _AT_ONCE]
        text = lines[part].tobytes()
        for at, number in enumerate(numbers[part].tolist()):
            yield text[at * TOKEN_BYTES : (at + 1) * TOKEN_BYTES], number


def remove_attempt(home: Home, cohort: str, attempt: int) -> None:
    """Take out what an attempt wrote; tokens only where it had come as far as sorting them."""
    path = cohort_path(home, cohort)
    if not is_made(path):
        return
    first, last = record_number(attempt, 0), record_number(attempt + 1, 0) - 1
    with closing(open_cohort(home, cohort)) as connection, transaction(connection):
        connection.execute("DELETE FROM token WHERE statement BETWEEN ? AND ?", (first, last))
        for statement in (
            "DELETE FROM pending WHERE attempt = ?",
            "DELETE FROM reject WHERE attempt = ?",
        ):
            connection.execute(statement, (attempt,))
        connection.execute("DELETE FROM statement WHERE number BETWEEN ? AND ?", (first, last))
