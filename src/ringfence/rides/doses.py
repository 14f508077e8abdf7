"""Days of vaccination of those aboard, where a rule asks for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from ringfence.engines.question import Engine
from ringfence.protocols.model import Rule
from ringfence.rides.judging import Doses


def doses_of(engine: Engine, people: Collection[str], rules: Iterable[Rule]) -> Doses:
    zone = engine.snapshot.zone
    if not any(e.doses is not None for rule in rules for e in rule.exemptions):
        return Doses(zone, {})
    given: defaultdict[tuple[str, str], set[date]] = defaultdict(set)
    for row in engine.rows("vaccination", "subject", sorted(people)).to_pylist():
        given[row["subject"], row["disease"]].add(row["date"])
    return Doses(zone, given)
