"""Who of a list is known here, and where each lives: found again whenever more has come in.

Known: a checked document number, or another or a telephone with the name, that the lake was told.
Located: the address on the list, else those that the vault holds of the known person, where all of
them lie in one division. What is unsure stays open; `send` takes a division given by hand.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ringfence.audit import acting
from ringfence.lake import Home, live_batches
from ringfence.lake.catalog import micros
from ringfence.operations.database import reading, writing
from ringfence.operations.lists.divisions import common_division
from ringfence.operations.lists.funnel import Funnel, funnel
from ringfence.operations.lists.model import ReceivedList
from ringfence.operations.lists.reading import standing_list
from ringfence.sources.normalise import is_checked
from ringfence.sources.normalise.division_store import known_divisions
from ringfence.vault import Told, Vault, open_vault

_AT_ONCE = 1000
Fields = Mapping[str, str]


@dataclass(frozen=True)
class _Seen:
    """What was found of one person: subjects of the lake and how, division and how."""

    person: int
    known: Mapping[str, str]
    division: str | None
    how: str


def check_list(home: Home, name: str, *, by: str, now: datetime) -> Funnel:
    """Look again for everybody who is not known, or not located, yet."""
    found = standing_list(home, name)
    open_ones = _open_persons(home, found)
    if open_ones:
        about = {"list": found.name, "persons": str(len(open_ones))}
        with (
            acting(home, "list.check", by=by, at=now, about=about) as told,
            open_vault(home) as vault,
        ):
            look = _Look(home, vault, found, now)
            persons = list(open_ones.items())
            starts = range(0, len(persons), _AT_ONCE)
            seen = [one for at in starts for one in look.at(persons[at : at + _AT_ONCE])]
            with writing(home) as connection:
                _keep(connection, found, seen, micros(now), by)
            told["known"] = str(sum(bool(one.known) for one in seen))
            told["located"] = str(sum(one.division is not None for one in seen))
    return funnel(home, found)


def _open_persons(home: Home, found: ReceivedList) -> dict[int, list[str]]:
    """Subjects, on the list, of persons who are not both known and located."""
    with reading(home) as connection:
        assert connection is not None
        rows = connection.execute(
            """
            SELECT DISTINCT person, subject FROM list_row AS r
            WHERE number = ? AND person IS NOT NULL AND NOT (
                EXISTS (SELECT 1 FROM list_known WHERE number = r.number AND person = r.person)
                AND EXISTS (SELECT 1 FROM list_place WHERE number = r.number AND person = r.person)
            ) ORDER BY person, subject
            """,
            (found.number,),
        )
        persons: dict[int, list[str]] = {}
        for person, subject in rows:
            persons.setdefault(person, []).append(subject)
    return persons


class _Look:
    """What the look-ups of one list share: the vault, what counts in the lake, the divisions."""

    def __init__(self, home: Home, vault: Vault, found: ReceivedList, now: datetime) -> None:
        self._home = home
        self._vault = vault
        self._own = {found.batch}
        self._live = live_batches(home)
        self._divisions = known_divisions(home, now)

    def at(self, persons: Iterable[tuple[int, Sequence[str]]]) -> Iterator[_Seen]:
        some = dict(persons)
        wanted = [subject for subjects in some.values() for subject in subjects]
        listed = self._vault.statements(wanted, self._own)
        known = {
            person: self._known([t.fields for s in subjects for t in listed.get(s, ())])
            for person, subjects in some.items()
        }
        others = {subject for found in known.values() for subject in found}
        told = {} if self._divisions is None else self._vault.statements(others, self._live)
        for person, subjects in some.items():
            own = [t for subject in subjects for t in listed.get(subject, ())]
            theirs = [t for subject in known[person] for t in told.get(subject, ())]
            division, how = self._divided(own), "list"
            if division is None:
                division, how = self._divided(theirs), "vault"
            yield _Seen(person, known[person], division, how)

    def _known(self, rows: Collection[Fields]) -> dict[str, str]:
        """Subjects of the lake and how they were recognised. A telephone alone is a household's,
        and a number that no check vouches for may be another country's: both need the name.
        """
        found: dict[str, str] = {}
        for row in rows:
            number = row.get("id_number")
            if number is not None and is_checked(number):
                found |= dict.fromkeys(self._found("id_number", row), "id_number")
        if found:
            return found
        for row in rows:
            for kind in ("id_number", "phone"):
                if kind in row and "name" in row:
                    both = self._found(kind, row) & self._found("name", row)
                    found |= dict.fromkeys(both, f"{kind} and name")
        return found

    def _found(self, kind: str, row: Fields) -> set[str]:
        return set(self._vault.find(kind, row[kind], self._live))

    def _divided(self, told: Iterable[Told]) -> str | None:
        addresses = {t.fields["address"] for t in told if t.fields.get("address")}
        return common_division(addresses, self._divisions, self._home)


def _keep(
    connection: sqlite3.Connection,
    found: ReceivedList,
    seen: Iterable[_Seen],
    at: int,
    by: str,
) -> None:
    """What another look found meanwhile stays as it is."""
    number = found.number
    for one in seen:
        connection.executemany(
            "INSERT OR IGNORE INTO list_known (number, person, subject, how, at)"
            " VALUES (?, ?, ?, ?, ?)",
            [(number, one.person, subject, how, at) for subject, how in one.known.items()],
        )
        if one.division is not None:
            connection.execute(
                "INSERT OR IGNORE INTO list_place (number, person, step, division, how, at, by)"
                " VALUES (?, ?, 0, ?, ?, ?, ?)",
                (number, one.person, one.division, one.how, at, by),
            )
