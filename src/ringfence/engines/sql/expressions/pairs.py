"""Overlaps of a focus with another person, whatever kind of record tells of them: OVERLAP."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ringfence.engines.sql import columns
from ringfence.engines.sql.expressions import schemas
from ringfence.engines.sql.rules import SETTING_BITS
from ringfence.records.vocabularies import Setting

_STRENGTH = ("assumed", "declared", "recorded", "measured")


def place_overlaps(stay: ir.Table, other: ir.Table, lag_seconds: int) -> ir.Table:
    """Stays of a focus and of another at the same place, lingering air included."""
    stay = stay.rename(
        case_kind="kind",
        case_zone="zone",
        focus_role="role",
        focus_mask="mask",
        case_certainty="certainty",
        case_start="start",
        focus_end="end",
        focus_ref="ref",
        focus_disputed="disputed",
        case_subject="subject",
    )
    other = other.rename(
        other_place="place",
        other_kind="kind",
        other_zone="zone",
        other_role="role",
        other_mask="mask",
        other_certainty="certainty",
        other_start="start",
        other_end="end",
        other_ref="ref",
        other_disputed="disputed",
        other="subject",
    )
    facts = schemas.relation("place_facts", columns.PLACE_FACTS).select(
        "place", "setting", "setting_bit", "ventilation_bit"
    )
    pair = stay.join(
        other,
        [
            stay.place == other.other_place,
            stay.case_start < other.other_end,
            stay.focus_end + lag_seconds > other.other_start,
        ],
    )
    pair = pair.filter(pair.case_subject != pair.other)
    pair = pair.left_join(facts, "place").drop("place_right")
    none_zoned = pair.case_zone.isnull() & pair.other_zone.isnull()
    any_event = (pair.case_kind == "event") | (pair.other_kind == "event")
    return _as_overlap(
        pair.mutate(
            kind=ibis.ifelse(any_event, "event", "presence"),
            zone=pair.case_zone,
            start=ibis.greatest(pair.case_start, pair.other_start),
            certainty=_weaker(pair.case_certainty, pair.other_certainty),
            same_zone=ibis.ifelse(none_zoned, True, pair.case_zone == pair.other_zone),
        )
    )


def encounters() -> ir.Table:
    """Measured pairs of a focus."""
    pair = _of_focuses(schemas.relation("encounter_side", columns.ENCOUNTER_SIDE))
    pair = pair.mutate(
        start=ibis.greatest(pair.row_start, pair.window_start),
        focus_end=ibis.least(pair.row_end, pair.window_end, pair.as_of),
    )
    pair = pair.filter(pair.start < pair.focus_end)
    return _as_overlap(
        pair.mutate(
            kind=ibis.literal("encounter"),
            setting=ibis.literal("encounter"),
            setting_bit=ibis.literal(SETTING_BITS[Setting.ENCOUNTER], "int64"),
            other_end=pair.focus_end,
            certainty=ibis.literal("measured"),
            same_zone=ibis.literal(True),
            distance=pair.distance_m,
            focus_mask=pair.mask,
        )
    )


def links() -> ir.Table:
    """Declared relations of a focus; undated ones span the whole window."""
    settings = schemas.relation("relation_setting", columns.RELATION_SETTING)
    pair = _of_focuses(schemas.relation("link_side", columns.LINK_SIDE))
    pair = pair.mutate(
        start=ibis.greatest(ibis.coalesce(pair.row_start, pair.window_start), pair.window_start),
        focus_end=ibis.least(
            ibis.coalesce(pair.row_end, pair.window_end), pair.window_end, pair.as_of
        ),
    )
    pair = pair.filter(pair.start < pair.focus_end)
    pair = pair.left_join(settings, "relation").drop("relation_right")
    return _as_overlap(
        pair.mutate(
            kind=ibis.literal("link"),
            other_end=pair.focus_end,
            certainty=ibis.literal("declared"),
            same_zone=ibis.literal(True),
        )
    )


def _of_focuses(sides: ir.Table) -> ir.Table:
    rows = sides.rename(row_start="start", row_end="end", other_ref="ref")
    focus = schemas.relation("focus", columns.FOCUS)
    return focus.join(rows, "subject")


def _weaker(a: ir.Value, b: ir.Value) -> ir.Value:
    weakest: ir.Value = ibis.literal(_STRENGTH[-1])
    for word in reversed(_STRENGTH[:-1]):
        weakest = ibis.ifelse((a == word) | (b == word), word, weakest)
    return weakest


def _as_overlap(pair: ir.Table) -> ir.Table:
    """All columns of OVERLAP; those that this kind of record cannot tell are null."""
    return pair.select(
        **{
            name: (pair[name] if name in pair.columns else ibis.null(kind)).cast(kind)
            for name, kind in columns.OVERLAP.items()
        }
    )
