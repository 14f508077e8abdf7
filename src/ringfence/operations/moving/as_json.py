"""A trajectory as JSON: codes and numbers, with sentences in the reader's language."""

from __future__ import annotations

import json
from typing import Any

from ringfence.movements.model import Conflict, Episode, Gap, Told, Where
from ringfence.movements.questions import Question
from ringfence.movements.reading import Ridden
from ringfence.movements.sites import site
from ringfence.operations.moving import words
from ringfence.operations.moving.asking import Trajectory
from ringfence.trace.seeds import instant
from ringfence.trace.views.figures import iso


def document(told: Trajectory, language: str = "en") -> dict[str, Any]:
    found, person = told.movements, told.movements.person
    said = words.Said(found, told.zone)
    return {
        "case": person.case,
        "contact": person.subject if person.case is None else None,
        "from": _iso(told, person.start),
        "to": _iso(told, person.end),
        "as_of": iso(told.known.as_of, told.zone),
        "zone": told.zone,
        "provisional": told.file.provisional if told.file is not None else None,
        "protocol": told.protocol.id if told.protocol is not None else None,
        "infectious": None
        if person.window is None
        else {"start": _iso(told, person.window[0]), "end": _iso(told, person.window[1])},
        "rows": found.rows,
        "sources": list(found.sources),
        "warnings": [warning.to(language) for warning in told.warnings],
        "timeline": [_episode(told, said, one) for one in found.episodes],
        "set_aside": [_episode(told, said, one) for one in found.set_aside],
        "rides_without_times": [_untimed(told, said, one) for one in found.rides if not one.timed],
        "tests": [_row(told, one) for one in found.facts],
        "conflicts": [
            _conflict(told, said, one, number, language)
            for number, one in enumerate(found.conflicts, 1)
        ],
        "gaps": [_gap(told, said, one, number) for number, one in enumerate(found.gaps, 1)],
        "questions": [_question(told, said, one, language) for one in found.questions],
    }


def text(told: Trajectory, language: str = "en") -> str:
    return json.dumps(document(told, language), ensure_ascii=False, indent=2) + "\n"


def _iso(told: Trajectory, at: int) -> str:
    return iso(instant(at), told.zone)


def _where(said: words.Said, where: Where | None) -> dict[str, Any] | None:
    if where is None:
        return None
    there = site(said.movements.sites, where)
    return {
        "sphere": where.sphere.value,
        "key": where.key,
        "called": words.place(said, where),
        "kind": there.kind if there is not None else None,
        "lat": there.lat if there is not None else None,
        "lon": there.lon if there is not None else None,
        "radius_m": there.radius if there is not None and there.radius else None,
    }


def _episode(told: Trajectory, said: words.Said, one: Episode) -> dict[str, Any]:
    return {
        "where": _where(said, one.where),
        "start": _iso(told, one.start),
        "end": _iso(told, one.end),
        "earliest": _iso(told, one.earliest),
        "latest": _iso(told, one.latest),
        "confidence": one.confidence.value,
        "sources": list(one.sources),
        "records": [_row(told, row) for row in one.told],
    }


def _row(told: Trajectory, row: Told) -> dict[str, Any]:
    batch = told.known.batches.get(row.batch)
    return {
        "table": row.table,
        "source": row.source,
        "place": row.alias or (row.where.key if row.where is not None else None),
        "start": _iso(told, row.start),
        "end": None if row.instant else _iso(told, row.end),
        "shifted_s": -row.shift,
        "certainty": row.certainty,
        "kind": row.kind,
        "detail": row.detail,
        "batch": row.batch,
        "row": row.row,
        "file": batch.file_name if batch is not None else None,
    }


def _untimed(told: Trajectory, said: words.Said, one: Ridden) -> dict[str, Any]:
    return {
        "where": _where(said, one.told.where),
        "date": one.run.date and one.run.date.isoformat(),
        "status": one.status,
        "records": [_row(told, one.told)],
    }


def _conflict(
    told: Trajectory, said: words.Said, one: Conflict, number: int, language: str
) -> dict[str, Any]:
    return {
        "number": number,
        "kind": one.kind.value,
        "text": words.conflict(said, one).to(language),
        "likelier": one.likelier,
        "reasons": [reason.value for reason in one.reasons],
        "figure": None if one.figure is None else round(one.figure, 1),
        "these": [_row(told, row) for row in one.these],
        "those": [_row(told, row) for row in one.those],
    }


def _gap(told: Trajectory, said: words.Said, one: Gap, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "start": _iso(told, one.start),
        "end": _iso(told, one.end),
        "before": _where(said, one.before),
        "after": _where(said, one.after),
        "minutes": one.minutes,
        "waking_minutes": one.waking,
        "infectious_minutes": one.infectious,
        "apart_m": one.apart_m,
        "reach_m": one.reach_m,
        "settled": one.settled,
    }


def _question(told: Trajectory, said: words.Said, one: Question, language: str) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "number": one.number,
        "at": None if one.start is None else _iso(told, one.start),
        "text": words.question(said, one).to(language),
    }
