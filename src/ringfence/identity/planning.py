"""Which shared numbers link whom, once what was said by hand is considered."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ringfence.engines.persons import Persons
from ringfence.identity import store
from ringfence.identity.bearing import Shared
from ringfence.identity.known import persons_now, said_in_force, settled
from ringfence.lake import Home


@dataclass(frozen=True)
class Conflict:
    """Subjects that bear one number and were not linked by it, and why; `linked`: one person
    already, by an earlier link or by hand.

    `kinds`: birth_date, sex, name (far from one another), numbers (somebody bears two checked
    ones), unchecked (no check character, and no name to go by), apart (said not to be the same).
    """

    kinds: tuple[str, ...]
    subjects: tuple[str, ...]
    linked: bool

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "kinds": list(self.kinds), "subjects": list(self.subjects)}


class Plan:
    """Which numbers link whom, what was said by hand considered.

    `agreed`: whom nothing speaks against; `waiting`: those of them who are not one person yet.
    """

    def __init__(
        self,
        home: Home,
        connection: sqlite3.Connection | None,
        every: Sequence[store.Act],
        shared: Sequence[Shared],
    ) -> None:
        self._persons = None
        self._never: dict[str, set[str]] = {}
        if connection is not None:
            self._persons = persons_now(connection, home, every)
            said = said_in_force(connection, every)
            for mine, theirs in settled(said)[1]:
                self._never.setdefault(mine, set()).add(theirs)
                self._never.setdefault(theirs, set()).add(mine)
        named = {subject for one in shared for subject in one.members} | self._never.keys()
        self._first = _people(self._persons, sorted(named))
        self._of: dict[str, str] = {}
        self._marked: dict[str, set[str]] = {}
        for subject in self._never:
            self._marked.setdefault(self._person(subject), set()).add(subject)
        self.agreed: list[Shared] = []
        self.waiting: list[Shared] = []
        doubted: list[Conflict] = []
        for one in shared:
            against = one.disputes
            if not against and self._would_join_apart(one):
                against = ("apart",)
            if not against:
                self.agreed.append(one)
                if not self._is_one(one):
                    self.waiting.append(one)
            elif against != ("apart",) or not self._split_already(one):
                doubted.append(Conflict(against, one.subjects, self._is_one(one)))
        self.conflicts = tuple(doubted)

    def _person(self, subject: str) -> str:
        """The person as linked so far."""
        found = self._of.get(subject) or self._first.get(subject, subject)
        while (further := self._of.get(found, found)) != found:
            found = further
        return found

    def _would_join_apart(self, one: Shared) -> bool:
        people = {self._person(subject) for subject in one.members}
        marked = [self._marked[person] for person in people if person in self._marked]
        among = set[str]().union(*marked)
        if len(marked) > 1 and any(self._never[subject] & among for subject in among):
            return True
        if len(people) > 1:
            first = min(people)
            for person in people - {first}:
                self._of[person] = first
            if among:
                self._marked[first] = among
        return False

    def _split_already(self, one: Shared) -> bool:
        """Whether each was told from each of the others, or is one with him: nothing is open."""
        people = {self._person(subject) for subject in one.members}
        return all(
            any(
                self._person(other) == theirs
                for subject in self._marked.get(mine, ())
                for other in self._never[subject]
            )
            for mine in people
            for theirs in people
            if mine != theirs
        )

    def _is_one(self, one: Shared) -> bool:
        return len({self._first.get(subject, subject) for subject in one.members}) == 1


def _people(persons: Persons | None, subjects: Sequence[str]) -> dict[str, str]:
    """The person of each subject that is merged with another: all are looked up at once."""
    if persons is None:
        return {}
    people = zip(subjects, persons.people(subjects), strict=True)
    return {subject: person for subject, person in people if person != subject}
