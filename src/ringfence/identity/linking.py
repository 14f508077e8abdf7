"""Exact links: subjects that bear one checked number are one person, unless something speaks
against it.

Links are made where all that is said agrees, and where nobody said that these are not the same;
the rest is for people to look at, and a link that was made before stays until they do. A link
rests on the batches that gave the numbers, and ends when a source corrects one of them.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ringfence import audit, lake
from ringfence.identity import store
from ringfence.identity.bearing import Shared, contradicted
from ringfence.identity.current import identifiers
from ringfence.identity.linked import groups_in_force
from ringfence.identity.planning import Conflict, Plan
from ringfence.identity.sharing import shared_numbers
from ringfence.lake import Home
from ringfence.vault import Told, has_vault, open_vault

GRADE = "exact"
_MOST_BATCHES = 16


@dataclass(frozen=True)
class Linked:
    """What linking did. `act` is None where nothing changed."""

    act: int | None
    numbers: int
    begun: int
    ended: int
    conflicts: tuple[Conflict, ...]

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "conflicts": [conflict.as_json() for conflict in self.conflicts]}


def link(home: Home, *, by: str, now: datetime) -> Linked:
    """Link all subjects that bear one number, by what counts now."""
    about = {"grade": GRADE}
    with audit.acting(home, "identity.link", by=by, at=now, about=about) as told:
        done = _linked(home, by, now)
        told |= {"begun": str(done.begun), "ended": str(done.ended)}
        told |= {"conflicts": str(len(done.conflicts))}
    return done


def conflicts(home: Home, *, by: str, now: datetime, each: bool = False) -> tuple[Conflict, ...]:
    """Who bears one number and was not linked by it. Opens what is said of them, so it is audited.

    Also those who were linked before something began to speak against it; with `each`, every
    subject of whom sources contradict each other, which takes reading all that is said.
    """
    with audit.acting(home, "identity.conflicts", by=by, at=now, about={}) as told:
        live = lake.live_batches(home)
        shared = shared_numbers(home, live)
        with store.reading(home) as connection:
            every = [] if connection is None else store.acts(connection)
            found = Plan(home, connection, every, shared).conflicts
        if each:
            alone = (
                Conflict(o.disputes, o.subjects, linked=True) for o in contradicted(home, live)
            )
            found = (*found, *alone)
        told["conflicts"] = str(len(found))
    return found


def _linked(home: Home, by: str, now: datetime) -> Linked:
    live = lake.live_batches(home)
    shared = shared_numbers(home, live)
    with store.writing(home) as connection:
        every = store.acts(connection)
        plan = Plan(home, connection, every, shared)
        stored = _Stored(connection, every, live)
        begun = [one for one in plan.agreed if not stored.holds(one)]
        ended = _corrected(home, stored, shared, live)
        act = None
        if begun or ended:
            says = _in_words(begun, ended)
            act = store.record(connection, "link", at=now, by=by, reason="", says=says).number
            _begin(connection, act, begun)
            connection.executemany("INSERT INTO ended VALUES (?, ?)", [(g, act) for g in ended])
    return Linked(act, len(shared), len(begun), len(ended), plan.conflicts)


class _Stored:
    """The link groups in force, and whether what they rest on still counts."""

    def __init__(
        self, connection: sqlite3.Connection, every: Sequence[store.Act], live: Collection[str]
    ) -> None:
        batches = connection.execute("SELECT number, batch FROM batch").fetchall()
        alive = {number for number, batch in batches if batch in live}
        self._groups: defaultdict[bytes, list[int]] = defaultdict(list)
        for number, digest in groups_in_force(connection, every).items():
            self._groups[digest].append(number)
        self.members: defaultdict[int, dict[str, bool]] = defaultdict(dict)
        in_force = {number for numbers in self._groups.values() for number in numbers}
        rows = connection.execute("SELECT link_group, subject, batch FROM member")
        for group, subject, batch in rows:
            if group in in_force:
                known = self.members[group]
                known[subject] = known.get(subject, False) or batch in alive

    def holds(self, one: Shared) -> bool:
        """Whether a group in force says the same, each member by a batch that counts."""
        return any(all(self.members[group].values()) for group in self._groups.get(one.digest, ()))


def _corrected(
    home: Home, stored: _Stored, shared: Sequence[Shared], live: Collection[str]
) -> list[int]:
    """Groups of which a source now says otherwise: those whose members bear no number together.

    What nothing is known of any more (its keys were shredded) says nothing against a link.
    """
    numbers_of: defaultdict[str, set[int]] = defaultdict(set)
    for number, one in enumerate(shared):
        for subject in one.members:
            numbers_of[subject].add(number)
    open_groups: dict[int, list[str]] = {}
    for group, members in stored.members.items():
        counting = [subject for subject, counts in members.items() if counts]
        if len(counting) > 1 and not set.intersection(*(numbers_of[s] for s in counting)):
            open_groups[group] = counting
    if not open_groups or not has_vault(home):
        return []
    with open_vault(home) as vault:
        told = vault.statements({s for subjects in open_groups.values() for s in subjects}, live)
    return [group for group, subjects in open_groups.items() if _contradicted(subjects, told)]


def _contradicted(subjects: Iterable[str], told: Mapping[str, Sequence[Told]]) -> bool:
    borne = [set(identifiers(told[s])) for s in subjects if s in told]
    return len(borne) > 1 and not set.intersection(*borne)


def _in_words(begun: Iterable[Shared], ended: Iterable[int]) -> Iterator[str]:
    yield from map(str, ended)
    for one in begun:
        yield one.digest.hex()
        for batches in one.members.values():
            yield ",".join(sorted(batches))


def _begin(connection: sqlite3.Connection, act: int, groups: Iterable[Shared]) -> None:
    (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM link_group").fetchone()
    numbered = list(enumerate(groups, last + 1))
    batches = {batch for _, one in numbered for of in one.members.values() for batch in of}
    connection.executemany(
        "INSERT OR IGNORE INTO batch (batch) VALUES (?)", [(batch,) for batch in sorted(batches)]
    )
    number_of = dict(connection.execute("SELECT batch, number FROM batch").fetchall())
    connection.executemany(
        "INSERT INTO link_group (number, act, grade, digest) VALUES (?, ?, ?, ?)",
        [(number, act, GRADE, one.digest) for number, one in numbered],
    )
    connection.executemany(
        "INSERT INTO member (link_group, subject, batch) VALUES (?, ?, ?)",
        (
            (number, subject, number_of[batch])
            for number, one in numbered
            for subject, of in one.members.items()
            for batch in sorted(of, key=lambda name: -number_of[name])[:_MOST_BATCHES]
        ),
    )
