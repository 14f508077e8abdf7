"""Conditions of a rule as three-valued expressions over OVERLAP: true, false, null = unknown."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ringfence.engines.sql.expressions.stays import ASSUMED
from ringfence.protocols.model import (
    Condition,
    Exemption,
    Fact,
    IfUnknown,
    Is,
    Near,
    OneOf,
    Rule,
    SameZone,
)

_WORD_COLUMN = {
    Fact.SETTING: "setting",
    Fact.VENTILATION: "ventilation",
    Fact.CASE_ROLE: "focus_role",
    Fact.CONTACT_ROLE: "other_role",
}


def conditions(rule: Rule, overlap: ir.Table) -> dict[Fact, ir.BooleanValue]:
    """What must hold of one overlap, by the fact that it depends on.

    A stay that was denied, or an assumed length of stay that the rule does not accept, is unknown.
    """
    held = {condition.fact: _decided(condition, overlap) for condition in rule.conditions}
    unknown = ibis.null("boolean")
    held[Fact.CASE_STAY] = ibis.ifelse(overlap.focus_disputed.fill_null(False), unknown, True)
    held[Fact.CONTACT_STAY] = ibis.ifelse(overlap.other_disputed.fill_null(False), unknown, True)
    if not rule.accepts_assumed:
        held[Fact.DWELL] = ibis.ifelse(overlap.certainty == ASSUMED, unknown, True)
    return held


def exempt(exemption: Exemption, overlap: ir.Table) -> ir.BooleanValue:
    """Whether all that the exemption states holds: true, false, null = unknown."""
    stated: list[ir.BooleanValue] = []
    if exemption.masks == "both":
        stated.append(overlap.focus_mask & overlap.other_mask)
    if exemption.masks == "either":
        stated.append(overlap.focus_mask | overlap.other_mask)
    if exemption.ppe:
        stated.append(overlap.ppe)
    if exemption.doses is not None:
        stated.append(overlap.doses >= exemption.doses)
    if exemption.roles:
        roles = list(exemption.roles)
        stated.append(overlap.focus_role.isin(roles) & overlap.other_role.isin(roles))
    if exemption.indoor is not None:
        stated.append(overlap.indoor == exemption.indoor)
    if exemption.apart_m is not None:
        stated.append(overlap.distance >= exemption.apart_m)
    return ibis.and_(*stated)


def _decided(condition: Condition, overlap: ir.Table) -> ir.BooleanValue:
    holds = _holds(condition, overlap)
    if condition.if_unknown is IfUnknown.REVIEW:
        return holds
    return holds.fill_null(condition.if_unknown is IfUnknown.MATCH)


def _holds(condition: Condition, overlap: ir.Table) -> ir.BooleanValue:
    match condition:
        case OneOf(fact=fact, words=words):
            return overlap[_WORD_COLUMN[fact]].isin(list(words))
        case Is(fact=fact, wanted=wanted):
            return overlap[str(fact)] == wanted
        case Near(metres=metres, strict=True):
            return overlap.distance < metres
        case Near(metres=metres):
            return overlap.distance <= metres
        case SameZone():
            return overlap.same_zone
