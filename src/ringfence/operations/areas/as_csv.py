"""A list of vehicles as CSV for a spreadsheet at a checkpoint: one row each."""

from __future__ import annotations

import csv
import io

from ringfence.operations.areas.asking import VehicleList
from ringfence.operations.areas.seen import Seen, Sighting
from ringfence.records.formulas import harmless
from ringfence.records.vocabularies import AREA_LEVELS
from ringfence.trace.result import place_label
from ringfence.trace.views.figures import iso

HEADER = (
    "vehicle",
    "levels",
    "level_names",
    "first_seen",
    "first_place",
    "last_seen",
    "last_place",
    "sightings",
    "places",
    "later_seen",
    "later_place",
    "came_back",
    "area",
    "as_of",
)
_BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as the machine's own code page


def content(told: VehicleList, language: str = "en") -> bytes:
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(HEADER)
    for seen in told.vehicles:
        writer.writerow([harmless(cell) for cell in _cells(told, seen, language)])
    return (_BYTE_ORDER_MARK + sheet.getvalue()).encode("utf-8")


def _cells(told: VehicleList, seen: Seen, language: str) -> list[str]:
    return [
        seen.vehicle,
        ";".join(seen.levels),
        ";".join(AREA_LEVELS[level].to(language) for level in seen.levels),
        *_where(told, seen.first),
        *_where(told, seen.last),
        str(seen.times),
        ";".join(place_label(place, told.names) for place in seen.places),
        *_where(told, seen.later),
        "true" if seen.came_back else "false",
        told.area,
        iso(told.as_of, told.zone),
    ]


def _where(told: VehicleList, one: Sighting | None) -> tuple[str, str]:
    if one is None:
        return "", ""
    return iso(one.at, told.zone), place_label(one.place, told.names)
