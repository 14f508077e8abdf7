"""Columns of the relations that the portable expressions read and write.

All times are whole seconds since 1970-01-01 UTC, as in engines.question.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

FOCUS = {
    "focus": "int32",
    "subject": "string",
    "window_start": "int64",
    "window_end": "int64",
    "symptomatic": "boolean",
    "as_of": "int64",
}
CLOSED = {"focus": "int32", "place": "string", "stay_start": "int64"}
PLACE_FACTS = {
    "place": "string",
    "kind": "string",
    "setting": "string",
    "setting_bit": "int64",
    "ventilation_bit": "int64",
}
KIND_SETTING = {"kind": "string", "setting": "string", "setting_bit": "int64"}
RELATION_SETTING = {
    "relation": "string",
    "relation_bit": "int64",
    "setting": "string",
    "setting_bit": "int64",
}
ROLE_BIT = {"role": "string", "role_bit": "int64"}
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
    "setting_bit": "int64",
    "ventilation_bit": "int64",
    "relation_bit": "int64",
    "distance": "float64",
    "physical": "boolean",
    "indoor": "boolean",
    "ppe": "boolean",
    "focus_mask": "boolean",
    "other_mask": "boolean",
    "focus_role": "string",
    "other_role": "string",
    "focus_role_bit": "int64",
    "other_role_bit": "int64",
    "symptomatic": "boolean",
    "focus_disputed": "boolean",
    "other_disputed": "boolean",
    "stay_start": "int64",
    "focus_batch": "string",
    "focus_row": "int64",
    "other_batch": "string",
    "other_row": "int64",
}
# A null mask, wanted or metres: not asked. `<fact>_unknown` is what a condition means where the
# fact is unknown: null for review. Seconds; `within` null: over the whole window.
RULE = {
    "rule": "int32",
    "kinds": "int64",
    "relations": "int64",
    "lag": "int64",
    **{
        f"{fact}_{part}": kind
        for fact in ("setting", "ventilation", "case_role", "contact_role")
        for part, kind in (("mask", "int64"), ("unknown", "boolean"))
    },
    **{
        f"{fact}_{part}": "boolean"
        for fact in ("physical", "indoor", "symptomatic")
        for part in ("wanted", "unknown")
    },
    "metres": "float64",
    "nearer": "boolean",
    "distance_unknown": "boolean",
    "zone_asked": "boolean",
    "zone_unknown": "boolean",
    "accepts_assumed": "boolean",
    "least": "float64",
    "strict": "boolean",
    "within": "int64",
}
EXEMPTION = {
    "rule": "int32",
    "bit": "int64",
    "masks": "string",
    "ppe": "boolean",
    "doses": "int64",
    "roles": "int64",
    "indoor": "boolean",
    "apart_m": "float64",
}


_ARROW = {
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "boolean": pa.bool_(),
    "string": pa.string(),
}


def arrow_types(columns: Mapping[str, str]) -> dict[str, pa.DataType]:
    return {name: _ARROW[kind] for name, kind in columns.items()}
