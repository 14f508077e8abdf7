"""The rules of one order as one expression: which pairs satisfy them, and through which overlaps.

Built and compiled once per protocol version.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ringfence.engines.sql.expressions import schemas
from ringfence.engines.sql.expressions.coverage import merged, most_within, total
from ringfence.engines.sql.expressions.facts import conditions, exempt
from ringfence.engines.sql.rules import FACT_BITS, evaluated, flag_bits, needs_doses
from ringfence.protocols.model import Minutes, Protocol, Rule

_PAIR = ["focus", "other", "rule"]


def judged(protocol: Protocol, order: int) -> ir.Table:
    """Contributing overlaps of the pairs that satisfy, or may satisfy, a rule.

    Columns: those of the overlap, and rule (position in `evaluated`), satisfied, end (of the
    overlap under the rule's lag), open_bits, flag_bits.
    """
    rules = evaluated(protocol, order)
    overlap = ibis.table({"overlap_id": "int64", **schemas.OVERLAP}, name="overlap")
    counted = _with_doses(overlap) if needs_doses(protocol, order) else overlap
    bits = flag_bits(rules)
    touches = [_touches(rule, position, counted, bits) for position, rule in enumerate(rules)]
    touch = touches[0]
    for more in touches[1:]:
        touch = touch.union(more)
    pairs = _satisfied_pairs(rules, touch)
    told = touch.join(pairs, _PAIR)
    told = told.filter(~told.satisfied | (told.open_bits == 0))
    return told.join(overlap.drop("focus", "other", "start"), "overlap_id")


def _with_doses(overlap: ir.Table) -> ir.Table:
    """`doses`: vaccinations before the day of the overlap; null where there is no record at all."""
    dose = schemas.relation("dose", schemas.DOSE)
    joined = overlap.join(dose, overlap.other == dose.subject)
    counts = joined.group_by("overlap_id").agg(
        doses=(joined.counts_from <= joined.start).cast("int64").sum()
    )
    return overlap.left_join(counts, "overlap_id").drop("overlap_id_right")


def _touches(rule: Rule, position: int, overlap: ir.Table, bits: dict[str, int]) -> ir.Table:
    """Overlaps that hold, or may hold, under one rule."""
    kinds = [kind for kind in rule.evidence if kind != "ride"]
    of_rule = overlap.filter(overlap.kind.isin(kinds))
    if rule.relations:
        of_rule = of_rule.filter((of_rule.kind != "link") | of_rule.relation.isin(rule.relations))
    lag = rule.lag_minutes * 60
    lingering = ibis.ifelse(of_rule.kind.isin(["presence", "event"]), lag, 0)
    of_rule = of_rule.mutate(
        end=ibis.least(of_rule.focus_end + lingering, of_rule.other_end),
    )
    of_rule = of_rule.filter(of_rule.start < of_rule.end)
    held = conditions(rule, of_rule)
    never = ibis.or_(*(holds.fill_null(True) == False for holds in held.values()))  # noqa: E712
    exemptions = {e.id: exempt(e, of_rule) for e in rule.exemptions}
    freed = ibis.or_(ibis.literal(False), *(e.fill_null(False) for e in exemptions.values()))
    return of_rule.filter(~never, ~freed).select(
        "overlap_id",
        "focus",
        "other",
        "start",
        "end",
        rule=ibis.literal(position, "int32"),
        open_bits=_bits({FACT_BITS[fact]: holds.isnull() for fact, holds in held.items()}),
        flag_bits=_bits({bits[name]: state.isnull() for name, state in exemptions.items()}),
    )


def _bits(set_where: dict[int, ir.BooleanValue]) -> ir.IntegerValue:
    value: ir.IntegerValue = ibis.literal(0, "int64")
    for bit, where in set_where.items():
        value = value + ibis.ifelse(where, bit, 0).cast("int64")
    return value


def _satisfied_pairs(rules: tuple[Rule, ...], touch: ir.Table) -> ir.Table:
    """Pairs that satisfy a rule (`satisfied`) or may, once what is open is known (not)."""
    held = touch.filter(touch.open_bits == 0)
    parts: list[ir.Table] = []
    plain = [position for position, rule in enumerate(rules) if rule.minutes is None]
    if plain:
        of_plain = touch.filter(touch.rule.isin(plain))
        parts.append(of_plain.group_by(_PAIR).agg(satisfied=(of_plain.open_bits.min() == 0)))
    for position, rule in enumerate(rules):
        if rule.minutes is not None:
            enough = _long_enough(held, position, rule.minutes).mutate(surely=ibis.literal(True))
            maybe = _long_enough(touch, position, rule.minutes)
            both = maybe.left_join(enough, _PAIR)
            parts.append(both.select(*_PAIR, satisfied=both.surely.fill_null(False)))
    pairs = parts[0]
    for more in parts[1:]:
        pairs = pairs.union(more)
    return pairs


def _long_enough(touch: ir.Table, position: int, minutes: Minutes) -> ir.Table:
    """Pairs whose time together reaches the minutes of the rule at `position`."""
    islands = merged(touch.filter(touch.rule == position).select(*_PAIR, "start", "end"), _PAIR)
    if minutes.within_hours is None:
        covered = total(islands, _PAIR)
    else:
        covered = most_within(islands, _PAIR, round(minutes.within_hours * 3600))
    least = minutes.least * 60
    enough = covered.covered > least if minutes.strict else covered.covered >= least
    return covered.filter(enough).select(*_PAIR)
