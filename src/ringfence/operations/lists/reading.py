"""Received lists as they stand."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from ringfence.errors import DataError, NotFound, Text, UsageError
from ringfence.lake import Home, Reject
from ringfence.lake.catalog import moment
from ringfence.operations.database import reading
from ringfence.operations.lists.model import WITHDRAWN, ReceivedList

_NAME = re.compile(r"[Ll]?([1-9][0-9]{0,17})", re.ASCII)
_STANDING = """
    SELECT list.*, received.at AS received_at, received.by AS received_by,
           last.state, last.at AS changed_at, last.by AS changed_by, last.digest
    FROM list
    JOIN list_step AS received ON received.number = list.number AND received.step = 0
    JOIN list_step AS last ON last.number = list.number
    WHERE last.step = (SELECT max(step) FROM list_step WHERE number = list.number)
"""


def all_lists(home: Home) -> tuple[ReceivedList, ...]:
    """Oldest first."""
    with reading(home) as connection:
        if connection is None:
            return ()
        rows = connection.execute(f"{_STANDING} ORDER BY list.number").fetchall()
        return tuple(_list(connection, row) for row in rows)


def live_lists(home: Home) -> frozenset[str]:
    """Batches of the vault that a list acknowledges, which is not withdrawn."""
    return frozenset(one.batch for one in all_lists(home) if one.state != WITHDRAWN)


def acknowledged_lists(home: Home) -> frozenset[str]:
    """Batches of all lists that were ever received, withdrawn ones too."""
    with reading(home) as connection:
        if connection is None:
            return frozenset()
        return frozenset(batch for (batch,) in connection.execute("SELECT batch FROM list"))


def number_of(name: str) -> int:
    """UsageError: not the name of a list."""
    found = _NAME.fullmatch(name.strip())
    if found is None:
        raise UsageError("a list is named like L3", "名单的编号形如 L3")
    return int(found[1])


def the_list(home: Home, name: str) -> ReceivedList:
    """UsageError: not the name of a list. NotFound: there is none."""
    number = number_of(name)
    with reading(home) as connection:
        if connection is None:
            raise unknown(number)
        return one(connection, number)


def standing_list(home: Home, name: str) -> ReceivedList:
    """As `the_list`; DataError where it was withdrawn."""
    found = the_list(home, name)
    refuse_withdrawn(found)
    return found


def refuse_withdrawn(found: ReceivedList) -> None:
    if found.state == WITHDRAWN:
        raise DataError(f"list {found.name} was withdrawn", f"名单 {found.name} 已撤回")


def one(connection: sqlite3.Connection, number: int) -> ReceivedList:
    row = connection.execute(f"{_STANDING} AND list.number = ?", (number,)).fetchone()
    if row is None:
        raise unknown(number)
    return _list(connection, row)


def of_batch(connection: sqlite3.Connection, batch: str) -> ReceivedList | None:
    row = connection.execute(f"{_STANDING} AND list.batch = ?", (batch,)).fetchone()
    return None if row is None else _list(connection, row)


@dataclass(frozen=True)
class LastAct:
    """What was done last of a person. `unit`: that he was sent on to last; `outcome` None: it has
    not answered since.
    """

    unit: str | None
    outcome: str | None
    at: int


def last_acts(connection: sqlite3.Connection, number: int) -> dict[int, LastAct]:
    """By person, of those who were ever sent on."""
    last: dict[int, LastAct] = {}
    for person, sent_to, outcome, at in connection.execute(
        "SELECT person, unit, outcome, at FROM list_act WHERE number = ? ORDER BY person, step",
        (number,),
    ):
        before = last.get(person)
        unit = before.unit if sent_to is None and before is not None else sent_to
        last[person] = LastAct(unit, outcome, at)
    return last


def unknown(number: int) -> NotFound:
    """In the same words, whether there is none or none that may be seen."""
    return NotFound(
        f"there is no list L{number}; see `ringfence lists list`",
        f"没有名单 L{number}；请查看 `ringfence lists list`",
    )


def _list(connection: sqlite3.Connection, row: sqlite3.Row) -> ReceivedList:
    parts = connection.execute(
        "SELECT name FROM list_part WHERE number = ? ORDER BY part", (row["number"],)
    )
    return ReceivedList(
        number=row["number"],
        batch=row["batch"],
        agency=row["agency"],
        basis=row["basis"],
        case=row["case_key"],
        file=row["file"],
        form=row["form"],
        rows_in=row["rows_in"],
        received_at=moment(row["received_at"]),
        received_by=row["received_by"],
        state=row["state"],
        changed_at=moment(row["changed_at"]),
        changed_by=row["changed_by"],
        digest=row["digest"],
        parts=tuple(name for (name,) in parts),
    )


def refused_rows(home: Home, found: ReceivedList) -> tuple[Reject, ...]:
    """The rows that were set aside, with the reason; never a value."""
    with reading(home) as connection:
        assert connection is not None
        rows = connection.execute(
            "SELECT row, field, reason_en, reason_zh FROM list_row"
            " WHERE number = ? AND person IS NULL ORDER BY row",
            (found.number,),
        )
        return tuple(Reject(row, field, Text(en, zh)) for row, field, en, zh in rows)
