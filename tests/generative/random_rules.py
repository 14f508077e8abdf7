"""Rules that use every feature that a rule can have, by dice."""

from __future__ import annotations

from typing import Any

from ringfence.protocols.model import (
    Condition,
    Dwell,
    Exemption,
    Fact,
    IfUnknown,
    Is,
    Minutes,
    Near,
    OneOf,
    Outcome,
    RideRule,
    Rule,
    SameZone,
)
from ringfence.records.vocabularies import RELATIONS

from .random_rows import PLACE_KINDS, ROLES, VENTILATIONS, Dice

SETTINGS = ("dining", "entertainment", "household", "encounter", "work", "care")
EVIDENCE = (
    ("presence",),
    ("event",),
    ("encounter",),
    ("link",),
    ("presence", "event", "occupancy"),
    ("presence", "encounter"),
    ("presence", "event", "encounter"),
    ("presence", "event", "encounter", "link"),
)
FACTS = {
    "presence": (Fact.SETTING, Fact.VENTILATION, Fact.ZONE),
    "event": (Fact.SETTING, Fact.VENTILATION, Fact.ZONE),
    "encounter": (Fact.DISTANCE, Fact.DISTANCE, Fact.PHYSICAL, Fact.INDOOR),
    "link": (Fact.SETTING,),
    "occupancy": (Fact.SETTING,),
}
"""Facts that such records tell: rules ask for them more often than for the others."""

ABOUT_PERSONS = (Fact.CASE_ROLE, Fact.CONTACT_ROLE, Fact.SYMPTOMATIC)


def _words(dice: Dice, words: tuple[str, ...], most: int = 3) -> tuple[str, ...]:
    return tuple(dice.sample(words, dice.randint(1, min(most, len(words)))))


def condition(dice: Dice, fact: Fact) -> Condition:
    if_unknown = dice.choice(tuple(IfUnknown))
    match fact:
        case Fact.SETTING:
            return OneOf(fact, _words(dice, SETTINGS, 4), if_unknown)
        case Fact.VENTILATION:
            return OneOf(fact, _words(dice, VENTILATIONS), if_unknown)
        case Fact.CASE_ROLE | Fact.CONTACT_ROLE:
            return OneOf(fact, _words(dice, ROLES), if_unknown)
        case Fact.DISTANCE:
            return Near(dice.choice((0.5, 1.0, 1.5)), dice.choice((True, False)), if_unknown)
        case Fact.ZONE:
            return SameZone(if_unknown)
        case _:
            return Is(fact, dice.choice((True, False)), if_unknown)


def exemption(dice: Dice, name: str) -> Exemption:
    """One that states at least one thing: one that states nothing would exempt everybody."""
    values: dict[str, Any] = {
        "masks": dice.choice(("both", "either")),
        "ppe": True,
        "doses": dice.randint(1, 2),
        "roles": _words(dice, ROLES),
        "indoor": dice.choice((True, False)),
        "apart_m": dice.choice((0.5, 1.0)),
    }
    stated = dice.sample(sorted(values), dice.choice((1, 1, 2, 3)))
    return Exemption(name, **{what: values[what] for what in stated})


def minutes(dice: Dice) -> Minutes:
    return Minutes(
        dice.choice((15, 22.5, 30, 45, 60, 90, 120, 240)),
        dice.choice((True, False)),
        dice.choice((None, None, 0.5, 1, 1.5, 24)),
    )


def rule(
    dice: Dice, name: str, order: int, *, conditions: int, exemptions: int, plain: bool
) -> Rule:
    """`order` more often than the other one. `plain`: without minutes and lag."""
    if dice.randint(0, 29) == 29:
        return Rule(name, order, Outcome.CLOSE, 1, evidence=("ride",), ride=RideRule(rows=3))
    evidence = dice.choice(EVIDENCE)
    facts = [fact for kind in evidence for fact in FACTS[kind]]
    asked = dict.fromkeys(dice.choice((*facts, *facts, *ABOUT_PERSONS)) for _ in range(conditions))
    has_minutes = not plain and "link" not in evidence and dice.choice((True, False))
    has_relations = "link" in evidence and dice.choice((True, False))
    return Rule(
        id=name,
        order=dice.choice((order, order, order, order, 3 - order)),
        outcome=Outcome.CLOSE,
        priority=1,
        evidence=evidence,
        conditions=tuple(condition(dice, fact) for fact in asked),
        relations=_words(dice, tuple(RELATIONS), 5) if has_relations else (),
        minutes=minutes(dice) if has_minutes else None,
        lag_minutes=0 if plain else dice.choice((0, 15, 60, 120)),
        exemptions=tuple(exemption(dice, f"exempt{n}") for n in range(exemptions)),
        accepts_assumed=dice.choice((True, False)),
    )


def dwells(dice: Dice) -> dict[str, Dwell]:
    kinds = dice.sample(("default", *PLACE_KINDS), dice.randint(0, 3))
    return {kind: Dwell(dice.choice((0, 15, 30)), dice.choice((15, 60))) for kind in kinds}
