"""What is said of a subject now: of each source the last word, field by field."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass

from ringfence.sources.normalise import is_checked
from ringfence.vault.model import Told


@dataclass(frozen=True)
class Word:
    """One value of a field, and the statement that said it last in its source."""

    value: str
    told: Told


def last_words(told: Iterable[Told], field: str) -> list[Word]:
    """The last value that each source gives of a field, oldest first.

    `told` is in order of receipt. A statement that leaves the field out takes nothing back.
    """
    last: dict[str, Word] = {}
    for one in told:
        if value := one.fields.get(field):
            last.pop(one.source, None)
            last[one.source] = Word(value, one)
    return list(last.values())


Documents = MutableMapping[tuple[str, str], str]
"""The identifier of each kind of document and number."""


def identifiers(told: Iterable[Told], named: Documents | None = None) -> dict[str, set[str]]:
    """The numbers of documents that sources give a subject now, each with all batches that say so.

    A number without a check character is unique within its kind of document only, and told with it.
    `named`: documents read so far, kept between subjects who may bear the same.
    """
    named = {} if named is None else named
    last: dict[str, str] = {}
    said: dict[tuple[str, str], set[str]] = {}
    for one in told:
        if number := one.fields.get("id_number"):
            document = (one.fields.get("id_kind", ""), number)
            if document not in named:
                named[document] = number if is_checked(number) else ":".join(document)
            last[one.source] = named[document]
            said.setdefault((one.source, named[document]), set()).add(one.batch)
    found: dict[str, set[str]] = {}
    for source, identifier in last.items():
        found.setdefault(identifier, set()).update(said[source, identifier])
    return found


def vouched_for(identifier: str) -> bool:
    """Whether a check character speaks for an identifier."""
    return ":" not in identifier
