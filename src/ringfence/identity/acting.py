"""Merging and splitting by hand: acts with a reason, each of which can be taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ringfence import audit
from ringfence.engines.persons import person_of, subjects_of
from ringfence.errors import DataError, NotFound, UsageError
from ringfence.identity import store
from ringfence.identity.known import persons_now
from ringfence.lake import Home


@dataclass(frozen=True)
class Acted:
    """An act that was done. `persons`: each person it is about, with all subjects, as of now."""

    act: int
    kind: str
    persons: dict[str, tuple[str, ...]]
    reason: str
    by: str
    at: datetime

    def as_json(self) -> dict[str, Any]:
        persons = {person: list(subjects) for person, subjects in self.persons.items()}
        return {**vars(self), "persons": persons, "at": self.at.isoformat()}


def merge(home: Home, subjects: Sequence[str], *, reason: str, by: str, now: datetime) -> Acted:
    """From now on these subjects, and all that are merged with them, are one person.

    UsageError: fewer than two, or no reason. DataError: they are one person already.
    """
    named = _named(subjects, 2, reason)
    with (
        audit.acting(home, "identity.merge", by=by, at=now, about=_about(named, reason)) as told,
        store.writing(home) as connection,
    ):
        sides = _sides(home, connection, named)
        if len(sides) < 2:
            raise DataError("these subjects are one person already", "这些编号已是同一人")
        act = _record(connection, "merge", sides, reason=reason, by=by, now=now)
        acted = _acted(act, [[subject for side in sides for subject in side]])
        told["act"] = str(act.number)
    return acted


def split(home: Home, subjects: Sequence[str], *, reason: str, by: str, now: datetime) -> Acted:
    """From now on these subjects are another person than those they were merged with.

    It is remembered: links will not join them again, only a merge by hand.
    UsageError: none, or no reason. DataError: not of one person, or nobody would stay behind.
    """
    named = _named(subjects, 1, reason)
    with (
        audit.acting(home, "identity.split", by=by, at=now, about=_about(named, reason)) as told,
        store.writing(home) as connection,
    ):
        of = _sides(home, connection, named)
        if len(of) > 1:
            raise DataError(
                "these subjects are not one person: split each from its own",
                "这些编号不是同一人：请分别拆分",
            )
        leaving, every = tuple(named), of[0]
        staying = tuple(subject for subject in every if subject not in named)
        if not staying:
            raise DataError(
                "no other subject is merged with these: there is nothing to split",
                "没有其他编号与之合并：无可拆分",
            )
        act = _record(connection, "split", [leaving, staying], reason=reason, by=by, now=now)
        persons = persons_now(connection, home)
        acted = _acted(act, {subjects_of(persons, subject) for subject in every})
        told["act"] = str(act.number)
    return acted


def undo(home: Home, number: int, *, reason: str, by: str, now: datetime) -> Acted:
    """From now on an act does not count, as if it had not been done.

    NotFound: no such act. DataError: it was undone before.
    """
    if not reason.strip():
        raise _no_reason()
    about = {"act": str(number), "reason": reason}
    with (
        audit.acting(home, "identity.undo", by=by, at=now, about=about),
        store.writing(home) as connection,
    ):
        every = store.acts(connection)
        if not 1 <= number <= len(every):
            raise NotFound(f"there is no act {number}", f"没有第 {number} 号操作")
        if number not in store.in_force(every):
            raise DataError(f"act {number} is undone already", f"第 {number} 号操作已被取消")
        rows = connection.execute("SELECT subject FROM said WHERE act = ?", (number,)).fetchall()
        act = store.record(connection, "undo", at=now, by=by, reason=reason, undoes=number)
        persons = persons_now(connection, home, [*every, act])
        return _acted(act, {subjects_of(persons, subject) for (subject,) in rows})


def _named(subjects: Sequence[str], least: int, reason: str) -> list[str]:
    named = list(dict.fromkeys(subjects))
    if len(named) < least or not all(named):
        raise UsageError(
            f"name {least} or more subjects that differ", f"请给出至少 {least} 个不同的人员编号"
        )
    if not reason.strip():
        raise _no_reason()
    return named


def _no_reason() -> UsageError:
    return UsageError("a reason is needed", "须说明理由")


def _about(named: Sequence[str], reason: str) -> dict[str, str]:
    return {"subjects": ",".join(sorted(named)), "reason": reason}


def _sides(
    home: Home, connection: sqlite3.Connection, named: Sequence[str]
) -> list[tuple[str, ...]]:
    """All subjects of each person named, the one who was named first."""
    persons = persons_now(connection, home)
    sides: dict[str, tuple[str, ...]] = {}
    for subject in named:
        person = person_of(persons, subject)
        others = (other for other in subjects_of(persons, person) if other != subject)
        sides.setdefault(person, (subject, *others))
    return list(sides.values())


def _record(
    connection: sqlite3.Connection,
    kind: str,
    sides: Sequence[Sequence[str]],
    *,
    reason: str,
    by: str,
    now: datetime,
) -> store.Act:
    says = (f"{number} {subject}" for number, side in enumerate(sides) for subject in side)
    act = store.record(connection, kind, at=now, by=by, reason=reason, says=says)
    rows = [
        (act.number, number, subject, int(place == 0 or kind == "split"))
        for number, side in enumerate(sides)
        for place, subject in enumerate(side)
    ]
    connection.executemany("INSERT INTO said (act, side, subject, named) VALUES (?, ?, ?, ?)", rows)
    return act


def _acted(act: store.Act, people: Iterable[Iterable[str]]) -> Acted:
    found = sorted(tuple(sorted(subjects)) for subjects in people)
    told = {subjects[0]: subjects for subjects in found}
    return Acted(act.number, act.kind, told, act.reason, act.by, act.at)
