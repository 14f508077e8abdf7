"""Who the persons of a list are: shown for a purpose, and every look is in the audit."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ringfence.audit import acting
from ringfence.errors import NotAllowed, NotFound, UsageError
from ringfence.lake import Home
from ringfence.operations.checks import check_words
from ringfence.operations.database import reading
from ringfence.operations.lists.acts import divisions_of_persons
from ringfence.operations.lists.form import COLUMNS
from ringfence.operations.lists.funnel import STAGES, funnel
from ringfence.operations.lists.model import ReceivedList
from ringfence.operations.lists.reading import last_acts, standing_list
from ringfence.operations.lists.sheets import sheet_of, write_private
from ringfence.vault import open_vault

MOST_AT_ONCE = 200
"""Persons whose identities one look shows: more is an export, and only a unit's sheet is one."""


@dataclass(frozen=True)
class Person:
    """`rows` of the list; `known` subjects of the lake. `identity`: only where it was asked for,
    every value that the list gives.
    """

    person: int
    rows: tuple[int, ...]
    known: tuple[str, ...]
    division: str | None
    unit: str | None
    outcome: str | None
    identity: dict[str, list[str]] | None = field(default=None)

    def as_json(self) -> dict[str, Any]:
        shown = dict(vars(self))
        if self.identity is None:
            del shown["identity"]
        return shown


def persons_at(
    home: Home,
    name: str,
    stage: str = "persons",
    *,
    purpose: str | None = None,
    only: Collection[int] | None = None,
    by: str,
    now: datetime,
) -> tuple[Person, ...]:
    """The persons of a stage of the funnel; who they are only for a purpose, which is audited."""
    if stage not in STAGES:
        words = ", ".join(STAGES)
        raise UsageError(f"a stage is one of: {words}", f"阶段只能是：{words}")
    found = standing_list(home, name)
    chosen = funnel(home, found).at[stage]
    if only is not None:
        chosen &= frozenset(only)
    persons, subjects = _persons(home, found, chosen)
    if purpose is None:
        return persons
    if len(persons) > MOST_AT_ONCE:
        raise NotAllowed(
            f"that would show {len(persons):,} persons; at most {MOST_AT_ONCE} are shown at once: "
            "narrow it with --at or --person, or write the sheet of a unit",
            f"将显示 {len(persons):,} 人；一次最多显示 {MOST_AT_ONCE} 人：请用 --at 或 --person "
            "缩小范围，或导出单位核查表",
        )
    looked = {"stage": stage, "shown": ",".join(str(one.person) for one in persons)}
    return _named(home, found, persons, subjects, looked, purpose=purpose, by=by, now=now)


def write_sheet(
    home: Home, name: str, unit: str, path: Path, *, purpose: str, by: str, now: datetime
) -> int:
    """What a unit needs to find the persons sent on to it and not yet answered; how many."""
    found = standing_list(home, name)
    sent, subjects = _persons(home, found, funnel(home, found).at["sent"])
    waiting = tuple(one for one in sent if one.unit == unit and one.outcome is None)
    if not waiting:
        raise NotFound(
            f"nobody of {found.name} waits for an answer of this unit",
            f"{found.name} 中没有人员待该单位答复",
        )
    looked = {"unit": unit}
    shown = _named(home, found, waiting, subjects, looked, purpose=purpose, by=by, now=now)
    columns = [column for column in COLUMNS if column != "reference"]

    def cells(one: Person) -> list[str | int]:
        said = one.identity or {}
        told = ["; ".join(said.get(column, ())) for column in columns]
        return [one.person, one.division or "", *told, ""]

    header = ["person", "division", *columns, "outcome"]
    write_private(path, sheet_of(header, map(cells, shown)))
    return len(shown)


def _named(
    home: Home,
    found: ReceivedList,
    persons: Sequence[Person],
    subjects: Mapping[int, Sequence[str]],
    looked: Mapping[str, str],
    *,
    purpose: str,
    by: str,
    now: datetime,
) -> tuple[Person, ...]:
    """The persons with what the list says of who they are. The audit comes first."""
    check_words("purpose", "用途", purpose)
    about = {"list": found.name, "persons": str(len(persons)), "purpose": purpose, **looked}
    if found.case is not None:
        about["case"] = found.case
    with acting(home, "list.look", by=by, at=now, about=about), open_vault(home) as vault:
        wanted = [subject for person in persons for subject in subjects[person.person]]
        told = vault.statements(wanted, {found.batch})
    return tuple(
        _with(person, [one.fields for s in subjects[person.person] for one in told.get(s, ())])
        for person in persons
    )


def _with(person: Person, said: Sequence[Mapping[str, str]]) -> Person:
    values = {
        column: list(dict.fromkeys(one[column] for one in said if column in one))
        for column in COLUMNS
    }
    return replace(person, identity={column: some for column, some in values.items() if some})


def _persons(
    home: Home, found: ReceivedList, chosen: Iterable[int]
) -> tuple[tuple[Person, ...], dict[int, list[str]]]:
    wanted = sorted(chosen)
    with reading(home) as connection:
        assert connection is not None
        rows: dict[int, list[int]] = {}
        subjects: dict[int, list[str]] = {}
        for row in connection.execute(
            "SELECT row, person, subject FROM list_row WHERE number = ? AND person IS NOT NULL"
            " ORDER BY row",
            (found.number,),
        ):
            rows.setdefault(row["person"], []).append(row["row"])
            if row["subject"] not in subjects.setdefault(row["person"], []):
                subjects[row["person"]].append(row["subject"])
        known = _known(connection, found)
        divisions = divisions_of_persons(connection, found)
        last = last_acts(connection, found.number)
    persons = tuple(
        Person(
            person,
            tuple(rows[person]),
            tuple(known.get(person, ())),
            divisions.get(person),
            last[person].unit if person in last else None,
            last[person].outcome if person in last else None,
        )
        for person in wanted
    )
    return persons, subjects


def _known(connection: sqlite3.Connection, found: ReceivedList) -> dict[int, list[str]]:
    known: dict[int, list[str]] = {}
    for person, subject in connection.execute(
        "SELECT person, subject FROM list_known WHERE number = ? ORDER BY person, subject",
        (found.number,),
    ):
        known.setdefault(person, []).append(subject)
    return known
