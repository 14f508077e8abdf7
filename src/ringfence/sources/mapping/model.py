"""What a mapping says of a channel: its form, its fields, whose rows they are, what they record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from ringfence.errors import Text
from ringfence.records import TABLES, Tense
from ringfence.sources.raw.model import Form

WGS_84 = "wgs-84"
DATUMS = (WGS_84, "gcj-02", "bd-09")
"""Of positions; the records hold WGS-84."""

FILLED = "filled"
EMPTY = "empty"

SEAT_PARTS = ("carriage", "row", "seat")
IDENTITY_KINDS = frozenset({"id_number", "name", "phone", "plate", "address"})
"""Kinds of fields whose values go to the vault and nowhere else."""


@dataclass(frozen=True)
class Field:
    """One value of a row. `columns` are joined by a space; `also` are other names of one column.

    `kind` names the normaliser. `emptied`: a wrong value is left out and counted, instead of the
    row being refused. `id_kind`: the field that says what kind of document an `id_number` is of.
    `next_day_if_before`: the field of the same day than which it cannot be earlier: it is the day
    after where it seems to be.
    """

    name: str
    columns: tuple[str, ...]
    kind: str
    also: tuple[str, ...] = ()
    optional: bool = False
    emptied: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    forms: tuple[str, ...] = ()
    id_kind: str | None = None
    next_day_if_before: str | None = None

    @property
    def label(self) -> str:
        """What the field is called where a row is refused: as its file calls it."""
        return " + ".join(self.columns)

    @property
    def headers(self) -> tuple[str, ...]:
        """All names of columns that it may be read from."""
        return (*self.columns, *self.also)


@dataclass(frozen=True)
class Condition:
    """All of `tests` hold: the field has one of the words, or is `filled`, or is `empty`."""

    tests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


ALWAYS = Condition()


@dataclass(frozen=True)
class Skip:
    when: Condition
    reason: Text


@dataclass(frozen=True)
class Person:
    """Somebody that a row speaks of, known to this source by the first of `by` that is filled.

    `identity` tells which field gives which identity field of the vault.
    """

    name: str
    by: tuple[str, ...]
    identity: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FieldValue:
    field: str


@dataclass(frozen=True)
class TextValue:
    text: str


@dataclass(frozen=True)
class PersonValue:
    person: str


@dataclass(frozen=True)
class VehicleValue:
    """Pseudonym of a plate; the plate itself goes to the vault."""

    field: str


@dataclass(frozen=True)
class CaseValue:
    """Whom the home knows as the case of this number."""

    field: str


@dataclass(frozen=True)
class LocatedValue:
    """Code of the unit in which an address surely lies; the address itself stays in the vault.

    `within_home`: addresses that begin below a city lie in the home's jurisdiction.
    """

    field: str
    within_home: bool = False


@dataclass(frozen=True)
class JoinValue:
    """Empty where any part is empty."""

    parts: tuple[FieldValue | TextValue, ...]


ColumnValue = (
    FieldValue | TextValue | PersonValue | VehicleValue | CaseValue | LocatedValue | JoinValue
)


@dataclass(frozen=True)
class Record:
    """A row of a canonical table, made of every source row for which `when` holds.

    `datum`: of its position, as the source gives it.
    """

    table: str
    columns: Mapping[str, ColumnValue]
    when: Condition = ALWAYS
    datum: str = WGS_84


@dataclass(frozen=True)
class Channel:
    """A channel as its mapping file, whose bytes are `wording`, describes it.

    `sample_received`: the receipt time of the mapping's sample, so that its dates grow no older.
    """

    name: str
    version: int
    title: Text
    source: str
    origin: Text
    form: Form
    zone: ZoneInfo
    region: str
    fields: Mapping[str, Field]
    ignored: tuple[str, ...]
    skips: tuple[Skip, ...]
    persons: Mapping[str, Person]
    records: tuple[Record, ...]
    wording: bytes = field(repr=False)
    sample_received: datetime | None = None

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the file."""
        return hashlib.sha256(self.wording).hexdigest()

    @property
    def headers(self) -> tuple[str, ...]:
        """All names of columns that a field may be read from."""
        return tuple(name for field in self.fields.values() for name in field.headers)

    @cached_property
    def may_come(self) -> frozenset[str]:
        """Fields of which every use allows a time in the future, as a planned departure does."""
        tenses: dict[str, set[Tense]] = {}
        for record in self.records:
            for name, value in record.columns.items():
                if isinstance(value, FieldValue):
                    tense = TABLES[record.table].column(name).tense
                    tenses.setdefault(value.field, set()).add(tense)
        return frozenset(name for name, used in tenses.items() if used == {Tense.MAY_COME})

    @property
    def locates(self) -> bool:
        """Whether any record tells the unit of an address."""
        values = (value for record in self.records for value in record.columns.values())
        return any(isinstance(value, LocatedValue) for value in values)

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(record.table for record in self.records))
