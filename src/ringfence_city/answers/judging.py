"""Which overlaps surely meet the conditions of a rule. What is not known meets them only where the
rule says so, and an exemption removes only what it is known to cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfence.protocols.model import (
    Condition,
    Exemption,
    Fact,
    IfUnknown,
    Near,
    OneOf,
    Rule,
    SameZone,
)
from ringfence_city.answers.arrays import Bool, Small
from ringfence_city.answers.days import DAY, OFFSET
from ringfence_city.answers.facts import (
    RELATION_WORDS,
    ROLE_WORDS,
    SETTING_WORDS,
    VENTILATION_WORDS,
    Facts,
    Places,
)
from ringfence_city.answers.overlaps import Overlaps
from ringfence_city.answers.seats import sits

_WORDS = {
    Fact.SETTING: SETTING_WORDS,
    Fact.VENTILATION: VENTILATION_WORDS,
    Fact.CASE_ROLE: ROLE_WORDS,
    Fact.CONTACT_ROLE: ROLE_WORDS,
}
_COLUMNS = {
    Fact.SETTING: "setting",
    Fact.VENTILATION: "ventilation",
    Fact.CASE_ROLE: "role",
    Fact.CONTACT_ROLE: "other_role",
    Fact.PHYSICAL: "physical",
    Fact.INDOOR: "indoor",
}
_OF_STAYS = ("presence", "event")
_NEVER_TOLD_BY_STAYS = (Fact.DISTANCE, Fact.PHYSICAL, Fact.INDOOR)


@dataclass(frozen=True)
class Judge:
    """`symptomatic`: of the case of each source (-1: nobody knows)."""

    facts: Facts
    disease: str
    symptomatic: Small

    def meets(self, rule: Rule, overlaps: Overlaps) -> Bool:
        """Whether each overlap surely counts for the rule (its minutes are reckoned elsewhere)."""
        good = self._reads(rule, overlaps)
        if overlaps.kind == "ride" and rule.ride is not None:
            rides = self.facts.rides
            good &= sits(rule.ride, rides, overlaps.own_ride, overlaps.other_ride)
        if not rule.accepts_assumed:
            good &= ~overlaps.assumed
        for condition in rule.conditions:
            if not good.any():
                return good
            good &= self._holds(condition, overlaps)
        for exemption in rule.exemptions:
            good &= ~self._exempt(exemption, overlaps)
        return good

    def _reads(self, rule: Rule, overlaps: Overlaps) -> Bool:
        if overlaps.kind == "presence":
            stays, instants = "presence" in rule.evidence, "event" in rule.evidence
            return (overlaps.of_instant & instants) | (~overlaps.of_instant & stays)
        if overlaps.kind not in rule.evidence:
            return np.zeros(len(overlaps), dtype=np.bool_)
        if overlaps.kind == "link" and rule.relations:
            return np.isin(overlaps.relation, _codes(RELATION_WORDS, rule.relations))
        return np.ones(len(overlaps), dtype=np.bool_)

    def _holds(self, condition: Condition, overlaps: Overlaps) -> Bool:
        if isinstance(condition, Near):
            far = overlaps.distance
            near = far < condition.metres if condition.strict else far <= condition.metres
            return np.asarray(near | (np.isnan(far) & _lenient(condition)))
        if isinstance(condition, SameZone):
            return np.asarray((overlaps.zones == 1) | ((overlaps.zones < 0) & _lenient(condition)))
        if condition.fact is Fact.SYMPTOMATIC:
            told = self.symptomatic[overlaps.source]
        else:
            told = getattr(overlaps, _COLUMNS[condition.fact])
        if isinstance(condition, OneOf):
            return _one_of(condition, told)
        return np.asarray((told == int(condition.wanted)) | ((told < 0) & _lenient(condition)))

    def _exempt(self, exemption: Exemption, overlaps: Overlaps) -> Bool:
        """All that the exemption states is known to hold."""
        known = np.ones(len(overlaps), dtype=np.bool_)
        if exemption.masks == "both":
            known &= (overlaps.mask == 1) & (overlaps.other_mask == 1)
        elif exemption.masks == "either":
            known &= (overlaps.mask == 1) | (overlaps.other_mask == 1)
        if exemption.ppe:
            known &= overlaps.ppe == 1
        if exemption.roles:
            roles = _codes(ROLE_WORDS, exemption.roles)
            known &= np.isin(overlaps.role, roles) & np.isin(overlaps.other_role, roles)
        if exemption.indoor is not None:
            known &= overlaps.indoor == int(exemption.indoor)
        if exemption.apart_m is not None:
            known &= overlaps.distance >= exemption.apart_m
        if exemption.doses is not None and known.any():
            known &= self._doses_before(overlaps) >= exemption.doses
        return known

    def _doses_before(self, overlaps: Overlaps) -> Small:
        """Vaccinations of the other before the local day on which the overlap began."""
        doses = self.facts.doses
        if self.disease not in doses.diseases:
            return np.zeros(len(overlaps), dtype=np.int8)
        key = doses.diseases.index(self.disease) * doses.persons + overlaps.other
        day = (overlaps.start + OFFSET) // DAY
        first = np.searchsorted(doses.key, key, side="left")
        low = int(min(doses.day.min(initial=0), day.min(initial=0)))
        width = int(max(doses.day.max(initial=0), day.max(initial=0))) - low + 1
        up_to = np.searchsorted(doses.key * width + (doses.day - low), key * width + (day - low))
        return (up_to - first).astype(np.int8)


def may_count_at(rules: tuple[Rule, ...], places: Places) -> Bool:
    """Places where a stay may count for one of the rules: elsewhere nobody need be looked up."""
    may = np.zeros(len(places.setting), dtype=np.bool_)
    for rule in rules:
        if not reads_stays(rule):
            continue
        here = np.ones(len(may), dtype=np.bool_)
        for condition in rule.conditions:
            if isinstance(condition, OneOf) and condition.fact is Fact.SETTING:
                here &= _one_of(condition, places.setting)
            elif isinstance(condition, OneOf) and condition.fact is Fact.VENTILATION:
                here &= _one_of(condition, places.ventilation)
        may |= here
    return may


def reads_stays(rule: Rule) -> bool:
    """Whether a stay can count: not where the rule wants a fact that no stay tells."""
    asks = any(
        condition.fact in _NEVER_TOLD_BY_STAYS and condition.if_unknown is not IfUnknown.MATCH
        for condition in rule.conditions
    )
    return not asks and any(kind in rule.evidence for kind in _OF_STAYS)


def needs_same_zone(rule: Rule) -> bool:
    """Whether stays count only in the same zone (or both in none)."""
    return any(
        isinstance(condition, SameZone) and condition.if_unknown is not IfUnknown.MATCH
        for condition in rule.conditions
    )


def _one_of(condition: OneOf, told: Small) -> Bool:
    wanted = np.isin(told, _codes(_WORDS[condition.fact], condition.words))
    return wanted | ((told < 0) & _lenient(condition))


def _lenient(condition: Condition) -> bool:
    return condition.if_unknown is IfUnknown.MATCH


def _codes(vocabulary: tuple[str, ...], words: tuple[str, ...]) -> list[int]:
    return [vocabulary.index(word) for word in words]
