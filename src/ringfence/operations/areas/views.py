"""The list of vehicles on a terminal, as JSON, and as CSV for a checkpoint's own program."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text as Styled

from ringfence.errors import Text
from ringfence.operations.areas.asking import Seen, VehicleList
from ringfence.records.formulas import harmless
from ringfence.records.vocabularies import AREA_LEVELS
from ringfence.trace.views.figures import clock, iso

_STYLES = {"high": "red", "medium": "yellow"}


def document(told: VehicleList, language: str = "en") -> dict[str, Any]:
    return {
        "area": told.area,
        "as_of": iso(told.as_of, told.zone),
        "cases": list(told.cases),
        "levels": [
            {
                "level": one.level,
                "from": iso(one.start, told.zone),
                "to": None if one.open else iso(one.end, told.zone),
                "places": sorted(one.places),
            }
            for one in told.levels
        ],
        "warnings": [warning.to(language) for warning in told.warnings],
        "vehicles": [
            {
                "vehicle": one.vehicle,
                "level": one.level,
                "first": iso(one.first, told.zone),
                "last": iso(one.last, told.zone),
                "sightings": one.times,
                "places": list(one.places),
                "left_to": one.left[0] if one.left is not None else None,
                "left_at": iso(one.left[1], told.zone) if one.left is not None else None,
            }
            for one in told.vehicles
        ],
    }


def text(told: VehicleList, language: str = "en") -> str:
    return json.dumps(document(told, language), ensure_ascii=False, indent=2) + "\n"


def sheet(told: VehicleList) -> bytes:
    """One line a vehicle, times in the home's zone."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["vehicle", "level", "first", "last", "sightings", "left_to", "left_at"])
    for one in document(told)["vehicles"]:
        places = (one["vehicle"], one["left_to"] or "")
        vehicle, left = (harmless(place) for place in places)
        seen = (one["level"], one["first"], one["last"], one["sightings"])
        writer.writerow([vehicle, *seen, left, one["left_at"] or ""])
    return out.getvalue().encode("utf-8")


def show(told: VehicleList, console: Console, language: str = "en") -> None:
    title = Text(f"area {told.area}", f"风险区域 {told.area}").to(language)
    cited = Text(", ", "、").to(language).join(told.cases)
    line = Styled(title, style="bold")
    line.append(Text(f"  for {cited}", f"  依据病例 {cited}").to(language), style="not bold")
    console.print(line)
    for level in told.levels:
        until = Text("still", "至今").to(language) if level.open else clock(level.end, told.zone)
        name = AREA_LEVELS[level.level].to(language)
        console.print(f"{name}  {clock(level.start, told.zone)} – {until}")
    for warning in told.warnings:
        console.print(Styled("! ", style="yellow").append(warning.to(language)))
    if not told.vehicles:
        console.print(Text("No vehicle was seen in it.", "未发现车辆记录。").to(language))
        return
    heads = (
        Text("vehicle", "车辆"),
        Text("level", "等级"),
        Text("seen in it", "区内时间"),
        Text("times", "次数"),
        Text("places", "场所"),
        Text("then", "离开后首次出现"),
    )
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(head.to(language), no_wrap=number == 0, overflow="fold")
    for one in told.vehicles:
        table.add_row(*_cells(told, one, language))
    console.print(table)


def _cells(told: VehicleList, one: Seen, language: str) -> list[str | Styled]:
    span = f"{clock(one.first, told.zone)[5:]} – {clock(one.last, told.zone)[5:]}"
    left = ""
    if one.left is not None:
        left = f"{clock(one.left[1], told.zone)[5:]} {told.names.get(one.left[0], one.left[0])}"
    places = Text(", ", "、").to(language).join(told.names.get(key, key) for key in one.places)
    return [
        escape(one.vehicle),
        Styled(AREA_LEVELS[one.level].to(language), style=_STYLES[one.level]),
        clock(one.first, told.zone)[5:] if one.times == 1 else span,
        str(one.times),
        escape(places),
        escape(left),
    ]
