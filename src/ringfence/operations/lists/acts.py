"""What is done with persons of a list: sent on to a unit, answered by it; each step once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ringfence.audit import acting
from ringfence.errors import DataError, NotFound, UsageError
from ringfence.lake import Home
from ringfence.lake.catalog import micros
from ringfence.operations.checks import check_keys, check_words
from ringfence.operations.database import writing
from ringfence.operations.lists.divisions import division_and_below
from ringfence.operations.lists.model import OUTCOMES, WITHDRAWN, ReceivedList
from ringfence.operations.lists.reading import last_acts, one, refuse_withdrawn, standing_list
from ringfence.operations.lists.steps import add_step


@dataclass(frozen=True)
class Done:
    """Persons for whom it was done now; those for whom it was so before."""

    list: ReceivedList
    persons: tuple[int, ...]
    before: tuple[int, ...]


def send(
    home: Home,
    name: str,
    unit: str,
    *,
    division: str | None = None,
    persons: Iterable[int] = (),
    by: str,
    now: datetime,
) -> Done:
    """Send persons on to the unit that is to find them.

    With a division alone: all who are located in it or below and were not sent on. With persons:
    these; those who are not located are then located in the division given. Who waits for the
    answer of another unit stays with it.
    """
    check_keys("unit", "单位", [unit])
    found = standing_list(home, name)
    chosen = frozenset(persons)
    if division is None and not chosen:
        raise UsageError(
            "say whom to send on: a division, or persons", "请指明转办对象：区划或人员序号"
        )
    below = None if division is None else division_and_below(home, division, now)
    about = {"list": found.name, "unit": unit}
    with acting(home, "list.send", by=by, at=now, about=about) as told, writing(home) as connection:
        refuse_withdrawn(one(connection, found.number))
        if chosen:
            _refuse_unknown(connection, found, chosen)
            if division is not None:
                _locate(connection, found, chosen, division=division, at=micros(now), by=by)
            _refuse_unlocated(connection, found, chosen)
        else:
            assert below is not None
            chosen = _in_divisions(connection, found, below)
        free, before = _sendable(connection, found, chosen)
        for person in free:
            _claim(connection, found, person, at=micros(now), by=by, unit=unit)
        told["persons"] = str(len(free))
    return Done(found, free, before)


def record(home: Home, name: str, outcomes: Mapping[int, str], *, by: str, now: datetime) -> Done:
    """What units answered. A person may be answered of again; each answer is kept."""
    found = standing_list(home, name)
    for outcome in outcomes.values():
        if outcome not in OUTCOMES:
            words = ", ".join(OUTCOMES)
            raise UsageError(f"an outcome is one of: {words}", f"结果只能是：{words}")
    about = {"list": found.name, "persons": str(len(outcomes))}
    with (
        acting(home, "list.record", by=by, at=now, about=about),
        writing(home) as connection,
    ):
        refuse_withdrawn(one(connection, found.number))
        _refuse_unknown(connection, found, outcomes)
        last = last_acts(connection, found.number)
        unsent = sorted(person for person in outcomes if person not in last)
        if unsent:
            raise DataError(
                f"{len(unsent)} of these persons were sent on to no unit: {_some(unsent)}",
                f"其中 {len(unsent)} 人尚未转办：{_some(unsent)}",
            )
        new = tuple(p for p, outcome in outcomes.items() if last[p].outcome != outcome)
        for person in new:
            _claim(connection, found, person, at=micros(now), by=by, outcome=outcomes[person])
    return Done(found, new, tuple(sorted(outcomes.keys() - set(new))))


def withdraw(home: Home, name: str, reason: str, *, by: str, now: datetime) -> ReceivedList:
    """The list was wrong: it no longer counts, and its identities are no longer shown."""
    check_words("reason", "理由", reason)
    found = standing_list(home, name)
    about = {"list": found.name, "reason": reason}
    with (
        acting(home, "list.withdraw", by=by, at=now, about=about),
        writing(home) as connection,
    ):
        refuse_withdrawn(one(connection, found.number))
        add_step(connection, found.number, WITHDRAWN, at=micros(now), by=by, reason=reason)
        return one(connection, found.number)


def _sendable(
    connection: sqlite3.Connection, found: ReceivedList, chosen: Iterable[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Who can be sent on, and who waits for a unit or was answered of already."""
    last = last_acts(connection, found.number)
    asked = sorted(chosen)
    free = tuple(p for p in asked if p not in last or last[p].outcome == "elsewhere")
    return free, tuple(sorted(set(asked).difference(free)))


def _claim(
    connection: sqlite3.Connection,
    found: ReceivedList,
    person: int,
    *,
    at: int,
    by: str,
    unit: str | None = None,
    outcome: str | None = None,
) -> None:
    act = "sent" if outcome is None else "answered"
    connection.execute(
        "INSERT INTO list_act (number, person, step, act, unit, outcome, at, by)"
        " SELECT ?, ?, coalesce(max(step), -1) + 1, ?, ?, ?, ?, ? FROM list_act"
        " WHERE number = ? AND person = ?",
        (found.number, person, act, unit, outcome, at, by, found.number, person),
    )


def _in_divisions(
    connection: sqlite3.Connection, found: ReceivedList, codes: frozenset[str]
) -> frozenset[int]:
    return frozenset(
        person for person, code in divisions_of_persons(connection, found).items() if code in codes
    )


def divisions_of_persons(connection: sqlite3.Connection, found: ReceivedList) -> dict[int, str]:
    """Where each located person is: what was said last."""
    rows = connection.execute(
        "SELECT person, division FROM list_place WHERE number = ? ORDER BY person, step",
        (found.number,),
    )
    return dict(rows.fetchall())


def _locate(
    connection: sqlite3.Connection,
    found: ReceivedList,
    persons: Iterable[int],
    *,
    division: str,
    at: int,
    by: str,
) -> None:
    """By hand: what somebody decides stands above what was found."""
    there = divisions_of_persons(connection, found)
    connection.executemany(
        "INSERT INTO list_place (number, person, step, division, how, at, by)"
        " SELECT ?, ?, coalesce(max(step), -1) + 1, ?, 'hand', ?, ? FROM list_place"
        " WHERE number = ? AND person = ?",
        [
            (found.number, person, division, at, by, found.number, person)
            for person in persons
            if there.get(person) != division
        ],
    )


def _refuse_unknown(
    connection: sqlite3.Connection, found: ReceivedList, persons: Iterable[int]
) -> None:
    rows = connection.execute(
        "SELECT DISTINCT person FROM list_row WHERE number = ?", (found.number,)
    )
    missing = sorted(set(persons) - {person for (person,) in rows})
    if missing:
        raise NotFound(
            f"list {found.name} has no person {_some(missing)}",
            f"名单 {found.name} 中没有人员 {_some(missing)}",
        )


def _refuse_unlocated(
    connection: sqlite3.Connection, found: ReceivedList, persons: Iterable[int]
) -> None:
    there = divisions_of_persons(connection, found)
    lost = sorted(person for person in persons if person not in there)
    if lost:
        raise DataError(
            f"{len(lost)} of these persons are not located: {_some(lost)}; give their --division",
            f"其中 {len(lost)} 人尚未定位：{_some(lost)}；请用 --division 指定区划",
        )


def _some(persons: list[int]) -> str:
    return ", ".join(map(str, persons[:10])) + (" …" if len(persons) > 10 else "")
