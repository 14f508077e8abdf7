"""The data inside the page: compact, since a page may hold 20,000 contacts with their evidence.

Every repeated text is stored once in `texts` and named by its place there; moments are seconds
since 1970. `data.js` unpacks it: the order of the lists here is the order there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ringfence.engines.snapshot import Batch
from ringfence.errors import Text
from ringfence.lake.lineage import file_of, part_and_row
from ringfence.protocols.model import Outcome
from ringfence.records import vocabularies
from ringfence.trace import words
from ringfence.trace.result import Contact, Evidence, ReviewItem, Trace, TracedCase, Venue
from ringfence.trace.views.figures import number, offsets, seconds
from ringfence.trace.views.html.page_words import PAGE_WORDS
from ringfence.trace.views.rows import minutes_of


class _Texts:
    """Keeps each text once."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self.places: dict[str, int] = {}

    def of(self, text: str | None) -> int:
        if text is None:
            return -1
        return self.places.setdefault(text, len(self.places))

    def of_place(self, place: str | None) -> int:
        return self.of(None if place is None else self._trace.place_label(place))

    def each(self, texts: Iterable[str]) -> list[int]:
        return [self.of(text) for text in texts]


def payload(trace: Trace, language: str, batches: Mapping[str, Batch]) -> dict[str, Any]:
    texts = _Texts(trace)
    contacts = [_contact(contact, texts) for contact in trace.contacts]
    named = {row.batch for c in trace.contacts for e in c.evidence for row in e.rows}
    return {
        "language": language,
        "home_zone": trace.zone,
        "offsets": offsets(*_reach(trace), trace.zone),
        "words": dict(PAGE_WORDS),
        "terms": _terms(trace),
        "protocol": {
            "id": trace.protocol.id,
            "version": trace.protocol.version,
            "title": trace.protocol.title,
            "draft": trace.protocol.draft,
            "source": _source(trace),
        },
        "as_of": seconds(trace.as_of),
        "lake_sequence": trace.lake_sequence,
        "engine": trace.engine,
        "warnings": _warnings(trace),
        "cases": [_case(case) for case in trace.cases],
        "contacts": contacts,
        "review": [_review(item) for item in trace.review],
        "venues": [_venue(venue, trace) for venue in trace.venues],
        "files": _files(named, batches),
        "texts": list(texts.places),
    }


def _files(named: Iterable[str], batches: Mapping[str, Batch]) -> dict[str, list[str]]:
    """The name of each file, by the number of its part: `tickets.zip/a.csv`."""
    found = {}
    for name in sorted(named):
        if name in batches:
            batch = batches[name]
            last = max(batch.parts, default=0)
            found[name] = [file_of(batch.file_name, batch.parts, n) for n in range(last + 1)]
    return found


def _terms(trace: Trace) -> dict[str, dict[str, Any]]:
    flags = {flag for contact in trace.contacts for flag in contact.flags}
    measures = {o.measure.kind for contact in trace.contacts for o in contact.measures}
    return {
        "class": {outcome.value: text for outcome, text in words.CLASS_TERMS.items()},
        "class_short": {outcome.value: text for outcome, text in words.CLASS_SHORT.items()},
        "setting": {
            **{setting.value: text for setting, text in vocabularies.SETTING_TERMS.items()},
            "": words.UNDESCRIBED_SETTING,
        },
        "kind": words.KIND_TERMS,
        "certainty": vocabularies.CERTAINTIES,
        "of": words.ROW_TERMS,
        "flag": {flag: words.flag(flag, trace.protocol) for flag in sorted(flags)},
        "measure": {kind: words.measure(kind) for kind in sorted(measures)},
        "classification": vocabularies.CLASSIFICATIONS,
        "anchor": {case.anchor or "": words.anchor(case.anchor) for case in trace.cases},
        "rule": {rule.id: words.rule_title(rule) for rule in trace.protocol.rules},
    }


def _warnings(trace: Trace) -> list[Text]:
    """All but those that the banners say already."""
    said = {words.warning("draft", protocol=trace.protocol.id)}
    said |= {words.warning("provisional", case=case.case) for case in trace.cases}
    return [warning for warning in trace.warnings if warning not in said]


def _source(trace: Trace) -> str:
    source = trace.protocol.source
    known = (source.issuer, source.number, source.date and source.date.isoformat())
    return ", ".join(part for part in (*known, source.title or source.note) if part)


def _reach(trace: Trace) -> tuple[datetime, datetime]:
    """First and last moment that the page may show."""
    moments = [trace.as_of]
    for contact in trace.contacts:
        moments += (contact.first_exposure, contact.last_exposure)
    spans = [(case.start, case.end) for case in trace.cases]
    spans += [(item.start, item.end) for item in trace.review]
    spans += [(venue.start, venue.end) for venue in trace.venues]
    moments += [moment for span in spans for moment in span if moment is not None]
    return min(moments), max(moments)


def _contact(contact: Contact, texts: _Texts) -> list[Any]:
    return [
        texts.of(contact.person),
        texts.each(contact.subjects),
        texts.each(contact.cases),
        contact.order,
        list(Outcome).index(contact.outcome),
        contact.priority,
        int(contact.provisional),
        seconds(contact.first_exposure),
        seconds(contact.last_exposure),
        minutes_of(contact),
        texts.each(contact.settings),
        texts.each(contact.rules),
        texts.each(contact.flags),
        [
            [
                texts.of(ordered.measure.kind),
                ordered.measure.days,
                texts.of(ordered.start.isoformat()),
                texts.of(ordered.until.isoformat()),
                texts.each(day.isoformat() for day in ordered.tests),
            ]
            for ordered in contact.measures
        ],
        texts.of(contact.release_date.isoformat() if contact.release_date else None),
        [_evidence(evidence, texts) for evidence in contact.evidence],
    ]


def _evidence(evidence: Evidence, texts: _Texts) -> list[Any]:
    return [
        texts.of(evidence.case),
        texts.of(evidence.via),
        texts.of(evidence.kind),
        texts.of(evidence.setting),
        texts.of_place(evidence.place),
        texts.of(evidence.zone),
        seconds(evidence.start),
        seconds(evidence.end),
        None if evidence.minutes is None else number(evidence.minutes),
        texts.of(evidence.rule),
        texts.of(evidence.certainty),
        [
            [texts.of(row.of), texts.of(row.source), texts.of(row.batch), *part_and_row(row.row)]
            for row in evidence.rows
        ],
    ]


def _case(case: TracedCase) -> dict[str, Any]:
    return {
        "case": case.case,
        "subject": case.subject,
        "disease": case.disease,
        "classification": case.classification,
        "provisional": case.provisional,
        "anchor": case.anchor or "",
        "start": seconds(case.start) if case.start else None,
        "end": seconds(case.end) if case.end else None,
        "open_ended": case.open_ended,
    }


def _review(item: ReviewItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "fact": item.fact,
        "question": item.question,
        "place": item.place,
        "start": seconds(item.start) if item.start else None,
        "end": seconds(item.end) if item.end else None,
        "people": list(item.people),
    }


def _venue(venue: Venue, trace: Trace) -> dict[str, Any]:
    return {
        "case": venue.case,
        "via": venue.via,
        "place": trace.place_label(venue.place),
        "setting": venue.setting or "",
        "zone": venue.zone,
        "start": seconds(venue.start),
        "end": seconds(venue.end),
        "people": venue.people,
        "limit": venue.limit,
    }
