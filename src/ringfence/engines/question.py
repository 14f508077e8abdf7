"""The one question that an engine answers: who overlaps these people, by which rules.

Times are whole seconds since 1970-01-01 UTC; intervals are half-open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol as Interface

import pyarrow as pa

from ringfence.engines.persons import Persons
from ringfence.engines.snapshot import Snapshot
from ringfence.protocols.model import Protocol


@dataclass(frozen=True)
class Focus:
    """A person, named by any of the subjects, who may have exposed others within [start, end).

    Ring 1: a case in its window. Ring 2: a close contact from the first exposure to isolation.
    `symptomatic` is that of the case that the ring belongs to.
    """

    number: int
    subject: str
    start: int
    end: int
    symptomatic: bool | None


@dataclass(frozen=True)
class Stay:
    """One stay of a focus that is not expanded further: more people than the crowd limit."""

    number: int
    place: str
    start: int


@dataclass(frozen=True)
class Question:
    """Who satisfies, or may satisfy, a rule of `order` with one of the `focuses`?"""

    protocol: Protocol
    order: int
    focuses: tuple[Focus, ...]
    closed: tuple[Stay, ...] = ()


ANSWER = pa.schema(
    [
        ("focus", pa.int32()),  # Focus.number
        ("other", pa.string()),  # the exposed person, never that of the focus
        ("rule", pa.string()),  # Rule.id
        ("satisfied", pa.bool_()),  # the pair satisfies the rule, and this overlap tells so
        ("kind", pa.string()),  # presence, event, encounter, link
        ("setting", pa.string()),  # null: the place has not been described
        ("place", pa.string()),
        ("zone", pa.string()),  # of the focus's stay
        ("start", pa.int64()),  # of the overlap, clipped to the focus and to the rule's lag
        ("end", pa.int64()),
        ("certainty", pa.string()),  # the weaker of the two records
        ("open", pa.list_(pa.string())),  # Unknown words: what must be asked, sorted
        ("flags", pa.list_(pa.string())),  # exemptions that are unknown: "<exemption id>_unknown"
        (
            "stay_start",
            pa.int64(),
        ),  # start of the focus's stay as recorded (presence, event), else null
        ("focus_batch", pa.string()),  # null for encounter and link: one row speaks of both
        ("focus_row", pa.int64()),
        ("other_batch", pa.string()),
        ("other_row", pa.int64()),
    ]
)
"""One row per overlap that contributes to a rule that a pair satisfies or may satisfy.

Where the pair satisfies the rule, overlaps whose conditions all hold (`open` is empty) are
`satisfied`; others of the pair, whose conditions may hold, are not: they would make its exposure
longer. Where the pair only may satisfy the rule, none is.
"""


def about_persons(question: Question, persons: Persons | None) -> Question:
    """The question with every focus named by its person's number."""
    if persons is None:
        return question
    names = persons.people([focus.subject for focus in question.focuses])
    focuses = (replace(f, subject=n) for f, n in zip(question.focuses, names, strict=True))
    return replace(question, focuses=tuple(focuses))


class Engine(Interface):
    """Answers questions on one snapshot.

    Where it says `subject`, a row tells of the person; what two subjects of one person have with
    each other is told by no row.
    """

    name: str
    snapshot: Snapshot

    def ask(self, question: Question) -> pa.Table:
        """Rows of ANSWER, in any order."""
        ...

    def rows(self, table: str, column: str, keys: Sequence[str] | None) -> pa.Table:
        """Current rows of a table whose `column` is one of `keys` (None: all).

        A key that is a subject asks for the rows of its person.
        """
        ...


class EngineMaker(Interface):
    def __call__(self, snapshot: Snapshot) -> Engine: ...
