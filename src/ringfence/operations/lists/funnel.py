"""What became of a list: received, valid, known, located, sent on, answered, positive.

Every count is the size of a set of rows or persons that can be listed, and every time the figures
are asked for it is checked that the sets lie within each other as they must.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ringfence.errors import NotFound, StorageError
from ringfence.lake import Home
from ringfence.operations.database import reading
from ringfence.operations.lists.model import POSITIVE, TESTS, ReceivedList

Persons = frozenset[int]

STAGES = ("persons", "earlier", "known", "located", "sent", "answered", "positive")


@dataclass(frozen=True)
class Funnel:
    """Rows first, then persons. `duplicates`: valid rows beyond the first of each person.

    `earlier`: persons that an earlier list names too. `at` holds the persons of each stage.
    """

    list: str
    received: int
    refused: int
    valid: int
    duplicates: int
    at: Mapping[str, Persons]

    def as_json(self) -> dict[str, Any]:
        rows = {
            "received": self.received,
            "refused": self.refused,
            "valid": self.valid,
            "duplicates": self.duplicates,
        }
        return {"list": self.list, **rows, **{stage: len(self.at[stage]) for stage in STAGES}}


def funnel(home: Home, found: ReceivedList) -> Funnel:
    with reading(home) as connection:
        if connection is None:
            raise NotFound(f"there is no list {found.name}", f"没有名单 {found.name}")
        return checked(_read(connection, found))


def _read(connection: sqlite3.Connection, found: ReceivedList) -> Funnel:
    number = (found.number,)
    received, valid = connection.execute(
        "SELECT count(*), count(person) FROM list_row WHERE number = ?", number
    ).fetchone()
    at = {
        "persons": _persons(connection, "SELECT person FROM list_row WHERE number = ?", found),
        "earlier": earlier(connection, found.number),
        "known": _persons(connection, "SELECT person FROM list_known WHERE number = ?", found),
        "located": _persons(connection, "SELECT person FROM list_place WHERE number = ?", found),
        "sent": _persons(
            connection, "SELECT person FROM list_act WHERE act = 'sent' AND number = ?", found
        ),
        "answered": _persons(
            connection, "SELECT person FROM list_act WHERE act = 'answered' AND number = ?", found
        ),
        "positive": _positive(connection, found),
    }
    persons = len(at["persons"])
    funnel = Funnel(found.name, received, received - valid, valid, valid - persons, at)
    if received != found.rows_in:
        raise _disagree(found.name, "received", "rows_in")
    return funnel


def checked(funnel: Funnel) -> Funnel:
    """The funnel, if its figures agree; else a StorageError that names two that do not."""
    at = funnel.at
    if funnel.received != funnel.valid + funnel.refused:
        raise _disagree(funnel.list, "received", "valid + refused")
    if funnel.valid != funnel.duplicates + len(at["persons"]):
        raise _disagree(funnel.list, "valid", "persons + duplicates")
    within = [("earlier", "persons"), ("known", "persons"), ("located", "persons")]
    within += [("sent", "located"), ("answered", "sent"), ("positive", "answered")]
    for inner, outer in within:
        if not at[inner] <= at[outer]:
            raise _disagree(funnel.list, inner, outer)
    return funnel


def _persons(connection: sqlite3.Connection, query: str, found: ReceivedList) -> Persons:
    rows = connection.execute(query, (found.number,))
    return frozenset(person for (person,) in rows if person is not None)


def earlier(connection: sqlite3.Connection, number: int) -> Persons:
    """Persons whom a list before this one names: by the same document, or, where either has none,
    by the same way to reach them. Withdrawn lists do not count."""
    rows = connection.execute(
        """
        SELECT DISTINCT mine.person
        FROM list_mark AS mine
        JOIN list_mark AS other ON other.mark = mine.mark AND other.number < mine.number
        WHERE mine.number = ?
          AND (mine.document OR NOT (mine.has_document AND other.has_document))
          AND NOT EXISTS (
              SELECT 1 FROM list_step WHERE number = other.number AND state = 'withdrawn')
        """,
        (number,),
    )
    return frozenset(person for (person,) in rows)


def _positive(connection: sqlite3.Connection, found: ReceivedList) -> Persons:
    """Whose last test was positive: a later negative one takes a mistaken positive back."""
    rows = connection.execute(
        "SELECT person, outcome FROM list_act"
        " WHERE number = ? AND outcome IN (?, ?) ORDER BY person, step",
        (found.number, *TESTS),
    )
    last = dict(rows.fetchall())
    return frozenset(person for person, outcome in last.items() if outcome == POSITIVE)


def _disagree(name: str, one: str, other: str) -> StorageError:
    return StorageError(
        f"the figures of list {name} do not agree ({one}, {other}): its rows were changed by "
        "something else than this program; restore the home from a copy",
        f"名单 {name} 的数字不一致（{one}，{other}）：数据被其他程序改动；请从备份恢复数据目录",
    )
