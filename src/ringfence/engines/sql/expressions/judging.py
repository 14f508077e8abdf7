"""Which overlaps rules are about, and which pairs satisfy them: one expression for all protocols.

A rule is a row of data, so an expression depends only on what kinds of things the rules ask for.
Three-valued logic throughout: true, false, null = unknown.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ringfence.engines.sql import columns
from ringfence.engines.sql.expressions import schemas
from ringfence.engines.sql.expressions.coverage import merged, most_within, total
from ringfence.engines.sql.expressions.described import subject_roles
from ringfence.engines.sql.expressions.stays import ASSUMED
from ringfence.engines.sql.rules import FACT_BITS, KIND_BITS, ROLE_BITS
from ringfence.protocols.model import Fact

_PAIR = ["focus", "other_number", "rule"]
_WORDS = {
    Fact.SETTING: "setting_bit",
    Fact.VENTILATION: "ventilation_bit",
    Fact.CASE_ROLE: "focus_role_bit",
    Fact.CONTACT_ROLE: "other_role_bit",
}
_TRUTHS = (Fact.PHYSICAL, Fact.INDOOR, Fact.SYMPTOMATIC)


def touches(roles: bool) -> ir.Table:
    """TOUCH: overlaps that hold, or may hold, under a rule that reads their kind of record.

    `roles`: a rule asks for the role of either.
    """
    overlap = _with_roles(roles)
    rule = schemas.relation("rule", columns.RULE)
    kind = overlap.kind.cases(*KIND_BITS.items(), else_=0)
    both = overlap.mutate(kind_bit=kind.cast("int64")).cross_join(rule)
    read = (both.kinds & both.kind_bit) != 0
    related = both.relations.isnull() | ((both.relations & both.relation_bit) != 0)
    both = both.filter(read, (both.kind != "link") | related)
    lingering = ibis.ifelse(both.kind.isin(["presence", "event"]), both.lag, 0)
    both = both.mutate(end=ibis.least(both.focus_end + lingering, both.other_end))
    both = both.filter(both.start < both.end)
    held = _conditions(both)
    possible = ibis.and_(*(holds.fill_null(True) for holds in held.values()))
    open_bits = _bits({FACT_BITS[fact]: holds.isnull() for fact, holds in held.items()})
    told = both.filter(possible).mutate(open_bits=open_bits, flag_bits=ibis.literal(0, "int64"))
    return told.select(*columns.TOUCH)


def unexempted(doses: bool) -> ir.Table:
    """TOUCH without what an exemption is known to free; where it is unknown, it is flagged.

    `doses`: an exemption asks for the vaccinations of the other.
    """
    touch = schemas.relation("touch", columns.TOUCH)
    exemption = schemas.relation("exemption", columns.EXEMPTION)
    asked = exemption.rename(indoor_asked="indoor", doses_asked="doses", ppe_asked="ppe")
    both = touch.join(asked, "rule")
    both = _with_doses(both) if doses else both.mutate(doses=ibis.null("int64"))
    frees = _frees(both)
    verdict = both.mutate(
        freed=ibis.coalesce(frees, False).cast("int64"),
        flagged=ibis.ifelse(frees.isnull(), both.bit, 0).cast("int64"),
    )
    verdict = verdict.group_by(["overlap_id", "rule"]).agg(
        freed=verdict.freed.max(), flagged=verdict.flagged.sum()
    )
    judged = touch.left_join(verdict, ["overlap_id", "rule"])
    judged = judged.filter(ibis.coalesce(judged.freed, 0) == 0)
    flags = ibis.coalesce(judged.flagged, 0).cast("int64")
    return judged.mutate(flag_bits=flags).select(*columns.TOUCH)


def settled(minutes: bool, within: bool) -> ir.Table:
    """Touches of the pairs that satisfy, or may satisfy, a rule.

    `minutes` in all, or `within` hours: what the rules ask for. Columns: overlap_id, rule,
    satisfied, end (of the overlap under the rule's lag), open_bits, flag_bits.
    """
    touch = schemas.relation("touch", columns.TOUCH)
    told = touch.join(_pairs(touch, minutes, within), _PAIR)
    return told.select(
        "overlap_id",
        "rule",
        "end",
        "open_bits",
        "flag_bits",
        satisfied=told.satisfied & (told.open_bits == 0),
    )


def _with_roles(roles: bool) -> ir.Table:
    """Overlaps with roles as bits: the registered role where the record itself gives none."""
    overlap = schemas.relation("overlap", columns.NUMBERED_OVERLAP)
    if not roles:
        unasked = ibis.null("int64")
        return overlap.mutate(focus_role_bit=unasked, other_role_bit=unasked)
    role = subject_roles()
    focus = schemas.relation("focus", columns.FOCUS).select("focus", case_subject="subject")
    mine = role.rename(role_subject="subject", focus_registered="subject_role")
    theirs = role.rename(role_other="subject", other_registered="subject_role")
    named = overlap.join(focus, "focus")
    named = named.left_join(mine, named.case_subject == mine.role_subject)
    named = named.left_join(theirs, named.other == theirs.role_other)
    return named.mutate(
        focus_role_bit=_role_bit(ibis.coalesce(named.focus_role, named.focus_registered)),
        other_role_bit=_role_bit(ibis.coalesce(named.other_role, named.other_registered)),
    )


def _role_bit(role: ir.StringValue) -> ir.IntegerValue:
    return role.cases(*ROLE_BITS.items(), else_=None).cast("int64")


def _conditions(both: ir.Table) -> dict[Fact, ir.BooleanValue]:
    """What must hold of one overlap, by the fact that it depends on.

    A stay that was denied, or an assumed length of stay that the rule does not accept, is unknown.
    """
    unknown = ibis.null("boolean")
    held: dict[Fact, ir.BooleanValue] = {}
    for fact, bit in _WORDS.items():
        mask = both[f"{fact}_mask"]
        held[fact] = _asked(mask.notnull(), (mask & both[bit]) != 0, both[f"{fact}_unknown"])
    for fact in _TRUTHS:
        wanted = both[f"{fact}_wanted"]
        held[fact] = _asked(wanted.notnull(), both[str(fact)] == wanted, both[f"{fact}_unknown"])
    near = ibis.ifelse(both.nearer, both.distance < both.metres, both.distance <= both.metres)
    held[Fact.DISTANCE] = _asked(both.metres.notnull(), near, both.distance_unknown)
    held[Fact.ZONE] = _asked(both.zone_asked, both.same_zone, both.zone_unknown)
    doubtful = (both.certainty == ASSUMED) & ~both.accepts_assumed
    held[Fact.DWELL] = ibis.ifelse(doubtful, unknown, True)
    held[Fact.CASE_STAY] = ibis.ifelse(both.focus_disputed.fill_null(False), unknown, True)
    held[Fact.CONTACT_STAY] = ibis.ifelse(both.other_disputed.fill_null(False), unknown, True)
    return held


def _asked(
    asked: ir.BooleanValue, holds: ir.BooleanValue, if_unknown: ir.BooleanValue
) -> ir.BooleanValue:
    return ibis.ifelse(asked, ibis.coalesce(holds, if_unknown), True)


def _bits(set_where: dict[int, ir.BooleanValue]) -> ir.IntegerValue:
    value: ir.IntegerValue = ibis.literal(0, "int64")
    for bit, where in set_where.items():
        value = value + ibis.ifelse(where, bit, 0).cast("int64")
    return value


def _frees(both: ir.Table) -> ir.BooleanValue:
    """Whether all that an exemption states holds."""
    either = both.focus_mask | both.other_mask
    masked = ibis.ifelse(both.masks == "both", both.focus_mask & both.other_mask, either)
    roles = ((both.roles & both.focus_role_bit) != 0) & ((both.roles & both.other_role_bit) != 0)
    return ibis.and_(
        ibis.ifelse(both.masks.isnull(), True, masked),
        ibis.ifelse(both.ppe_asked, both.ppe, True),
        ibis.ifelse(both.doses_asked.isnull(), True, both.doses >= both.doses_asked),
        ibis.ifelse(both.roles.isnull(), True, roles),
        ibis.ifelse(both.indoor_asked.isnull(), True, both.indoor == both.indoor_asked),
        ibis.ifelse(both.apart_m.isnull(), True, both.distance >= both.apart_m),
    )


def _with_doses(both: ir.Table) -> ir.Table:
    """`doses`: vaccinations before the day of the overlap; null where there is no record at all."""
    dose = schemas.relation("dose", columns.DOSE)
    overlap = schemas.relation("overlap", columns.NUMBERED_OVERLAP).select("overlap_id", "other")
    touched = both.select("overlap_id", "start").distinct().join(overlap, "overlap_id")
    joined = touched.join(dose, touched.other == dose.subject)
    counts = joined.group_by("overlap_id").agg(
        doses=(joined.counts_from <= joined.start).cast("int64").sum()
    )
    return both.left_join(counts, "overlap_id").drop("overlap_id_right")


def _pairs(touch: ir.Table, minutes: bool, within: bool) -> ir.Table:
    """Pairs that satisfy a rule (`satisfied`) or may, once what is open is known (not)."""
    rule = schemas.relation("rule", columns.RULE).select("rule", "least", "strict", "within")
    plain = touch.semi_join(rule.filter(rule.least.isnull()), "rule")
    pairs = plain.group_by(_PAIR).agg(satisfied=plain.open_bits.min() == 0)
    timed = rule.filter(rule.least.notnull())
    if minutes:
        in_all = timed.filter(timed.within.isnull())
        pairs = pairs.union(_long_enough(touch, in_all, sliding=False))
    if within:
        windows = timed.filter(timed.within.notnull())
        pairs = pairs.union(_long_enough(touch, windows, sliding=True))
    return pairs


def _long_enough(touch: ir.Table, rule: ir.Table, *, sliding: bool) -> ir.Table:
    """Pairs whose time together reaches the minutes of the rule, for sure or perhaps."""
    by = [*_PAIR, "sure"]
    timed = touch.semi_join(rule, "rule")
    in_doubt = timed.filter(timed.open_bits != 0).select(*_PAIR).distinct()
    perhaps = timed.semi_join(in_doubt, _PAIR).mutate(sure=ibis.literal(0, "int64"))
    surely = timed.filter(timed.open_bits == 0).mutate(sure=ibis.literal(1, "int64"))
    islands = merged(perhaps.union(surely).select(*by, "start", "end"), by)
    if sliding:
        covered = most_within(islands.join(rule.select("rule", "within"), "rule"), by)
    else:
        covered = total(islands, by)
    covered = covered.join(rule, "rule")
    enough = (covered.covered > covered.least) | (
        ~covered.strict & (covered.covered == covered.least)
    )
    reached = covered.filter(enough)
    return reached.group_by(_PAIR).agg(satisfied=reached.sure.max() == 1)
