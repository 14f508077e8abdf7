"""Events as JSON. Their schema is `narrative.schema.json` beside this."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from ringfence.narratives.model import Event, Reading


def event_as_json(event: Event) -> dict[str, Any]:
    return {
        "kind": event.kind.value,
        "date": event.day.written if event.day else None,
        "date_end": event.last.written if event.last else None,
        "start": event.start.written if event.start else None,
        "end": event.end.written if event.end else None,
        "vague": event.vague.value if event.vague else None,
        "means": event.means,
        "service": event.service,
        "carriage": event.carriage,
        "row": event.row,
        "seat": event.seat,
        "from": event.origin,
        "to": event.to,
        "place": event.place,
        "place_kind": event.place_kind,
        "activity": event.activity,
        "companions": list(event.companions),
        "mask": event.mask,
        "result": event.result,
        "span": list(event.span),
        "confidence": event.confidence.value,
        "doubts": [doubt.value for doubt in event.doubts],
    }


def as_json(reading: Reading) -> dict[str, Any]:
    return {
        "events": [event_as_json(event) for event in reading.events],
        "not_understood": [
            {"span": list(one.span), "text": one.text} for one in reading.not_understood
        ],
    }


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of what `as_json` gives."""
    file = resources.files(__package__) / "narrative.schema.json"
    return dict(json.loads(file.read_text("utf-8")))
