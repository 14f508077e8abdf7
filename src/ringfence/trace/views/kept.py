"""A trace kept as JSON, and brought back for the views of table and JSON on another machine.

    {"document": as `as_json` in English, "zh": the same texts in Chinese, "shown": …}

What neither view shows is left out: conditions of rules, settings of evidence. Of a protocol that
this program ships unchanged the words are its own; of another, what was told with the trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from ringfence.errors import Text, UserError
from ringfence.lake.lineage import source_row
from ringfence.protocols.catalogue import named
from ringfence.protocols.model import Measure, Outcome, Protocol, Rule, Source
from ringfence.trace import words
from ringfence.trace.result import (
    Contact,
    Evidence,
    OrderedMeasure,
    RecordRow,
    ReviewItem,
    Trace,
    TracedCase,
    Venue,
)
from ringfence.trace.views.as_json import document

_LONG_AGO = date(1970, 1, 1)


def kept(trace: Trace) -> dict[str, Any]:
    protocol = trace.protocol
    return {
        "document": document(trace, "en"),
        "zh": {
            "warnings": [warning.zh for warning in trace.warnings],
            "questions": [item.question.zh for item in trace.review],
        },
        "shown": {
            "zone": trace.zone,
            "places": dict(trace.place_names),
            "title": list(protocol.title),
            "digest": protocol.digest,
            "rules": [[r.id, r.order, *words.rule_title(r)] for r in protocol.rules],
        },
    }


def document_in(told: Mapping[str, Any], language: str) -> dict[str, Any]:
    """As `as_json` makes it in this language."""
    found: dict[str, Any] = dict(told["document"])
    if language == "zh":
        questions = told["zh"]["questions"]
        pairs = zip(found["review"], questions, strict=True)
        found["warnings"] = list(told["zh"]["warnings"])
        found["review"] = [{**item, "question": question} for item, question in pairs]
    return found


def trace_of(told: Mapping[str, Any]) -> Trace:
    """KeyError, TypeError, ValueError: it was not made by `kept`."""
    found, zh, shown = told["document"], told["zh"], told["shown"]
    questions = zip(found["review"], zh["questions"], strict=True)
    return Trace(
        protocol=_protocol(found, shown),
        as_of=_at(found["as_of"]),
        zone=shown["zone"],
        lake_sequence=found["lake_sequence"],
        engine=found["engine"],
        warnings=tuple(map(Text, found["warnings"], zh["warnings"])),
        cases=tuple(map(_case, found["cases"])),
        contacts=tuple(map(_contact, found["contacts"])),
        review=tuple(_review(item, question) for item, question in questions),
        venues=tuple(map(_venue, found["venues"])),
        place_names=dict(shown["places"]),
    )


def _protocol(found: Mapping[str, Any], shown: Mapping[str, Any]) -> Protocol:
    name, version = found["protocol"], found["protocol_version"]
    try:
        ours = named(f"{name}@{version}").protocol
    except UserError:
        ours = None
    if ours is not None and ours.digest == shown["digest"]:
        return ours
    rules = tuple(
        Rule(rule, order, Outcome.CLOSE, 0, (), title=Text(en, zh))
        for rule, order, en, zh in shown["rules"]
    )
    source = Source() if found["draft"] else Source("–", "–", _LONG_AGO)
    title = Text(*shown["title"])
    return Protocol(
        name, version, title, "", "", _LONG_AGO, None, source, (), rules, shown["digest"]
    )


def _case(told: Mapping[str, Any]) -> TracedCase:
    times = {name: _moment(told[name]) for name in ("start", "end")}
    return TracedCase(**{**told, **times})


def _contact(told: Mapping[str, Any]) -> Contact:
    lists = ("subjects", "cases", "path", "settings", "rules", "flags")
    texts: dict[str, Any] = {name: tuple(told[name]) for name in lists}
    rest = ("person", "order", "priority", "provisional", "minutes")
    released = told["release_date"]
    return Contact(
        **texts,
        **{name: told[name] for name in rest},
        outcome=Outcome(told["class"]),
        first_exposure=_at(told["first_exposure"]),
        last_exposure=_at(told["last_exposure"]),
        measures=tuple(map(_measure, told["measures"])),
        release_date=None if released is None else date.fromisoformat(released),
        evidence=tuple(map(_evidence, told["evidence"])),
    )


def _measure(told: Mapping[str, Any]) -> OrderedMeasure:
    days = tuple(map(date.fromisoformat, told["tests"]))
    start, until = date.fromisoformat(told["start"]), date.fromisoformat(told["until"])
    return OrderedMeasure(Measure(told["kind"], told["days"]), start, until, days)


def _evidence(told: Mapping[str, Any]) -> Evidence:
    rows = tuple(
        RecordRow(
            row["of"], row["source"], row["batch"], source_row(row.get("part", 0), row["row"])
        )
        for row in told["rows"]
    )
    times = {name: _at(told[name]) for name in ("start", "end")}
    return Evidence(**{**told, **times, "rows": rows, "setting": None})


def _review(told: Mapping[str, Any], zh: str) -> ReviewItem:
    return ReviewItem(
        id=told["id"],
        fact="",
        question=Text(told["question"], zh),
        place=told["place"],
        start=_moment(told["start"]),
        end=_moment(told["end"]),
        people=tuple(told["people"]),
        cases=(),
    )


def _venue(told: Mapping[str, Any]) -> Venue:
    return Venue(**{**told, "start": _at(told["start"]), "end": _at(told["end"])})


def _moment(told: str | None) -> datetime | None:
    return None if told is None else _at(told)


def _at(told: str) -> datetime:
    return datetime.fromisoformat(told).astimezone(UTC)
