"""Every feature that a rule can have, derived from the dataclasses that declare it.

A feature is a class, a field and what the field holds: `Near.strict=True`, `Rule.minutes=None`.
A new field or a new word of an enumeration is therefore a new feature, which the tests miss until
it is generated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from ringfence.protocols.model import Dwell, Fact, Is, Near, OneOf, Rule, SameZone

READ_BY_TRACE_ONLY = frozenset(
    {"Rule.id", "Rule.outcome", "Rule.priority", "Rule.title", "Rule.source", "Exemption.id"}
    | {f"{condition}.fact" for condition in ("OneOf", "Is", "Near", "SameZone")}
)
"""An engine's answer does not depend on these; each fact of a condition is a feature by itself."""

NOT_EVALUATED = frozenset({"RideRule"})
"""Seats are declared but no engine evaluates them yet: that there is a ride rule is enough."""

FACTS: Mapping[type, frozenset[Fact]] = {
    OneOf: frozenset({Fact.SETTING, Fact.VENTILATION, Fact.CASE_ROLE, Fact.CONTACT_ROLE}),
    Is: frozenset({Fact.PHYSICAL, Fact.INDOOR, Fact.SYMPTOMATIC}),
    Near: frozenset({Fact.DISTANCE}),
    SameZone: frozenset({Fact.ZONE}),
}
"""The facts that each condition can speak of."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "Rule.evidence": ("presence", "event", "occupancy", "encounter", "link", "ride"),
    "Exemption.masks": ("both", "either"),
    "Rule.order": ("1", "2"),
}
"""Fields that hold words of a closed list without being an enumeration."""

NEVER_EMPTY = frozenset({"Rule.evidence", "OneOf.words"})
MAY_BE_ZERO = frozenset({"Rule.lag_minutes", "Dwell.before"})


def feature_coverage() -> list[str]:
    """All features of rules and dwells that must be generated."""
    return sorted({*_of_class(Rule), *_of_class(Dwell)})


def features_of(thing: Any) -> set[str]:
    """The features that a rule (or a part of one) has."""
    return set(_held(thing))


def _of_class(kind: type) -> Iterator[str]:
    hints = get_type_hints(kind)
    for label in [f"{kind.__name__}({fact})" for fact in FACTS.get(kind, ())] or [kind.__name__]:
        for field in fields(kind):
            yield from _of_type(f"{label}.{field.name}", hints[field.name])


def _of_type(name: str, hint: Any) -> Iterator[str]:
    origin, inner, key = get_origin(hint), get_args(hint), _key(name)
    if key in READ_BY_TRACE_ONLY:
        return
    if key in WORDS:
        yield from (f"{name}={word}" for word in WORDS[key])
        yield from (f"{name}=None" for _ in inner if NoneType in inner)
    elif origin in {Union, UnionType}:
        for one in inner:
            yield from _of_type(name, one)
    elif origin is tuple:
        yield from (f"{name}=none", f"{name}=some") if key not in NEVER_EMPTY else (f"{name}=some",)
        yield from _of_type(name, inner[0]) if is_dataclass(inner[0]) or get_args(inner[0]) else ()
    elif is_dataclass(hint) and isinstance(hint, type):
        yield f"{name}={hint.__name__}"
        yield from _of_class(hint) if hint.__name__ not in NOT_EVALUATED else ()
    else:
        yield from (f"{name}={word}" for word in _words(hint))
        yield from (f"{name}=0" for _ in MAY_BE_ZERO & {key})


def _words(hint: Any) -> Iterable[object]:
    if hint is NoneType:
        return (None,)
    if hint is bool:
        return (True, False)
    return hint if isinstance(hint, type) and issubclass(hint, Enum) else ("given",)


def _held(thing: Any) -> Iterator[str]:
    kind = type(thing)
    label = f"{kind.__name__}({thing.fact})" if kind in FACTS else kind.__name__
    for field in fields(thing):
        yield from _value(f"{label}.{field.name}", getattr(thing, field.name))


def _value(name: str, value: Any) -> Iterator[str]:
    key = _key(name)
    if key in READ_BY_TRACE_ONLY:
        return
    if isinstance(value, tuple):
        yield f"{name}={'some' if value else 'none'}"
        for one in value:
            yield from _value(name, one) if is_dataclass(one) or key in WORDS else ()
    elif value is None or isinstance(value, bool | Enum) or key in WORDS:
        yield f"{name}={value}"
    elif is_dataclass(value):
        yield f"{name}={type(value).__name__}"
        if type(value).__name__ not in NOT_EVALUATED:
            yield from _held(value)
    else:
        yield f"{name}={'given' if value else 0}"


def _key(name: str) -> str:
    """The field without the fact that the condition speaks of: `Is(indoor).wanted`, `Is.wanted`."""
    return re.sub(r"\(.*\)", "", name)
