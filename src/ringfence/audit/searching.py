"""Looking for rows of the audit, the newest first, as far back as one look may go."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from ringfence.audit.entries import Entry, open_audit, path_of
from ringfence.lake import Home
from ringfence.lake.catalog import micros, moment
from ringfence.lake.sqlite_file import file_faults

_WANTED = {
    "by": "by = ?",
    "act": "(act = ? OR substr(act, 1, length(?) + 1) = ? || '.')",
    "case": "instr(', ' || coalesce(json_extract(about, '$.case'), '') || ',', ', ' || ? || ',')",
    "since": "at >= ?",
    "until": "at < ?",
}


@dataclass(frozen=True)
class Wanted:
    """What rows are looked for; empty or None: any. `act`: one, or all that begin with its word, as
    `task` does for `task.reveal`. `case`: its number. [since, until).
    """

    by: str = ""
    act: str = ""
    case: str = ""
    since: datetime | None = None
    until: datetime | None = None


def newest(
    home: Home, wanted: Wanted, *, before: int | None = None, back: int | None = None
) -> Iterator[Entry]:
    """Rows whose number is below `before`, the newest first. `back`: so many rows of the log are
    looked through, whatever they are.
    """
    with file_faults(path_of(home)):
        connection = open_audit(home)
        if connection is None:
            return
        with closing(connection):
            where, given = _asked(wanted)
            if before is not None:
                where.append("number < ?")
                given.append(before)
            if back is not None:
                where.append("number >= ?")
                given.append(_end(connection, before) - back)
            rows = connection.execute(
                "SELECT number, at, by, act, state, of, about FROM entry"  # noqa: S608 - own words
                f" WHERE {' AND '.join(where) or 'true'} ORDER BY number DESC",
                given,
            )
            for number, at, by, act, state, of, about in rows:
                yield Entry(number, moment(at), by, act, state, of, json.loads(about))


def _end(connection: sqlite3.Connection, before: int | None) -> int:
    if before is not None:
        return before
    found = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM entry")
    return int(found.fetchone()[0])


def _asked(wanted: Wanted) -> tuple[list[str], list[object]]:
    where: list[str] = []
    given: list[object] = []
    for name, condition in _WANTED.items():
        value = getattr(wanted, name)
        if not value:
            continue
        where.append(condition)
        told = micros(value) if isinstance(value, datetime) else value
        given += [told] * condition.count("?")
    return where, given
