"""Columns of the relations that the portable expressions read and write.

All times are whole seconds since 1970-01-01 UTC, as in engines.question.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from ringfence.records import INSTANT, TABLES

FOCUS = {
    "focus": "int32",
    "subject": "string",
    "window_start": "int64",
    "window_end": "int64",
    "symptomatic": "boolean",
    "as_of": "int64",
}
CLOSED = {"focus": "int32", "place": "string", "stay_start": "int64"}
PLACE_FACTS = {"place": "string", "kind": "string", "setting": "string", "ventilation": "string"}
SUBJECT_ROLE = {"subject": "string", "subject_role": "string"}
DWELL = {"kind": "string", "before": "int64", "after": "int64"}
DOSE = {"subject": "string", "counts_from": "int64"}
DENIED = {"subject": "string", "place": "string", "start": "int64", "end": "int64"}
CLOCK = {"as_of": "int64"}

RAW_EVENT = {
    "focus": "int32",
    "subject": "string",
    "place": "string",
    "at": "int64",
    "batch": "string",
    "row": "int64",
}
STAY = {
    "focus": "int32",
    "subject": "string",
    "kind": "string",
    "place": "string",
    "zone": "string",
    "role": "string",
    "mask": "boolean",
    "certainty": "string",
    "stay_start": "int64",
    "stay_end": "int64",
    "start": "int64",
    "end": "int64",
    "batch": "string",
    "row": "int64",
    "symptomatic": "boolean",
    "disputed": "boolean",
}
SPAN = {"place": "string", "start": "int64", "end": "int64"}
OTHER = {
    "subject": "string",
    "kind": "string",
    "place": "string",
    "zone": "string",
    "role": "string",
    "mask": "boolean",
    "certainty": "string",
    "start": "int64",
    "end": "int64",
    "batch": "string",
    "row": "int64",
    "disputed": "boolean",
}
OVERLAP = {
    "focus": "int32",
    "other": "string",
    "kind": "string",
    "setting": "string",
    "place": "string",
    "zone": "string",
    "start": "int64",
    "focus_end": "int64",
    "other_end": "int64",
    "certainty": "string",
    "same_zone": "boolean",
    "ventilation": "string",
    "distance": "float64",
    "physical": "boolean",
    "indoor": "boolean",
    "relation": "string",
    "ppe": "boolean",
    "focus_mask": "boolean",
    "other_mask": "boolean",
    "focus_role": "string",
    "other_role": "string",
    "symptomatic": "boolean",
    "focus_disputed": "boolean",
    "other_disputed": "boolean",
    "stay_start": "int64",
    "focus_batch": "string",
    "focus_row": "int64",
    "other_batch": "string",
    "other_row": "int64",
}


def relation(name: str, schema: dict[str, str]) -> ir.Table:
    """An input of an expression, bound to data only when it runs."""
    return ibis.table(schema, name=name)


def lake_table(table: str, order: str) -> ir.Table:
    """Current rows of a lake table, read in one of its two orders ('first', 'second')."""
    columns = {field.name: _IBIS_TYPE[field.type] for field in TABLES[table].schema}
    return ibis.table(columns, name=f"{table}_{order}")


_IBIS_TYPE = {
    pa.string(): "string",
    pa.int64(): "int64",
    pa.float64(): "float64",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.list_(pa.string()): "array<string>",
    INSTANT: "timestamp('UTC')",
}
