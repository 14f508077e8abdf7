"""The steps of a list: received, signed, answered, withdrawn. The newest is its state."""

from __future__ import annotations

import sqlite3


def add_step(
    connection: sqlite3.Connection,
    number: int,
    state: str,
    *,
    at: int,
    by: str,
    digest: str | None = None,
    reason: str | None = None,
) -> None:
    """The next step, whose number no other transaction can take meanwhile."""
    connection.execute(
        "INSERT INTO list_step (number, step, state, at, by, digest, reason)"
        " SELECT ?, coalesce(max(step), -1) + 1, ?, ?, ?, ?, ? FROM list_step WHERE number = ?",
        (number, state, at, by, digest, reason, number),
    )
