"""The answer of a trace: contacts with their evidence, questions to ask, crowded venues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ringfence.errors import Text
from ringfence.protocols.model import Measure, Outcome, Protocol


@dataclass(frozen=True)
class RecordRow:
    """The line that a record came from. `of`: case, contact or via."""

    of: str
    source: str
    batch: str
    row: int


@dataclass(frozen=True)
class Evidence:
    """One overlap that satisfies one rule. `minutes` is None for a link: it carries no duration.

    `via` is the contact through whom (order 2), else None. Times are UTC. Of a ride, `place` is the
    key of the run and `zone` the seat of the case, or of the contact between.
    """

    case: str
    via: str | None
    kind: str
    setting: str | None
    place: str | None
    zone: str | None
    start: datetime
    end: datetime
    minutes: float | None
    rule: str
    certainty: str
    rows: tuple[RecordRow, ...]


@dataclass(frozen=True)
class OrderedMeasure:
    """A measure with its calendar days in the home's zone, `until` exclusive."""

    measure: Measure
    start: date
    until: date
    tests: tuple[date, ...]


@dataclass(frozen=True)
class Contact:
    """A person exposed to one of the traced cases, or to a contact of one.

    `path`: from the case's person over the via, if there is one, to this person, along the earliest
    overlap; every other way is in the evidence.
    `minutes`: length of the union of all overlaps of this order. `provisional`: the class rests on
    cases that are not confirmed, whatever a confirmed one adds.
    """

    person: str
    subjects: tuple[str, ...]
    cases: tuple[str, ...]
    order: int
    outcome: Outcome
    priority: int
    provisional: bool
    path: tuple[str, ...]
    first_exposure: datetime
    last_exposure: datetime
    minutes: float
    settings: tuple[str, ...]
    rules: tuple[str, ...]
    flags: tuple[str, ...]
    measures: tuple[OrderedMeasure, ...]
    release_date: date | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class ReviewItem:
    """A question whose answer settles whether `people` are contacts. Times are UTC."""

    id: str
    fact: str
    question: Text
    place: str | None
    start: datetime | None
    end: datetime | None
    people: tuple[str, ...]
    cases: tuple[str, ...]


@dataclass(frozen=True)
class Venue:
    """A stay with more people than the crowd limit: counted, not expanded."""

    case: str
    via: str | None
    place: str
    setting: str | None
    zone: str | None
    start: datetime
    end: datetime
    people: int
    limit: int


@dataclass(frozen=True)
class TracedCase:
    """A case as it was traced. `start` and `end` of the infectious window, UTC; None: not known."""

    case: str
    subject: str
    disease: str
    classification: str
    provisional: bool
    jurisdiction: str
    anchor: str | None
    start: datetime | None
    end: datetime | None
    open_ended: bool


@dataclass(frozen=True)
class Trace:
    """What `trace` answers. `zone` is that of the home, for showing times.

    `place_names`: of the places in it, where a file has named them.
    """

    protocol: Protocol
    as_of: datetime
    zone: str
    lake_sequence: int
    engine: str
    warnings: tuple[Text, ...]
    cases: tuple[TracedCase, ...]
    contacts: tuple[Contact, ...]
    review: tuple[ReviewItem, ...]
    venues: tuple[Venue, ...]
    place_names: Mapping[str, str] = field(default_factory=dict)

    def place_label(self, place: str) -> str:
        """A place as a person reads it: its name, and its key to find it again."""
        return place_label(place, self.place_names)


def place_label(place: str, names: Mapping[str, str]) -> str:
    name = names.get(place)
    return place if name is None or name == place else f"{name} ({place})"
