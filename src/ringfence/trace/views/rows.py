"""Contacts as flat rows, one each: what CSV and Parquet have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from ringfence.trace import words
from ringfence.trace.result import Contact, Trace
from ringfence.trace.views.figures import number

Cell = str | int | float | bool | datetime | date | tuple[str, ...] | None


@dataclass(frozen=True)
class Shape:
    """A column: its name and how a contact fills it. `holds` names the type of its cells."""

    name: str
    holds: str  # text, texts, whole, number, truth, instant, day
    value: Callable[[Trace, Contact], Cell]
    only_for_people: bool = False  # words in the reader's language beside the codes


def shapes(language: str) -> tuple[Shape, ...]:
    def titles(trace: Trace, contact: Contact) -> tuple[str, ...]:
        named = {rule.id: words.rule_title(rule).to(language) for rule in trace.protocol.rules}
        return tuple(named.get(rule, rule) for rule in contact.rules)

    return (
        Shape("person", "text", lambda _, c: c.person),
        Shape("subjects", "texts", lambda _, c: c.subjects),
        Shape("cases", "texts", lambda _, c: c.cases),
        Shape("order", "whole", lambda _, c: c.order),
        Shape("class", "text", lambda _, c: c.outcome.value),
        Shape("class_name", "text", lambda _, c: words.CLASS_TERMS[c.outcome].to(language), True),
        Shape("priority", "whole", lambda _, c: c.priority),
        Shape("provisional", "truth", lambda _, c: c.provisional),
        Shape("path", "texts", lambda _, c: c.path),
        Shape("first_exposure", "instant", lambda _, c: c.first_exposure),
        Shape("last_exposure", "instant", lambda _, c: c.last_exposure),
        Shape("minutes", "number", lambda _, c: minutes_of(c)),
        Shape("settings", "texts", lambda _, c: c.settings),
        Shape("rules", "texts", lambda _, c: c.rules),
        Shape("rule_titles", "texts", titles, True),
        Shape("flags", "texts", lambda _, c: c.flags),
        Shape("measures", "texts", lambda _, c: tuple(_measures(c))),
        Shape("release_date", "day", lambda _, c: c.release_date),
        Shape("evidence_count", "whole", lambda _, c: len(c.evidence)),
        Shape("protocol", "text", lambda t, _: t.protocol.id),
        Shape("protocol_version", "whole", lambda t, _: t.protocol.version),
        Shape("draft", "truth", lambda t, _: t.protocol.draft),
        Shape("as_of", "instant", lambda t, _: t.as_of),
        Shape("lake_sequence", "whole", lambda t, _: t.lake_sequence),
    )


def minutes_of(contact: Contact) -> int | float | None:
    """None where every evidence is a link: a relation lasts, but nobody counted its minutes."""
    counted = any(evidence.minutes is not None for evidence in contact.evidence)
    return number(contact.minutes) if counted else None


def _measures(contact: Contact) -> Iterator[str]:
    for ordered in contact.measures:
        yield f"{ordered.measure.kind} {ordered.start.isoformat()}/{ordered.until.isoformat()}"
