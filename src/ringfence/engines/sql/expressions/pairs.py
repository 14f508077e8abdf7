"""Overlaps of a focus with another person, whatever kind of record tells of them: OVERLAP."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ringfence.engines.sql import columns
from ringfence.engines.sql.expressions import schemas
from ringfence.engines.sql.expressions.stays import seconds
from ringfence.engines.sql.rules import SETTING_BITS
from ringfence.records.vocabularies import Setting

_STRENGTH = ("assumed", "declared", "recorded", "measured")


def place_overlaps(lag_seconds: int) -> ir.Table:
    """Stays of a focus and of another at the same place, lingering air included."""
    stay = schemas.relation("stay", columns.STAY).rename(
        case_kind="kind",
        case_zone="zone",
        case_role="role",
        focus_mask="mask",
        case_certainty="certainty",
        case_start="start",
        focus_end="end",
        focus_batch="batch",
        focus_row="row",
        focus_disputed="disputed",
        case_subject="subject",
    )
    other = schemas.relation("other", columns.OTHER).rename(
        other_place="place",
        other_kind="kind",
        other_zone="zone",
        other_role="role",
        other_mask="mask",
        other_certainty="certainty",
        other_start="start",
        other_end="end",
        other_batch="batch",
        other_row="row",
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
            focus_role=pair.case_role,
        )
    )


def encounters() -> ir.Table:
    """Measured pairs with a focus on either side."""
    return _encounters("a", "b").union(_encounters("b", "a"))


def links() -> ir.Table:
    """Declared relations of a focus, on either side; undated ones span the whole window."""
    return _links("a", "b").union(_links("b", "a"))


def with_roles(overlap: ir.Table) -> ir.Table:
    """Roles as bits; the registered role where the record itself gives none."""
    role = schemas.relation("subject_role", columns.SUBJECT_ROLE)
    bit = schemas.relation("role_bit", columns.ROLE_BIT)
    focus = schemas.relation("focus", columns.FOCUS).select("focus", case_subject="subject")
    mine = role.rename(role_subject="subject", focus_registered="subject_role")
    theirs = role.rename(role_other="subject", other_registered="subject_role")
    named = overlap.drop("focus_role_bit", "other_role_bit").join(focus, "focus")
    named = named.left_join(mine, named.case_subject == mine.role_subject)
    named = named.left_join(theirs, named.other == theirs.role_other)
    named = named.mutate(
        focus_role=ibis.coalesce(named.focus_role, named.focus_registered),
        other_role=ibis.coalesce(named.other_role, named.other_registered),
    )
    of_focus = bit.rename(word_of_focus="role", focus_role_bit="role_bit")
    of_other = bit.rename(word_of_other="role", other_role_bit="role_bit")
    named = named.left_join(of_focus, named.focus_role == of_focus.word_of_focus)
    named = named.left_join(of_other, named.other_role == of_other.word_of_other)
    return _as_overlap(named)


def _sided(table: str, mine: str, theirs: str) -> ir.Table:
    rows = schemas.lake_table(table, f"subject_{mine}").rename(
        focus_side=f"subject_{mine}", other=f"subject_{theirs}", row_start="start", row_end="end"
    )
    focus = schemas.relation("focus", columns.FOCUS).rename(case_subject="subject")
    return focus.join(rows, focus.case_subject == rows.focus_side)


def _encounters(mine: str, theirs: str) -> ir.Table:
    pair = _sided("encounter", mine, theirs)
    pair = pair.mutate(
        start=ibis.greatest(seconds(pair.row_start), pair.window_start),
        focus_end=ibis.least(seconds(pair.row_end), pair.window_end, pair.as_of),
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
            focus_mask=pair[f"mask_{mine}"],
            other_mask=pair[f"mask_{theirs}"],
            other_batch=pair.batch,
            other_row=pair.source_row,
        )
    )


def _links(mine: str, theirs: str) -> ir.Table:
    settings = schemas.relation("relation_setting", columns.RELATION_SETTING)
    pair = _sided("link", mine, theirs)
    pair = pair.mutate(
        start=ibis.greatest(
            ibis.coalesce(seconds(pair.row_start), pair.window_start), pair.window_start
        ),
        focus_end=ibis.least(
            ibis.coalesce(seconds(pair.row_end), pair.window_end), pair.window_end, pair.as_of
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
            other_batch=pair.batch,
            other_row=pair.source_row,
        )
    )


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
