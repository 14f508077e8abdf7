"""The store of work between agencies: rows that are added, never changed.

A state is the newest of its rows. Whoever changes one claims the next step in a transaction of its
own, so that of two who act at once one wins and the other is told.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ringfence.lake import Home
from ringfence.lake.sqlite_file import (
    check_format,
    create_file,
    file_faults,
    is_made,
    open_file,
    transaction,
)
from ringfence.operations.schema import LISTS, REQUESTS

FORMAT = 1


def path_of(home: Home) -> Path:
    return home.operations / "operations.sqlite"


@contextmanager
def reading(home: Home) -> Iterator[sqlite3.Connection | None]:
    """One consistent view; None where nothing was ever written."""
    path = path_of(home)
    if not is_made(path):
        yield None
        return
    with file_faults(path), closing(_opened(path)) as connection:
        connection.execute("BEGIN")
        yield connection


@contextmanager
def writing(home: Home) -> Iterator[sqlite3.Connection]:
    """One transaction, durable on return; nothing of it holds when anything fails."""
    path = path_of(home)
    if not is_made(path):
        create_file(path, FORMAT, (*REQUESTS, *LISTS))
    with (
        file_faults(path),
        closing(_opened(path)) as connection,
        transaction(connection),
    ):
        yield connection


def _opened(path: Path) -> sqlite3.Connection:
    connection = open_file(path)
    check_format(connection, path, FORMAT)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    return connection
