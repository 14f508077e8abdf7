"""Data requests as they stand."""

from __future__ import annotations

import json
import re
import sqlite3

from ringfence.errors import NotFound, UsageError
from ringfence.lake import Home
from ringfence.lake.catalog import moment
from ringfence.operations.database import reading
from ringfence.operations.requests.model import OPEN, Coverage, Request, Scope

_NAME = re.compile(r"[Rr]?([1-9][0-9]{0,17})", re.ASCII)
_STANDING = """
    SELECT request.*, opened.at AS opened_at, opened.by AS opened_by,
           last.state, last.at AS changed_at, last.by AS changed_by,
           last.batch, last.received, last.reason, last.rows, last.beyond
    FROM request
    JOIN request_step AS opened ON opened.number = request.number AND opened.step = 0
    JOIN request_step AS last ON last.number = request.number
    WHERE last.step = (SELECT max(step) FROM request_step WHERE number = request.number)
"""


def all_requests(home: Home) -> tuple[Request, ...]:
    """Oldest first."""
    with reading(home) as connection:
        if connection is None:
            return ()
        found = connection.execute(f"{_STANDING} ORDER BY request.number").fetchall()
    return tuple(_request(row) for row in found)


def the_request(home: Home, name: str) -> Request:
    """UsageError: not the name of a request. NotFound: there is none."""
    number = number_of(name)
    with reading(home) as connection:
        if connection is None:
            raise unknown(number)
        return one(connection, number)


def number_of(name: str) -> int:
    found = _NAME.fullmatch(name.strip())
    if found is None:
        raise UsageError("a request is named like R12", "调取请求的编号形如 R12")
    return int(found[1])


def one(connection: sqlite3.Connection, number: int) -> Request:
    row = connection.execute(f"{_STANDING} AND request.number = ?", (number,)).fetchone()
    if row is None:
        raise unknown(number)
    return _request(row)


def open_with(connection: sqlite3.Connection, digest: str) -> Request | None:
    """The open request that asks exactly this."""
    found = connection.execute(f"{_STANDING} AND request.digest = ?", (digest,)).fetchall()
    return next((_request(row) for row in found if row["state"] == OPEN), None)


def unknown(number: int) -> NotFound:
    """In the same words, whether there is none or none that may be seen."""
    return NotFound(
        f"there is no request R{number}; see `ringfence requests list`",
        f"没有调取请求 R{number}；请查看 `ringfence requests list`",
    )


def _request(row: sqlite3.Row) -> Request:
    return Request(
        number=row["number"],
        agency=row["agency"],
        basis=row["basis"],
        case=row["case_key"],
        scope=Scope(
            tuple(json.loads(row["tables"])),
            moment(row["first"]),
            moment(row["until"]),
            tuple(json.loads(row["places"])),
            tuple(json.loads(row["services"])),
        ),
        due=moment(row["due"]),
        opened_at=moment(row["opened_at"]),
        opened_by=row["opened_by"],
        state=row["state"],
        changed_at=moment(row["changed_at"]),
        changed_by=row["changed_by"],
        batch=row["batch"],
        received_at=None if row["received"] is None else moment(row["received"]),
        reason=row["reason"],
        coverage=None if row["rows"] is None else Coverage(row["rows"], row["beyond"]),
    )
