"""Anchors of the infectious window → model.Anchor."""

from __future__ import annotations

from ringfence.protocols import quantities as q
from ringfence.protocols.fields import Value, one_of
from ringfence.protocols.model import Anchor, EndTerm
from ringfence.records.vocabularies import CASE_EVENT_KINDS

CASE_CLASSES = ("symptomatic", "asymptomatic", "any")
ANCHOR_KINDS = (*(kind for kind in CASE_EVENT_KINDS if kind != "withdrawn"), "sample")

_kind = one_of(ANCHOR_KINDS, "an event of a case", "病例事件")


def anchors(value: Value) -> tuple[Anchor, ...]:
    if not value.is_list or not value.items():
        raise value.refused("a list of anchors is wanted", "应为锚点列表")
    return value.each(_anchor)


def _anchor(value: Value) -> Anchor:
    section = value.section("case_class", "kind", "start", "end")
    classes = one_of(CASE_CLASSES, "a class of cases", "病例类别")
    return Anchor(
        case_class=section.get("case_class", classes, "any"),
        kind=section.need("kind", _kind, ""),
        start_days=section.need("start", q.offset, 0),
        ends=section.need("end", lambda v: v.each(_end), ()),
    )


def _end(value: Value) -> EndTerm:
    section = value.section("event", "offset", "symptom_free")
    found = EndTerm(
        event=section.get("event", _kind, None),
        offset_days=section.get("offset", q.days, None),
        symptom_free_days=section.get("symptom_free", q.days, None),
    )
    if found.event is None and found.offset_days is None:
        raise value.refused(
            "an end names an event, an offset in days, or both", "end 应给出 event、offset 或两者"
        )
    return found
