"""Stays of the focuses, and the stays of others at the same places around the same time."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ringfence.engines.sql import columns
from ringfence.engines.sql.expressions import schemas

DENIED_WORD = "denied"
ASSUMED = "assumed"
RECORDED = "recorded"


def _end(end: ir.Value, as_of: ir.Value) -> ir.IntegerValue:
    return ibis.least(ibis.coalesce(end, as_of), as_of)


def focus_presences() -> ir.Table:
    """Stays of the focuses that overlap their windows, clipped to them: STAY without `disputed`."""
    focus = schemas.relation("focus", columns.FOCUS)
    presence = schemas.looked_up("presence", "subject").rename(person="subject")
    joined = focus.join(presence, focus.subject == presence.person)
    begun = joined.mutate(
        certainty=ibis.coalesce(joined.certainty, RECORDED),
        stay_start=joined.start,
        stay_end=_end(joined.end, joined.as_of),
    )
    kept = begun.filter(
        begun.stay_start < begun.window_end,
        begun.stay_end > begun.window_start,
        begun.stay_start < begun.stay_end,
        begun.certainty != DENIED_WORD,
    )
    return _as_stay(
        kept.mutate(
            kind=ibis.literal("presence"),
            start=ibis.greatest(kept.stay_start, kept.window_start),
            end=ibis.least(kept.stay_end, kept.window_end),
        )
    )


def focus_dwells() -> ir.Table:
    """The stays that the protocol assumes around the events of the focuses."""
    focus = schemas.relation("focus", columns.FOCUS)
    event = schemas.looked_up("event", "subject").rename(person="subject")
    joined = focus.join(event, focus.subject == event.person).drop("person", "kind")
    dwelt = _dwelt(joined.filter(joined["at"] < joined.as_of))
    cut = dwelt.mutate(stay_end=ibis.least(dwelt.stay_end, dwelt.as_of))
    kept = cut.filter(
        cut.stay_start < cut.window_end,
        cut.stay_end > cut.window_start,
        cut.stay_start < cut.stay_end,
    )
    return _as_stay(
        kept.mutate(
            kind=ibis.literal("event"),
            zone=ibis.null("string"),
            role=ibis.null("string"),
            mask=ibis.null("boolean"),
            certainty=ibis.literal(ASSUMED),
            start=ibis.greatest(kept.stay_start, kept.window_start),
            end=ibis.least(kept.stay_end, kept.window_end),
        )
    )


def other_presences() -> ir.Table:
    """Stays at the places looked up: OTHER without `disputed`."""
    clock = schemas.relation("clock", columns.CLOCK)
    presence = schemas.looked_up("presence", "place").cross_join(clock)
    stay = presence.select(
        "subject",
        "place",
        "zone",
        "role",
        "mask",
        "ref",
        kind=ibis.literal("presence"),
        certainty=ibis.coalesce(presence.certainty, RECORDED),
        start=presence.start,
        end=_end(presence.end, presence.as_of),
    )
    return _as_other(stay.filter(stay.start < stay.end, stay.certainty != DENIED_WORD))


def other_dwells() -> ir.Table:
    """The stays that the protocol assumes around the events at the places looked up."""
    clock = schemas.relation("clock", columns.CLOCK)
    event = schemas.looked_up("event", "place").cross_join(clock)
    instant = event.select("subject", "place", "ref", "as_of", at=event["at"])
    dwelt = _dwelt(instant.filter(instant["at"] < instant.as_of))
    stay = dwelt.mutate(
        kind=ibis.literal("event"),
        zone=ibis.null("string"),
        role=ibis.null("string"),
        mask=ibis.null("boolean"),
        certainty=ibis.literal(ASSUMED),
        start=dwelt.stay_start,
        end=ibis.least(dwelt.stay_end, dwelt.as_of),
    )
    return _as_other(stay.filter(stay.start < stay.end))


def disputed(stays: ir.Table, start: str, end: str) -> ir.Table:
    """The same stays with `disputed`: whether a denied record of the person there overlaps it."""
    denied = schemas.relation("denied", columns.DENIED).rename(
        no_subject="subject", no_place="place", no_start="start", no_end="end"
    )
    contradicts = [
        stays.subject == denied.no_subject,
        stays.place == denied.no_place,
        stays[start] < denied.no_end,
        stays[end] > denied.no_start,
    ]
    return (
        stays.semi_join(denied, contradicts)
        .mutate(disputed=ibis.literal(True))
        .union(stays.anti_join(denied, contradicts).mutate(disputed=ibis.literal(False)))
    )


def _dwelt(event: ir.Table) -> ir.Table:
    """Events with the interval that the protocol's dwell gives them; none: no stay."""
    facts = schemas.relation("place_facts", columns.PLACE_FACTS).select("place", "kind")
    dwell = schemas.relation("dwell", columns.DWELL)
    known = event.left_join(facts, "place").drop("place_right")
    own = known.left_join(dwell, "kind").drop("kind_right")
    default = dwell.filter(dwell.kind == "default").select(
        default_before=dwell.before, default_after=dwell.after
    )
    both = own.left_join(default, ibis.literal(True))
    before = ibis.coalesce(both.before, both.default_before)
    after = ibis.coalesce(both.after, both.default_after)
    kept = both.mutate(stay_start=both["at"] - before, stay_end=both["at"] + after)
    return kept.filter(kept.stay_start.notnull()).drop(
        "kind", "before", "after", "default_before", "default_after"
    )


def _as_stay(stays: ir.Table) -> ir.Table:
    return stays.select(*(name for name in columns.STAY if name != "disputed"))


def _as_other(stays: ir.Table) -> ir.Table:
    return stays.select(*(name for name in columns.OTHER if name != "disputed"))
