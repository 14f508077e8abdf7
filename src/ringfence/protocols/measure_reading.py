"""Measures, assumed stays and crowd limits of a protocol file."""

from __future__ import annotations

from collections.abc import Mapping

from ringfence.protocols import quantities as q
from ringfence.protocols.fields import Value, one_of, several
from ringfence.protocols.model import (
    DEFAULT_CROWD_LIMIT,
    NEVER_CROWDED,
    Dwell,
    Measure,
    Outcome,
)
from ringfence.records.vocabularies import MEASURE_KINDS, PLACE_KINDS, Setting


def measures(value: Value) -> Mapping[Outcome, tuple[Measure, ...]]:
    section = value.section(*[outcome.value for outcome in Outcome])
    return {
        outcome: section.get(outcome.value, lambda v: v.each(_measure), ())
        for outcome in Outcome
        if outcome.value in section
    }


def _measure(value: Value) -> Measure:
    section = value.section("kind", "days", "tests", "source")
    kinds = one_of(tuple(MEASURE_KINDS), "a kind of measure", "措施类型")
    found = Measure(
        kind=section.need("kind", kinds, ""),
        days=section.need("days", q.whole(1, 366), 1),
        tests=section.get("tests", several(q.whole(1, 366)), ()),
        source=section.get("source", q.words, None),
    )
    if found.tests and (list(found.tests) != sorted(found.tests) or found.tests[-1] > found.days):
        section.note(
            "the days of the tests must rise and lie within the measure",
            "检测日应递增且不超过措施天数",
            "tests",
        )
    return found


def crowd_limits(value: Value) -> tuple[int, Mapping[str, int]]:
    limit = q.whole(1, 1_000_000)
    if not value.is_section:
        return limit(value), {}
    settings = [setting.value for setting in Setting if setting not in NEVER_CROWDED]
    section = value.section("default", *settings)
    found = {name: section.get(name, limit, 0) for name in section.names if name != "default"}
    return section.get("default", limit, DEFAULT_CROWD_LIMIT), found


def dwells(value: Value) -> Mapping[str, Dwell]:
    section = value.section("default", *PLACE_KINDS)
    return {name: section.get(name, _dwell, Dwell(0, 0)) for name in section.names}


def _dwell(value: Value) -> Dwell:
    section = value.section("before", "after")
    found = Dwell(section.need("before", q.duration, 0), section.need("after", q.duration, 1))
    if found.before + found.after == 0:
        raise value.refused(
            "a dwell of no length makes no stay; leave it out", "时长为零的停留没有意义；请省略"
        )
    return found
