"""A trace as JSON: the form that programs read. Its schema is `trace.schema.json` beside this."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from ringfence.lake.lineage import part_and_row
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
from ringfence.trace.views.figures import iso, number


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of `document`."""
    file = resources.files("ringfence.trace.views") / "trace.schema.json"
    loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return loaded


def document(trace: Trace, language: str = "en") -> dict[str, Any]:
    """`language` is that of the warnings and questions; every other word is a code."""
    return {
        "protocol": trace.protocol.id,
        "protocol_version": trace.protocol.version,
        "draft": trace.protocol.draft,
        "as_of": iso(trace.as_of, trace.zone),
        "lake_sequence": trace.lake_sequence,
        "engine": trace.engine,
        "warnings": [warning.to(language) for warning in trace.warnings],
        "cases": [_case(case, trace.zone) for case in trace.cases],
        "contacts": [contact_document(contact, trace.zone) for contact in trace.contacts],
        "review": [review_document(item, trace.zone, language) for item in trace.review],
        "venues": [_venue(venue, trace.zone) for venue in trace.venues],
    }


def text(trace: Trace, language: str = "en") -> str:
    return json.dumps(document(trace, language), ensure_ascii=False, indent=2) + "\n"


def contact_document(contact: Contact, zone: str) -> dict[str, Any]:
    return {
        "person": contact.person,
        "subjects": list(contact.subjects),
        "cases": list(contact.cases),
        "order": contact.order,
        "class": contact.outcome.value,
        "priority": contact.priority,
        "provisional": contact.provisional,
        "path": list(contact.path),
        "first_exposure": iso(contact.first_exposure, zone),
        "last_exposure": iso(contact.last_exposure, zone),
        "minutes": number(contact.minutes),
        "settings": list(contact.settings),
        "rules": list(contact.rules),
        "flags": list(contact.flags),
        "measures": [_measure(ordered) for ordered in contact.measures],
        "release_date": contact.release_date.isoformat() if contact.release_date else None,
        "evidence": [evidence_document(evidence, zone) for evidence in contact.evidence],
    }


def evidence_document(evidence: Evidence, zone: str) -> dict[str, Any]:
    return {
        "case": evidence.case,
        "via": evidence.via,
        "kind": evidence.kind,
        "place": evidence.place,
        "zone": evidence.zone,
        "start": iso(evidence.start, zone),
        "end": iso(evidence.end, zone),
        "minutes": None if evidence.minutes is None else number(evidence.minutes),
        "rule": evidence.rule,
        "certainty": evidence.certainty,
        "rows": [_row(row) for row in evidence.rows],
    }


def _row(record: RecordRow) -> dict[str, Any]:
    part, row = part_and_row(record.row)
    content = {"of": record.of, "source": record.source, "batch": record.batch, "row": row}
    return {**content, "part": part} if part else content


def review_document(item: ReviewItem, zone: str, language: str) -> dict[str, Any]:
    return {
        "id": item.id,
        "question": item.question.to(language),
        "place": item.place,
        "start": iso(item.start, zone) if item.start else None,
        "end": iso(item.end, zone) if item.end else None,
        "settles": len(item.people),
        "people": list(item.people),
    }


def _case(case: TracedCase, zone: str) -> dict[str, Any]:
    return {
        "case": case.case,
        "subject": case.subject,
        "disease": case.disease,
        "classification": case.classification,
        "provisional": case.provisional,
        "jurisdiction": case.jurisdiction,
        "anchor": case.anchor,
        "start": iso(case.start, zone) if case.start else None,
        "end": iso(case.end, zone) if case.end else None,
        "open_ended": case.open_ended,
    }


def _measure(ordered: OrderedMeasure) -> dict[str, Any]:
    return {
        "kind": ordered.measure.kind,
        "days": ordered.measure.days,
        "start": ordered.start.isoformat(),
        "until": ordered.until.isoformat(),
        "tests": [day.isoformat() for day in ordered.tests],
    }


def _venue(venue: Venue, zone: str) -> dict[str, Any]:
    return {
        "case": venue.case,
        "via": venue.via,
        "place": venue.place,
        "setting": venue.setting,
        "zone": venue.zone,
        "start": iso(venue.start, zone),
        "end": iso(venue.end, zone),
        "people": venue.people,
        "limit": venue.limit,
    }
