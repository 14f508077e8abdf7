"""How a canonical table is declared: columns with type, meaning, constraint and sensitivity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from ringfence.errors import Text

INSTANT = pa.timestamp("us", tz="UTC")


class Kind(StrEnum):
    """What a column holds, in a file and in the lake."""

    KEY = "key"  # an opaque key of the sender: allow-listed characters, never an identity
    TEXT = "text"  # free text: no control characters, no leading formula character
    WORD = "word"  # one word of an enumerated vocabulary
    WORDS = "words"  # several words or keys, separated by ';' in CSV
    INSTANT = "instant"  # ISO 8601 with offset; stored in UTC, whole seconds
    MOMENT = "moment"  # an instant, or a calendar day of the home's zone
    DATE = "date"  # a calendar day
    WHOLE = "whole"  # a whole number
    NUMBER = "number"  # a decimal number
    TRUTH = "truth"  # true, false or unknown


class Sensitivity(StrEnum):
    """Who may see a column: public < organisation < movement < health < identity (vault only)."""

    PUBLIC = "public"
    ORGANISATION = "organisation"
    MOVEMENT = "movement"
    HEALTH = "health"
    IDENTITY = "identity"


class Tense(StrEnum):
    """Whether a time must already have happened when it is received."""

    HAPPENED = "happened"
    MAY_COME = "may_come"


@dataclass(frozen=True)
class Column:
    """One column. `least` and `most` bound numbers (inclusive); `unit` is of numbers.

    `required`: the header must have it. `may_be_empty`: a value may be missing (empty, `unknown`).
    """

    name: str
    kind: Kind
    meaning: Text
    sensitivity: Sensitivity
    required: bool = True
    may_be_empty: bool = False
    words: tuple[str, ...] = ()
    unit: str | None = None
    least: float | None = None
    most: float | None = None
    tense: Tense = Tense.HAPPENED
    subject_key: bool = False
    place_key: bool = False
    precision_column: str | None = None

    @property
    def stored(self) -> tuple[tuple[str, pa.DataType], ...]:
        """Name and Arrow type of what the lake keeps; a moment keeps its precision beside it."""
        if self.kind is Kind.MOMENT:
            precision = self.precision_column or f"{self.name}_precision"
            return ((self.name, INSTANT), (precision, pa.string()))
        return ((self.name, _ARROW[self.kind]),)


_ARROW: dict[Kind, pa.DataType] = {
    Kind.KEY: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.WORD: pa.string(),
    Kind.WORDS: pa.list_(pa.string()),
    Kind.INSTANT: INSTANT,
    Kind.DATE: pa.date32(),
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.TRUTH: pa.bool_(),
}

LINEAGE: tuple[tuple[str, pa.DataType], ...] = (
    ("source", pa.string()),
    ("batch", pa.string()),
    ("source_row", pa.int64()),
)


@dataclass(frozen=True)
class Table:
    """A canonical table: its columns in file order and what makes two rows the same thing.

    `key` is the natural key. In an `unordered` table subject_a and subject_b may be swapped
    (columns ending in _a and _b with them): rows are stored with subject_a < subject_b.
    `starts` and `ends` name the columns of the half-open interval (`starts` alone: an instant).
    `retention_days` is None where a row is kept until its case or order is closed.
    """

    name: str
    meaning: Text
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    origin: str
    unordered: bool = False
    starts: str | None = None
    ends: str | None = None
    retention_days: int | None = None

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def lake_columns(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.sensitivity is not Sensitivity.IDENTITY)

    @property
    def schema(self) -> pa.Schema:
        """What the lake stores: columns without identity, then source, batch (hex), source_row."""
        fields: dict[str, pa.DataType] = {}
        for column in self.lake_columns:
            fields.update(column.stored)
        fields.update(LINEAGE)
        return pa.schema(list(fields.items()))
