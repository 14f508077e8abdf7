"""Which rules of a protocol an engine can evaluate today, and what they need to know."""

from __future__ import annotations

from collections.abc import Sequence

from ringfence.protocols.model import Fact, Protocol, Rule

FACT_BITS: dict[Fact, int] = {fact: 1 << position for position, fact in enumerate(Fact)}


def evaluated(protocol: Protocol, order: int) -> tuple[Rule, ...]:
    """The rules of an order that records of today can satisfy: seats come with rides."""
    return tuple(
        rule for rule in protocol.of_order(order) if set(rule.evidence) - {"ride"} and not rule.ride
    )


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
