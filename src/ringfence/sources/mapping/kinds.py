"""The kinds of fields that a mapping may name, and which columns of a record each can fill."""

from __future__ import annotations

from ringfence.records import Kind
from ringfence.sources.mapping.model import SEAT_PARTS, Field

FILLS: dict[str, frozenset[Kind]] = {
    "id_number": frozenset(),
    "name": frozenset(),
    "phone": frozenset(),
    "plate": frozenset(),
    "address": frozenset(),
    "datetime": frozenset({Kind.INSTANT, Kind.MOMENT}),
    "date": frozenset({Kind.DATE, Kind.MOMENT}),
    "moment": frozenset({Kind.MOMENT}),
    "place": frozenset({Kind.KEY}),
    "case": frozenset({Kind.KEY}),
    "time": frozenset({Kind.TEXT}),
    "whole": frozenset({Kind.WHOLE, Kind.NUMBER, Kind.KEY, Kind.TEXT}),
    "number": frozenset({Kind.NUMBER, Kind.TEXT}),
    "truth": frozenset({Kind.TRUTH}),
    "word": frozenset({Kind.WORD, Kind.WORDS, Kind.KEY, Kind.TEXT, Kind.TRUTH}),
    "key": frozenset({Kind.KEY, Kind.WORDS, Kind.TEXT}),
    "text": frozenset({Kind.TEXT}),
    "seat": frozenset({Kind.KEY, Kind.TEXT}),
}
"""Kinds that fill nothing are for the vault. A seat is taken apart: its parts fill."""

JOINED = frozenset({"datetime", "date", "time", "whole", "number", "word", "key", "text", "seat"})
"""Kinds that a joined key may hold."""

IDENTIFYING = frozenset({"id_number", "phone", "plate", "key", "whole", "name"})
"""Kinds by which a source may know a person."""


HOLDS_UNITS = frozenset({"grid", "jurisdiction"})
"""Columns whose keys are codes of administrative units. No place is one: a rule would take all who
live in a district for people who met.
"""

POSITION = ("lat", "lon")
"""Columns that tell one position together."""


def parts_of(field: Field) -> tuple[str, ...]:
    """The names that a field's values have in records."""
    if field.kind == "seat":
        return tuple(f"{field.name}.{part}" for part in SEAT_PARTS)
    return (field.name,)
