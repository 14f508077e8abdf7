"""The file of a cohort: the sealed records of what was received in one month, and their tokens.

A record's number holds its attempt and its ordinal in it: `attempt << 32 | ordinal`. A token leads
to the ordinals of all records of an attempt that bear it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from ringfence.lake import Home
from ringfence.lake.durable import sync_folder
from ringfence.lake.sqlite_file import Store, check_format, open_file, transaction
from ringfence.vault.locks import Locks
from ringfence.vault.register import cohort_path, shredded_names
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
    attempt INTEGER NOT NULL,
    ordinals BLOB NOT NULL,
    PRIMARY KEY (kind, token, attempt)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS pending (
    attempt INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    chunk INTEGER NOT NULL,
    tokens BLOB NOT NULL,
    ordinals BLOB NOT NULL,
    PRIMARY KEY (attempt, kind, chunk)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS reject (
    attempt INTEGER NOT NULL,
    row INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (attempt, row)
) STRICT, WITHOUT ROWID""",
)
_STORE = Store(FORMAT, _SCHEMA)
_SHIFT = 32

Numbers = npt.NDArray[np.int64]
Ordinals = npt.NDArray[np.uint32]


def cohort_of(now: datetime, shredded: frozenset[str]) -> str:
    """The month of receipt (UTC). What comes after its shredding begins another one."""
    month = f"{now.astimezone(UTC):%Y-%m}"
    name, count = month, 1
    while name in shredded:
        count += 1
        name = f"{month}.{count}"
    return name


@contextmanager
def writing_cohort(register: sqlite3.Connection, locks: Locks, now: datetime) -> Iterator[str]:
    """The cohort of now, which nobody shreds meanwhile. One that was shredded after it was chosen
    and before it was held is looked at again: its file would be removed with all that is written.
    """
    while True:
        cohort = cohort_of(now, shredded_names(register))
        with locks.busy_with(cohort):
            if cohort not in shredded_names(register):
                yield cohort
                return


def record_number(attempt: int, ordinal: int) -> int:
    return attempt << _SHIFT | ordinal


def attempt_of(number: int) -> int:
    return number >> _SHIFT


def span_of(attempt: int) -> tuple[int, int]:
    """The first and the last number that a record of an attempt may have."""
    return record_number(attempt, 0), record_number(attempt + 1, 0) - 1


def open_cohort(home: Home, cohort: str) -> sqlite3.Connection:
    """To be read: it was made when it was written to."""
    path = cohort_path(home, cohort)
    connection = open_file(path)
    check_format(connection, path, FORMAT)
    return connection


def begin_cohort(home: Home, cohort: str) -> sqlite3.Connection:
    """To be written to: made where there is none."""
    return _STORE.made(cohort_path(home, cohort))


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
    tokens: Mapping[int, tuple[bytes, list[int]]],
) -> None:
    """Not synced: nothing counts before `settle` has come to its end."""
    connection.execute("PRAGMA synchronous = NORMAL")
    with transaction(connection):
        connection.executemany(
            "INSERT INTO statement (number, subject, row, sealed) VALUES (?, ?, ?, ?)", records
        )
        connection.executemany(
            "INSERT INTO pending (attempt, kind, chunk, tokens, ordinals) VALUES (?, ?, ?, ?, ?)",
            [
                (attempt, kind, chunk, found, np.array(ordinals, "<u4").tobytes())
                for kind, (found, ordinals) in tokens.items()
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
                "SELECT tokens, ordinals FROM pending WHERE attempt = ? AND kind = ?"
                " ORDER BY chunk",
                (attempt, kind),
            ).fetchall()
            tokens = b"".join([found for found, _ in chunks])
            ordinals = np.frombuffer(b"".join([these for _, these in chunks]), "<u4")
            connection.executemany(
                "INSERT INTO token (kind, token, attempt, ordinals) VALUES (?, ?, ?, ?)",
                ((kind, token, attempt, these) for token, these in postings(tokens, ordinals)),
            )
            connection.execute(
                "DELETE FROM pending WHERE attempt = ? AND kind = ?", (attempt, kind)
            )
    with transaction(connection):
        connection.execute("DELETE FROM pending WHERE attempt = ?", (attempt,))


def postings(tokens: bytes, ordinals: Ordinals) -> Iterator[tuple[bytes, bytes]]:
    """Each distinct token, in order, with the ordinals that bear it."""
    order, begins, ends = runs(tokens, ordinals)
    halves = np.frombuffer(tokens, ">u8").reshape(-1, 2)
    text, bearing = halves[order[begins]].tobytes(), ordinals[order].tobytes()
    spans = zip(begins.tolist(), ends.tolist(), strict=True)
    for at, (begin, end) in enumerate(spans):
        yield text[at * TOKEN_BYTES : (at + 1) * TOKEN_BYTES], bearing[begin * 4 : end * 4]


def runs(tokens: bytes, *then_by: Numbers | Ordinals) -> tuple[Numbers, Numbers, Numbers]:
    """The order of the tokens, of equal ones by what is given beside them, the first before the
    next; and where in it each run of equal tokens begins and ends.
    """
    halves = np.frombuffer(tokens, ">u8").reshape(-1, 2)
    order = np.lexsort((*reversed(then_by), halves[:, 1], halves[:, 0]))
    halves = halves[order]
    begins = np.flatnonzero(np.r_[True, (halves[1:] != halves[:-1]).any(axis=1)])
    return order, begins, np.r_[begins[1:], len(halves)]


def remove_attempt(home: Home, cohort: str, attempt: int) -> None:
    """Take out what an attempt wrote; tokens only where it had come as far as sorting them."""
    connection = _STORE.opened(cohort_path(home, cohort))
    if connection is None:
        return
    with closing(connection), transaction(connection):
        for statement in (
            "DELETE FROM token WHERE attempt = ?",
            "DELETE FROM pending WHERE attempt = ?",
            "DELETE FROM reject WHERE attempt = ?",
        ):
            connection.execute(statement, (attempt,))
        connection.execute("DELETE FROM statement WHERE number BETWEEN ? AND ?", span_of(attempt))
