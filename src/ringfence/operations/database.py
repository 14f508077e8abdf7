"""The store of work between agencies: rows that are added, never changed.

A state is the newest of its rows. Whoever changes one looks at how it stands and adds the next step
in one transaction, and there is one at a time: of two who act at once the second sees what the
first did.
"""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path

from ringfence.lake import Home
from ringfence.lake.sqlite_file import Store
from ringfence.operations.schema import LISTS, REQUESTS

FORMAT = 1


def path_of(home: Home) -> Path:
    return home.operations / "operations.sqlite"


def reading(home: Home) -> AbstractContextManager[sqlite3.Connection | None]:
    """One consistent view; None where nothing was ever written."""
    return _STORE.reading(path_of(home))


def writing(home: Home) -> AbstractContextManager[sqlite3.Connection]:
    """One transaction, durable on return; nothing of it holds when anything fails."""
    return _STORE.writing(path_of(home))


def _prepare(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")


_STORE = Store(FORMAT, (*REQUESTS, *LISTS), _prepare)
