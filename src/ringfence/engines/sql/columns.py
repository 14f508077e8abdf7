"""Columns of the relations that the portable expressions read and write.

All times are whole seconds since 1970-01-01 UTC, as in engines.question.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from ringfence.records import INSTANT, LINEAGE, TABLES

FOCUS = {
    "focus": "int32",
    "subject": "string",
    "window_start": "int64",
    "window_end": "int64",
    "symptomatic": "boolean",
    "as_of": "int64",
}
CLOSED = {"focus": "int32", "place": "string", "stay_start": "int64"}
_SETTING = {"setting": "string", "setting_bit": "int64"}
KIND_SETTING = {"kind": "string", **_SETTING}
RELATION_SETTING = {"relation": "string", "relation_bit": "int64", **_SETTING}
PLACE_FACTS = {"place": "string", **KIND_SETTING, "ventilation_bit": "int64"}
DWELL = {"kind": "string", "before": "int64", "after": "int64"}
DOSE = {"subject": "string", "counts_from": "int64"}
DENIED = {"subject": "string", "place": "string", "start": "int64", "end": "int64"}
CLOCK = {"as_of": "int64"}

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
    "ref": "int64",
    "disputed": "boolean",
}
STAY = {
    "focus": "int32",
    **OTHER,
    "stay_start": "int64",
    "stay_end": "int64",
    "symptomatic": "boolean",
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
    "symptomatic": "boolean",
    "focus_disputed": "boolean",
    "other_disputed": "boolean",
    "stay_start": "int64",
    "focus_ref": "int64",
    "other_ref": "int64",
}
# A record of two persons, told from the side of the one who is looked up.
_SIDES = {
    "subject": "string",
    "other": "string",
    "start": "int64",
    "end": "int64",
}
ENCOUNTER_SIDE = {
    **_SIDES,
    "distance_m": "float64",
    "physical": "boolean",
    "indoor": "boolean",
    "mask": "boolean",
    "other_mask": "boolean",
    "ref": "int64",
}
LINK_SIDE = {**_SIDES, "relation": "string", "ppe": "boolean", "ref": "int64"}
# Persons are compared as numbers: sorting names takes longer than all else.
NUMBERED_OVERLAP = {"overlap_id": "int64", "other_number": "int64", **OVERLAP}
TOUCH = {
    "overlap_id": "int64",
    "focus": "int32",
    "other_number": "int64",
    "rule": "int32",
    "start": "int64",
    "end": "int64",
    "open_bits": "int64",
    "flag_bits": "int64",
    "focus_mask": "boolean",
    "other_mask": "boolean",
    "ppe": "boolean",
    "focus_role_bit": "int64",
    "other_role_bit": "int64",
    "indoor": "boolean",
    "distance": "float64",
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


DISEASE = {"disease": "string"}

_ARROW = {
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "boolean": pa.bool_(),
    "string": pa.string(),
    "date": pa.date32(),
    "array<string>": pa.list_(pa.string()),
}
_NAMED = {**{kind: name for name, kind in _ARROW.items()}, INSTANT: "int64"}


def arrow_schema(columns: Mapping[str, str]) -> pa.Schema:
    return pa.schema([(name, _ARROW[kind]) for name, kind in columns.items()])


def looked_up(table: str) -> dict[str, str]:
    """Columns of a lake table's rows as expressions read them.

    Instants are seconds. `ref` stands for the batch and row that a record came from: long values,
    and asked for at the end only.
    """
    kept = {f.name: _NAMED[f.type] for f in TABLES[table].schema if f.name not in dict(LINEAGE)}
    return {**kept, "source": "string", "ref": "int64"}
