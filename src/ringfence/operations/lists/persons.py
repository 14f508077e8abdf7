"""Which rows of a list speak of one person: by the number of a document, else by how to reach him.

A checked document number is the person. Rows without one are the same person when telephone and
name agree (else plate and name, else name and address), and belong to the one person with a number
of whom the same is said; where there are several such, to none of them: nothing is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ringfence.sources.normalise import is_checked

_REACHED_BY = ("phone", "plate", "address")


@dataclass(frozen=True)
class Marks:
    """What a row is known by, as texts that are compared and nothing else.

    `document`: of an identity document. `contacts`: of ways to reach the person, the surest first.
    """

    row: int
    document: str | None
    contacts: tuple[str, ...]


def marks(row: int, fields: Mapping[str, str]) -> Marks:
    """Numbers that no check vouches for count together with the kind of document and the name."""
    number, name = fields.get("id_number"), fields.get("name", "")
    document = None
    if number is not None:
        checked = is_checked(number)
        told = number if checked else f"{number}|{fields.get('id_kind', '')}|{name}"
        document = f"document|{told}"
    contacts = tuple(f"{kind}|{fields[kind]}|{name}" for kind in _REACHED_BY if kind in fields)
    return Marks(row, document, contacts)


def same_persons(rows: Sequence[Marks]) -> dict[int, int]:
    """The person (1, 2, … in the order of their first rows) of each row."""
    bearers: defaultdict[str, set[str]] = defaultdict(set)
    for one in rows:
        if one.document is not None:
            for contact in one.contacts:
                bearers[contact].add(one.document)
    numbers: dict[str, int] = {}
    persons = {}
    for one in sorted(rows, key=lambda one: one.row):
        persons[one.row] = numbers.setdefault(_whose(one, bearers), len(numbers) + 1)
    return persons


def _whose(one: Marks, bearers: Mapping[str, set[str]]) -> str:
    if one.document is not None:
        return one.document
    first = one.contacts[0]
    told = bearers.get(first, set())
    return next(iter(told)) if len(told) == 1 else first
