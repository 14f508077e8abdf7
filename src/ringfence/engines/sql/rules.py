"""Which rules of a protocol an engine can evaluate today, and what they need to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from ringfence.engines.sql.columns import EXEMPTION, RULE, arrow_schema
from ringfence.protocols.model import (
    Exemption,
    Fact,
    IfUnknown,
    Is,
    Near,
    OneOf,
    Protocol,
    Rule,
    SameZone,
)
from ringfence.records.vocabularies import RELATIONS, ROLES, VENTILATIONS, Setting


def _bits_of(words: Iterable[str]) -> dict[str, int]:
    return {str(word): 1 << position for position, word in enumerate(words)}


FACT_BITS: dict[Fact, int] = {fact: 1 << position for position, fact in enumerate(Fact)}
KIND_BITS = _bits_of(("presence", "event", "encounter", "link"))
SETTING_BITS = _bits_of(Setting)
VENTILATION_BITS = _bits_of(VENTILATIONS)
RELATION_BITS = _bits_of(RELATIONS)
ROLE_BITS = _bits_of(ROLES)
_WORD_BITS = {
    Fact.SETTING: SETTING_BITS,
    Fact.VENTILATION: VENTILATION_BITS,
    Fact.CASE_ROLE: ROLE_BITS,
    Fact.CONTACT_ROLE: ROLE_BITS,
}
_UNKNOWN = {IfUnknown.REVIEW: None, IfUnknown.MATCH: True, IfUnknown.NO_MATCH: False}


def evaluated(protocol: Protocol, order: int) -> tuple[Rule, ...]:
    """The rules of an order that read what an engine finds, which rides and vehicles are not."""
    return tuple(rule for rule in protocol.of_order(order) if KIND_BITS.keys() & set(rule.evidence))


def needs_doses(protocol: Protocol, order: int) -> bool:
    return any(e.doses is not None for r in evaluated(protocol, order) for e in r.exemptions)


def needs_roles(protocol: Protocol, order: int) -> bool:
    asked = evaluated(protocol, order)
    told = {condition.fact for rule in asked for condition in rule.conditions}
    exempted = any(e.roles for rule in asked for e in rule.exemptions)
    return exempted or bool(told & {Fact.CASE_ROLE, Fact.CONTACT_ROLE})


def flag_bits(rules: Sequence[Rule]) -> dict[str, int]:
    """A bit for each exemption of these rules, by its id."""
    ids = sorted({exemption.id for rule in rules for exemption in rule.exemptions})
    return {exemption_id: 1 << position for position, exemption_id in enumerate(ids)}


def rule_rows(rules: Sequence[Rule]) -> pa.Table:
    """The rules as rows of columns.RULE."""
    return _table([_rule_row(number, rule) for number, rule in enumerate(rules)], RULE)


def exemption_rows(rules: Sequence[Rule]) -> pa.Table:
    """The exemptions of the rules as rows of columns.EXEMPTION."""
    bits = flag_bits(rules)
    rows = [
        _exemption_row(number, exemption, bits)
        for number, rule in enumerate(rules)
        for exemption in rule.exemptions
    ]
    return _table(rows, EXEMPTION)


def _rule_row(number: int, rule: Rule) -> dict[str, object]:
    row: dict[str, object] = {
        "rule": number,
        "kinds": _mask(KIND_BITS, (kind for kind in rule.evidence if kind in KIND_BITS)),
        "relations": _mask(RELATION_BITS, rule.relations) if rule.relations else None,
        "lag": rule.lag_minutes * 60,
        "zone_asked": False,
        "nearer": False,
        "accepts_assumed": rule.accepts_assumed,
        "strict": False,
    }
    if rule.minutes is not None:
        hours = rule.minutes.within_hours
        row["least"] = rule.minutes.least * 60
        row["strict"] = rule.minutes.strict
        row["within"] = None if hours is None else round(hours * 3600)
    for condition in rule.conditions:
        fact = condition.fact
        row[f"{fact}_unknown"] = _UNKNOWN[condition.if_unknown]
        match condition:
            case OneOf(words=words):
                row[f"{fact}_mask"] = _mask(_WORD_BITS[fact], words)
            case Is(wanted=wanted):
                row[f"{fact}_wanted"] = wanted
            case Near(metres=metres, strict=strict):
                row |= {"metres": metres, "nearer": strict}
            case SameZone():
                row["zone_asked"] = True
    return row


def _exemption_row(number: int, exemption: Exemption, bits: Mapping[str, int]) -> dict[str, object]:
    return {
        "rule": number,
        "bit": bits[exemption.id],
        "masks": exemption.masks,
        "ppe": exemption.ppe,
        "doses": exemption.doses,
        "roles": _mask(ROLE_BITS, exemption.roles) if exemption.roles else None,
        "indoor": exemption.indoor,
        "apart_m": exemption.apart_m,
    }


def _mask(bits: Mapping[str, int], words: Iterable[str]) -> int:
    return sum({bits[str(word)] for word in words})


def _table(rows: Sequence[Mapping[str, object]], columns: Mapping[str, str]) -> pa.Table:
    schema = arrow_schema(columns)
    return pa.table(
        {
            field.name: pa.array([row.get(field.name) for row in rows], field.type)
            for field in schema
        }
    )
