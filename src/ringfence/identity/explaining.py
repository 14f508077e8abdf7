"""Why subjects are one person: every act that concerns them, and what each rests on."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ringfence import lake
from ringfence.engines.persons import person_of, subjects_of
from ringfence.identity import store
from ringfence.identity.known import persons_now
from ringfence.identity.linked import groups_in_force
from ringfence.lake import Home


@dataclass(frozen=True)
class Reason:
    """One act about a person. `sides`: the subjects that it says to be one, or to be several.

    `batches`: what a link rests on. `counts`: not undone, not ended, and of a link some of its
    batches still count.
    """

    act: int
    kind: str
    at: datetime
    by: str
    reason: str
    sides: tuple[tuple[str, ...], ...]
    batches: tuple[str, ...]
    counts: bool
    undoes: int | None

    def as_json(self) -> dict[str, Any]:
        sides = [list(side) for side in self.sides]
        return {
            **vars(self),
            "at": self.at.isoformat(),
            "sides": sides,
            "batches": list(self.batches),
        }


@dataclass(frozen=True)
class Explained:
    subject: str
    person: str
    subjects: tuple[str, ...]
    reasons: tuple[Reason, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "person": self.person,
            "subjects": list(self.subjects),
            "reasons": [reason.as_json() for reason in self.reasons],
        }


def explain(home: Home, subject: str) -> Explained:
    """All acts that speak of the subject, or of anybody that it is one person with, in order."""
    with store.reading(home) as connection:
        if connection is None:
            return Explained(subject, subject, (subject,), ())
        every = store.acts(connection)
        persons = persons_now(connection, home, every)
        person = person_of(persons, subject)
        subjects = subjects_of(persons, person)
        acts = {act.number: act for act in every}
        counting = store.in_force(every)
        found = [
            *_said(connection, acts, counting, subjects),
            *_linked(connection, acts, lake.live_batches(home), subjects),
        ]
        known = {one.act for one in found}
        for act in acts.values():
            if act.undoes in known:
                known.add(act.number)
                found.append(_reason(act, (), (), counts=act.number in counting))
    return Explained(subject, person, subjects, tuple(sorted(found, key=lambda one: one.act)))


def named_in(connection: sqlite3.Connection, act: int) -> tuple[str, ...]:
    """The subjects that a merge or a split speaks of, in order; none of another act."""
    rows = connection.execute("SELECT DISTINCT subject FROM said WHERE act = ?", (act,))
    return tuple(sorted(subject for (subject,) in rows))


def table(home: Home) -> list[tuple[str, str]]:
    """Subject and person of everybody who is merged with somebody, now."""
    with store.reading(home) as connection:
        persons = None if connection is None else persons_now(connection, home)
    if persons is None:
        return []
    subjects: list[str] = persons.subjects.to_pylist()
    return list(zip(subjects, persons.people(subjects), strict=True))


def _said(
    connection: sqlite3.Connection,
    acts: dict[int, store.Act],
    counting: frozenset[int],
    subjects: Sequence[str],
) -> list[Reason]:
    numbers = _numbers_of(connection, "SELECT DISTINCT act FROM said WHERE subject = ?", subjects)
    found = []
    for number in numbers:
        sides: dict[int, list[str]] = {}
        for side, subject in connection.execute(
            "SELECT side, subject FROM said WHERE act = ? ORDER BY side, named DESC, subject",
            (number,),
        ):
            sides.setdefault(side, []).append(subject)
        of = tuple(tuple(side) for side in sides.values())
        found.append(_reason(acts[number], of, (), counts=number in counting))
    return found


def _linked(
    connection: sqlite3.Connection,
    acts: dict[int, store.Act],
    live: frozenset[str],
    subjects: Sequence[str],
) -> list[Reason]:
    in_force = groups_in_force(connection, list(acts.values()))
    groups = _numbers_of(
        connection, "SELECT DISTINCT link_group FROM member WHERE subject = ?", subjects
    )
    found = []
    for group in groups:
        (act,) = connection.execute(
            "SELECT act FROM link_group WHERE number = ?", (group,)
        ).fetchone()
        rows = connection.execute(
            "SELECT m.subject, b.batch FROM member m JOIN batch b ON b.number = m.batch"
            " WHERE link_group = ? ORDER BY m.subject, b.number",
            (group,),
        ).fetchall()
        members = tuple(dict.fromkeys(subject for subject, _ in rows))
        alive = {subject for subject, batch in rows if batch in live}
        batches = tuple(dict.fromkeys(batch for _, batch in rows))
        counts = group in in_force and len(alive) > 1
        found.append(_reason(acts[act], (members,), batches, counts=counts))
    return found


def _numbers_of(connection: sqlite3.Connection, sql: str, subjects: Sequence[str]) -> list[int]:
    rows = (connection.execute(sql, (subject,)).fetchall() for subject in subjects)
    return sorted({number for found in rows for (number,) in found})


def _reason(
    act: store.Act,
    sides: tuple[tuple[str, ...], ...],
    batches: tuple[str, ...],
    *,
    counts: bool,
) -> Reason:
    return Reason(
        act.number, act.kind, act.at, act.by, act.reason, sides, batches, counts, act.undoes
    )
