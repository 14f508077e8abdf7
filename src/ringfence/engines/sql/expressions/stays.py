"""Stays of the focuses, and the stays of others at the same places around the same time."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ringfence.engines.sql import columns
from ringfence.engines.sql.expressions import schemas
from ringfence.engines.sql.expressions.coverage import merged

DENIED_WORD = "denied"
ASSUMED = "assumed"
RECORDED = "recorded"


def seconds(instant: ir.Value) -> ir.IntegerValue:
    return instant.epoch_seconds().cast("int64")


def _end(end: ir.Value, as_of: ir.Value) -> ir.IntegerValue:
    return ibis.least(ibis.coalesce(seconds(end), as_of), as_of)


def focus_presences() -> ir.Table:
    """Stays of the focuses that overlap their windows, clipped to them: STAY without `disputed`."""
    focus = schemas.relation("focus", columns.FOCUS)
    presence = schemas.lake_table("presence", "subject").rename(person="subject")
    joined = focus.join(presence, focus.subject == presence.person)
    begun = joined.mutate(
        certainty=ibis.coalesce(joined.certainty, RECORDED),
        stay_start=seconds(joined.start),
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
            row=kept.source_row,
        )
    )


def focus_raw_events() -> ir.Table:
    """Events of the focuses, as instants; their dwell depends on the place's kind."""
    focus = schemas.relation("focus", columns.FOCUS)
    event = schemas.lake_table("event", "subject").rename(person="subject")
    joined = focus.join(event, focus.subject == event.person)
    return joined.filter(seconds(joined["at"]) < joined.as_of).select(
        "focus",
        "subject",
        "place",
        at=seconds(joined["at"]),
        batch=joined.batch,
        row=joined.source_row,
    )


def focus_dwells() -> ir.Table:
    """The stays that the protocol assumes around the events of the focuses."""
    event = schemas.relation("raw_event", columns.RAW_EVENT)
    focus = schemas.relation("focus", columns.FOCUS).drop("subject")
    dwelt = _dwelt(event).join(focus, "focus")
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


def spans(lag_seconds: int) -> ir.Table:
    """Times at which a place must be searched: the stays with lingering air, merged per place."""
    stay = schemas.relation("stay", columns.STAY)
    return merged(stay.select("place", start=stay.start, end=stay.end + lag_seconds), ["place"])


def other_presences() -> ir.Table:
    """Stays that overlap a span of their place: OTHER without `disputed`."""
    span = schemas.relation("span", columns.SPAN).rename(
        span_place="place", span_start="start", span_end="end"
    )
    clock = schemas.relation("clock", columns.CLOCK)
    presence = schemas.lake_table("presence", "place").cross_join(clock)
    stay = presence.select(
        "subject",
        "place",
        "zone",
        "role",
        "mask",
        kind=ibis.literal("presence"),
        certainty=ibis.coalesce(presence.certainty, RECORDED),
        start=seconds(presence.start),
        end=_end(presence.end, presence.as_of),
        batch=presence.batch,
        row=presence.source_row,
    )
    stay = stay.filter(stay.start < stay.end, stay.certainty != DENIED_WORD)
    return _as_other(
        stay.semi_join(
            span,
            [stay.place == span.span_place, stay.start < span.span_end, stay.end > span.span_start],
        )
    )


def other_dwells() -> ir.Table:
    """The stays that the protocol assumes around the events of others at the same places."""
    span = schemas.relation("span", columns.SPAN).rename(
        span_place="place", span_start="start", span_end="end"
    )
    clock = schemas.relation("clock", columns.CLOCK)
    event = schemas.lake_table("event", "place").cross_join(clock)
    instant = event.select(
        "subject",
        "place",
        at=seconds(event["at"]),
        batch=event.batch,
        row=event.source_row,
        as_of=event.as_of,
    )
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
    stay = stay.filter(stay.start < stay.end)
    return _as_other(
        stay.semi_join(
            span,
            [stay.place == span.span_place, stay.start < span.span_end, stay.end > span.span_start],
        )
    )


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
