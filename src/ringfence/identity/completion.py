"""What is missing of a subject, filled in when it is read: from the number of the document, then
from the other subjects of the same person. Nothing is written, and nothing said is replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ringfence.identity.current import last_words
from ringfence.sources.normalise import identity_facts
from ringfence.vault.model import Told

FIELDS = (*("name", "sex", "birth_date", "region", "id_kind", "id_number", "phone", "address"),)
"""What a person's record is completed with. `region`: code of the first registration."""


class How(StrEnum):
    """Where a value comes from."""

    STATED = "stated"  # by a record of the subject itself
    NUMBER = "number"  # read from the number of a document
    CHANNEL = "channel"  # stated by a record of another subject of the person


@dataclass(frozen=True)
class Value:
    """One value, with the statement that it rests on."""

    value: str
    how: How
    told: Told

    def as_json(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "how": str(self.how),
            "subject": self.told.subject,
            "source": self.told.source,
            "batch": self.told.batch,
            "row": self.told.row,
        }


@dataclass(frozen=True)
class Completed:
    """One field: the value that counts, and those that say otherwise, side by side."""

    field: str
    value: Value
    otherwise: tuple[Value, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            **self.value.as_json(),
            "otherwise": [other.as_json() for other in self.otherwise],
        }


def complete(subject: str, told: Mapping[str, Sequence[Told]]) -> tuple[Completed, ...]:
    """All that can be said of a subject; `told`: of every subject of the person, in order."""
    own = told.get(subject, ())
    others = [one for name in sorted(told) if name != subject for one in told[name]]
    found = []
    for field in FIELDS:
        distinct: dict[str, Value] = {}
        for value in _values(field, own, others):
            distinct.setdefault(value.value, value)
        if distinct:
            first, *otherwise = distinct.values()
            found.append(Completed(field, first, tuple(otherwise)))
    return tuple(found)


def _values(field: str, own: Iterable[Told], others: Iterable[Told]) -> Iterator[Value]:
    """The likeliest first: what the subject's own records say, newest first."""
    own, others = list(own), list(others)
    yield from _stated(field, own, How.STATED)
    yield from _of_numbers(field, own)
    yield from _stated(field, others, How.CHANNEL)
    yield from _of_numbers(field, others)


def _stated(field: str, told: Iterable[Told], how: How) -> Iterator[Value]:
    of_subject: dict[str, list[Told]] = {}
    for one in told:
        of_subject.setdefault(one.subject, []).append(one)
    for statements in of_subject.values():
        for word in reversed(last_words(statements, field)):
            yield Value(word.value, how, word.told)


_READ_FROM_NUMBER: Mapping[str, Callable[[str], str | None]] = {
    "sex": lambda number: identity_facts(number).sex,
    "birth_date": lambda number: (
        born.isoformat() if (born := identity_facts(number).birth_date) else None
    ),
    "region": lambda number: identity_facts(number).region,
}


def _of_numbers(field: str, told: Iterable[Told]) -> Iterator[Value]:
    read = _READ_FROM_NUMBER.get(field)
    if read is None:
        return
    for stated in _stated("id_number", told, How.NUMBER):
        value = read(stated.value)
        if value is not None:
            yield Value(value, How.NUMBER, stated.told)
