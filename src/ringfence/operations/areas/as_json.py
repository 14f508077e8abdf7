"""A list of vehicles as JSON: keys, codes and times, with warnings in the reader's language."""

from __future__ import annotations

from typing import Any

from ringfence.operations.areas.asking import VehicleList
from ringfence.operations.areas.seen import Seen, Sighting
from ringfence.trace.views.figures import iso


def document(told: VehicleList, language: str = "en") -> dict[str, Any]:
    """`to` null: the area is one still."""
    return {
        "area": told.area,
        "spans": [
            {
                "level": span.level,
                "from": iso(span.start, told.zone),
                "to": None if span.end is None else iso(span.end, told.zone),
                "places": sorted(span.places),
            }
            for span in told.spans
        ],
        "cases": list(told.cases),
        "as_of": iso(told.as_of, told.zone),
        "warnings": [warning.to(language) for warning in told.warnings],
        "place_names": dict(sorted(told.names.items())),
        "vehicles": [_vehicle(told, seen) for seen in told.vehicles],
    }


def _vehicle(told: VehicleList, seen: Seen) -> dict[str, Any]:
    return {
        "vehicle": seen.vehicle,
        "levels": list(seen.levels),
        "first": _sighting(told, seen.first),
        "last": _sighting(told, seen.last),
        "sightings": seen.times,
        "places": list(seen.places),
        "later": None if seen.later is None else _sighting(told, seen.later),
        "came_back": seen.came_back,
    }


def _sighting(told: VehicleList, one: Sighting) -> dict[str, str]:
    return {"at": iso(one.at, told.zone), "place": one.place}
