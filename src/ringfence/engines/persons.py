"""Which subjects are one person, as engines read it: sorted columns, found in by bisection.

Records keep the subject that they came with. An engine looks a person up by all the subjects and
tells of what it found by the person, so that nothing is rewritten when subjects are merged or
split. Only subjects that share their person with another one are kept here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ringfence.records import TABLES

SUBJECT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    name: tuple(column.name for column in table.columns if column.subject_key)
    for name, table in TABLES.items()
}


@dataclass(frozen=True, eq=False)
class Persons:
    """`subjects`: sorted by their bytes, each once. `first`: where the person's number stands.

    A person's number is the smallest of the subjects, so it stands for itself.
    """

    subjects: pa.StringArray
    first: NDArray[np.int32]

    def person_of(self, subject: str) -> str:
        return self.people([subject])[0]

    def people(self, subjects: Sequence[str]) -> list[str]:
        """The person of each; a subject that is merged with no other stands for itself."""
        return list(self.fold(pa.array(list(subjects), pa.string())).to_pylist())

    def subjects_of(self, person: str) -> tuple[str, ...]:
        """All subjects of a person, in order; of a subject, those of the same person."""
        return self.subjects_of_each([person])[0]

    def subjects_of_each(self, people: Sequence[str]) -> list[tuple[str, ...]]:
        places = self._places(pa.array(list(people), pa.string())).tolist()
        return [
            (person,) if place < 0 else self._members(int(self.first[place]))
            for person, place in zip(people, places, strict=True)
        ]

    def fold(self, column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
        """The column with each subject replaced by its person."""
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        coded = whole.dictionary_encode()
        names = coded.dictionary
        places = self._places(names)
        known = places >= 0
        if not known.any():
            return column
        people = self.subjects.take(pa.array(self.first[np.maximum(places, 0)]))
        return pc.if_else(pa.array(known), people, names).take(coded.indices)

    def _places(self, names: pa.Array) -> NDArray[np.int64]:
        """Where each name stands among the subjects; -1 where it does not."""
        if not len(self.subjects):
            return np.full(len(names), -1, np.int64)
        at = pc.search_sorted(self.subjects, names, side="left").to_numpy(zero_copy_only=False)
        near = np.minimum(at, len(self.subjects) - 1).astype(np.int64)
        there = pc.equal(self.subjects.take(pa.array(near)), names)
        return np.where(there.to_numpy(zero_copy_only=False), near, -1)

    def _members(self, first: int) -> tuple[str, ...]:
        order, of = self._by_person
        low, high = (of.searchsorted(np.int32(first), side) for side in ("left", "right"))
        return tuple(self.subjects.take(pa.array(order[low:high])).to_pylist())

    @cached_property
    def _by_person(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        order = np.argsort(self.first, kind="stable")
        return order, self.first[order]


def persons_from(groups: Iterable[Iterable[str]]) -> Persons | None:
    """Persons of groups of subjects that have none in common; None where nobody is merged."""
    person = {
        subject: min(members)
        for members in map(set, groups)
        if len(members) > 1
        for subject in members
    }
    if not person:
        return None
    subjects = sorted(person)
    at = {subject: place for place, subject in enumerate(subjects)}
    first = np.array([at[person[subject]] for subject in subjects], np.int32)
    return Persons(pa.array(subjects, pa.string()), first)


def person_of(persons: Persons | None, subject: str) -> str:
    return subject if persons is None else persons.person_of(subject)


def subjects_of(persons: Persons | None, person: str) -> tuple[str, ...]:
    return (person,) if persons is None else persons.subjects_of(person)


def regrouped(before: Persons | None, after: Persons | None) -> frozenset[str]:
    """Whoever is merged otherwise at one time than at the other, by every number that is theirs."""
    if before is after:
        return frozenset()
    merged = [one.subjects for one in (before, after) if one is not None]
    subjects = pc.unique(pa.chunked_array(merged, pa.string()))
    was, now = (subjects if one is None else one.fold(subjects) for one in (before, after))
    differs = pc.not_equal(was, now)
    return frozenset(
        name for names in (subjects, was, now) for name in names.filter(differs).to_pylist()
    )


def in_persons(persons: Persons | None, table: str, rows: pa.Table) -> pa.Table:
    """The rows of a table as they speak of persons; a person's pair with himself is none."""
    if persons is None:
        return rows
    columns = SUBJECT_COLUMNS[table]
    for name in columns:
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, rows.schema.field(place), persons.fold(rows[name]))
    if len(columns) == 2 and rows.num_rows:
        rows = rows.filter(pc.not_equal(*(rows[name] for name in columns)))
    return rows
