"""What a rule asks of one overlap, in three-valued logic."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date, datetime
from typing import Protocol as Interface
from zoneinfo import ZoneInfo

from ringfence.engines.reference.kleene import all_of, any_of
from ringfence.engines.reference.overlaps import Overlap
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


def judge(rule: Rule, overlap: Overlap) -> dict[Fact, bool | None]:
    """For each fact that the rule depends on: whether it is as the rule asks."""
    verdicts: dict[Fact, bool | None] = {}
    for condition in rule.conditions:
        before = verdicts.get(condition.fact, True)
        verdicts[condition.fact] = all_of([before, _met(condition, overlap)])
    if overlap.certainty == "assumed" and not rule.accepts_assumed:
        verdicts[Fact.DWELL] = None
    if overlap.case_stay_denied:
        verdicts[Fact.CASE_STAY] = None
    if overlap.contact_stay_denied:
        verdicts[Fact.CONTACT_STAY] = None
    return verdicts


def _met(condition: Condition, overlap: Overlap) -> bool | None:
    met = _compare(condition, overlap)
    if met is None and condition.if_unknown is not IfUnknown.REVIEW:
        return condition.if_unknown is IfUnknown.MATCH
    return met


def _compare(condition: Condition, overlap: Overlap) -> bool | None:
    if isinstance(condition, SameZone):
        return _same_zone(overlap)
    value = _told(condition.fact, overlap)
    if value is None:
        return None
    match condition:
        case OneOf():
            return value in condition.words
        case Is():
            return value is condition.wanted
        case Near():
            distance = float(value)
            return distance < condition.metres if condition.strict else distance <= condition.metres


def _told(fact: Fact, overlap: Overlap) -> str | float | bool | None:
    return {
        Fact.SETTING: overlap.setting,
        Fact.VENTILATION: overlap.ventilation,
        Fact.DISTANCE: overlap.distance_m,
        Fact.PHYSICAL: overlap.physical,
        Fact.INDOOR: overlap.indoor,
        Fact.CASE_ROLE: overlap.case_role,
        Fact.CONTACT_ROLE: overlap.contact_role,
        Fact.SYMPTOMATIC: overlap.focus.symptomatic,
    }[fact]


def _same_zone(overlap: Overlap) -> bool | None:
    """Neither has a zone: the place is not divided. One has: where was the other?"""
    if overlap.zone == overlap.other_zone:
        return True
    return None if None in (overlap.zone, overlap.other_zone) else False


class Registers(Interface):
    """What an exemption may have to look up: days of vaccination, and the zone of their days."""

    @property
    def zone(self) -> str: ...

    @property
    def doses(self) -> Mapping[tuple[str, str], Set[date]]: ...


def exempt(exemption: Exemption, overlap: Overlap, world: Registers, disease: str) -> bool | None:
    """Whether all that the exemption states holds for this overlap."""
    stated: list[bool | None] = []
    masks = [overlap.case_mask, overlap.contact_mask]
    if exemption.masks is not None:
        stated.append(all_of(masks) if exemption.masks == "both" else any_of(masks))
    if exemption.ppe:
        stated.append(overlap.ppe)
    if exemption.doses is not None:
        stated.append(_immune(exemption.doses, overlap, world, disease))
    if exemption.roles:
        roles = [overlap.case_role, overlap.contact_role]
        stated.append(all_of(None if r is None else r in exemption.roles for r in roles))
    if exemption.indoor is not None:
        stated.append(None if overlap.indoor is None else overlap.indoor is exemption.indoor)
    if exemption.apart_m is not None:
        distance = overlap.distance_m
        stated.append(None if distance is None else distance >= exemption.apart_m)
    return all_of(stated)


def _immune(doses: int, overlap: Overlap, world: Registers, disease: str) -> bool | None:
    """Whether the other person had that many doses before the local day of the overlap."""
    days = world.doses.get((overlap.other, disease))
    if days is None:
        return None
    today = datetime.fromtimestamp(overlap.start, ZoneInfo(world.zone)).date()
    return sum(day < today for day in days) >= doses
