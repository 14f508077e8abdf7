"""What the catalog knows of imports: one file that gave rows to several tables, and its parts.

A home made before imports existed gets these tables with its first one; until then it has none.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS import (
    batch TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL REFERENCES act (sequence),
    mapping TEXT NOT NULL,
    source TEXT NOT NULL,
    file_name TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    mends TEXT,
    rejects_path TEXT,
    rejects_sha256 TEXT,
    receipt TEXT NOT NULL
) STRICT""",
    """CREATE TABLE IF NOT EXISTS import_delivery (
    delivery TEXT PRIMARY KEY REFERENCES delivery (batch),
    import TEXT NOT NULL REFERENCES import (batch)
) STRICT""",
    """CREATE TABLE IF NOT EXISTS part (
    batch TEXT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (batch, number)
) STRICT""",
    """CREATE TABLE IF NOT EXISTS content (
    batch TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL
) STRICT""",
    """CREATE TABLE IF NOT EXISTS wording (
    batch TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL
) STRICT""",
    """CREATE TABLE IF NOT EXISTS wording_text (
    sha256 TEXT PRIMARY KEY,
    content BLOB NOT NULL
) STRICT""",
)
_IMPORT = (
    "batch, sequence, mapping, source, file_name, received_at, mends, rejects_path,"
    " rejects_sha256, receipt"
)


@dataclass(frozen=True)
class Import:
    """One acknowledged import. `mends`: the batch whose rows it brings again, put right."""

    batch: str
    sequence: int
    mapping: str
    source: str
    file_name: str
    received_at: int
    mends: str | None
    rejects_path: str | None
    rejects_sha256: str | None
    receipt: str


def prepare(connection: sqlite3.Connection) -> None:
    for statement in _SCHEMA:
        connection.execute(statement)


def _has_imports(connection: sqlite3.Connection) -> bool:
    return _has_table(connection, "import_delivery")


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,))
    return found.fetchone() is not None


def record_import(connection: sqlite3.Connection, taken: Import, deliveries: list[str]) -> None:
    connection.execute(
        f"INSERT INTO import ({_IMPORT}) VALUES ({', '.join('?' * 10)})",
        (
            taken.batch,
            taken.sequence,
            taken.mapping,
            taken.source,
            taken.file_name,
            taken.received_at,
            taken.mends,
            taken.rejects_path,
            taken.rejects_sha256,
            taken.receipt,
        ),
    )
    connection.executemany(
        "INSERT INTO import_delivery (delivery, import) VALUES (?, ?)",
        [(delivery, taken.batch) for delivery in deliveries],
    )


def record_parts(connection: sqlite3.Connection, batch: str, parts: Mapping[int, str]) -> None:
    connection.executemany(
        "INSERT INTO part (batch, number, name) VALUES (?, ?, ?)",
        [(batch, number, name) for number, name in sorted(parts.items())],
    )


def record_content(connection: sqlite3.Connection, batch: str, sha256: str) -> None:
    """Of the file's bytes alone: a batch's own id also tells by what they were read."""
    connection.execute("INSERT INTO content (batch, sha256) VALUES (?, ?)", (batch, sha256))


def record_wording(connection: sqlite3.Connection, batch: str, content: bytes) -> None:
    """The mapping's file that an import was read by; kept once for all of them."""
    sha256 = hashlib.sha256(content).hexdigest()
    connection.execute("INSERT INTO wording (batch, sha256) VALUES (?, ?)", (batch, sha256))
    connection.execute("INSERT OR IGNORE INTO wording_text VALUES (?, ?)", (sha256, content))


def wording_of(connection: sqlite3.Connection, batch: str) -> bytes | None:
    """Of imports before it was kept, nothing is known."""
    if not _has_table(connection, "wording_text"):
        return None
    found = connection.execute(
        "SELECT content FROM wording JOIN wording_text USING (sha256) WHERE batch = ?", (batch,)
    ).fetchone()
    return None if found is None else bytes(found[0])


def import_of(connection: sqlite3.Connection, batch: str) -> Import | None:
    if not _has_imports(connection):
        return None
    row = connection.execute(f"SELECT {_IMPORT} FROM import WHERE batch = ?", (batch,)).fetchone()
    return None if row is None else Import(*row)


def imports(connection: sqlite3.Connection, until: int) -> list[Import]:
    """Imports up to a sequence, withdrawn ones too, oldest first."""
    if not _has_imports(connection):
        return []
    rows = connection.execute(
        f"SELECT {_IMPORT} FROM import WHERE sequence <= ? ORDER BY sequence", (until,)
    )
    return [Import(*row) for row in rows]


def imports_like(connection: sqlite3.Connection, prefix: str) -> list[str]:
    if not _has_imports(connection):
        return []
    rows = connection.execute(
        "SELECT batch FROM import WHERE substr(batch, 1, ?) = ? ORDER BY sequence",
        (len(prefix), prefix),
    )
    return [batch for (batch,) in rows]


def imports_of(connection: sqlite3.Connection) -> dict[str, str]:
    """The import of each delivery that is part of one."""
    if not _has_imports(connection):
        return {}
    return dict(connection.execute("SELECT delivery, import FROM import_delivery").fetchall())


def deliveries_of(connection: sqlite3.Connection, batch: str) -> list[str]:
    if not _has_imports(connection):
        return []
    rows = connection.execute(
        "SELECT delivery FROM import_delivery JOIN delivery ON batch = delivery"
        " WHERE import = ? ORDER BY sequence",
        (batch,),
    )
    return [delivery for (delivery,) in rows]


def parts_of(connection: sqlite3.Connection, batch: str) -> dict[int, str]:
    """Names of the parts of a delivered file; none where it is a single table."""
    if not _has_imports(connection):
        return {}
    rows = connection.execute("SELECT number, name FROM part WHERE batch = ?", (batch,))
    return dict(rows.fetchall())


def all_parts(connection: sqlite3.Connection) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    if _has_imports(connection):
        for batch, number, name in connection.execute("SELECT batch, number, name FROM part"):
            found.setdefault(batch, {})[number] = name
    return found


def contents(connection: sqlite3.Connection) -> dict[str, str]:
    """SHA-256 of the bytes of imported files, by import."""
    return _kept(connection, "content")


def wordings(connection: sqlite3.Connection) -> dict[str, str]:
    """SHA-256 of the mappings' files, by import."""
    return _kept(connection, "wording")


def _kept(connection: sqlite3.Connection, table: str) -> dict[str, str]:
    """Of imports before it was kept, nothing is known."""
    if not _has_table(connection, table):
        return {}
    return dict(connection.execute(f"SELECT batch, sha256 FROM {table}").fetchall())
