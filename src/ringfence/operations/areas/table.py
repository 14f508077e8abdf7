"""A list of vehicles on a terminal: the area, its times, then vehicles, the latest seen first."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text as Styled

from ringfence.errors import Text
from ringfence.operations.areas.asking import VehicleList
from ringfence.operations.areas.seen import Seen, Sighting, Span
from ringfence.records.vocabularies import AREA_LEVELS
from ringfence.trace.result import place_label
from ringfence.trace.views.figures import NO_FIGURE, brief, clock

DEFAULT_ROWS = 40
_MOST_PLACES = 8
_STYLES = {"high": "red", "medium": "yellow"}
_LEVELS = {"high": Text("high", "高"), "medium": Text("medium", "中")}
_CAME_BACK = Text("yes", "是")


def show(
    told: VehicleList, console: Console, language: str = "en", rows: int = DEFAULT_ROWS
) -> None:
    console.print(_head(told, language))
    for span in told.spans:
        console.print(_span(told, span, language))
    console.print(_counts(told, language))
    for warning in told.warnings:
        console.print(Styled("! ", style="yellow").append(warning.to(language)))
    if told.vehicles:
        console.print(_vehicles(told, language, rows))
    left = len(told.vehicles) - rows
    if left > 0:
        more = Text(
            f"… {left} more: --json and --output tell of all",
            f"…… 另有 {left} 辆：--json 与 --output 列出全部",
        )
        console.print(more.to(language), style="dim")


def _head(told: VehicleList, language: str) -> Styled:
    cases, when = ", ".join(told.cases), f"{clock(told.as_of, told.zone)} ({told.zone})"
    said = Text(f"  cites case {cases}, as of {when}", f"  依据病例 {cases}，截至 {when}")
    return Styled(told.area, style="bold").append(said.to(language), style="not bold")


def _span(told: VehicleList, span: Span, language: str) -> Styled:
    start = clock(span.start, told.zone)
    if span.end is None:
        when = Text(f"from {start} on", f"{start} 起")
    else:
        end = clock(span.end, told.zone)
        when = Text(f"from {start} to {end}", f"{start} 至 {end}")
    labels = [_label(told, place) for place in sorted(span.places)]
    some = [*labels[:_MOST_PLACES], *(["…"] if len(labels) > _MOST_PLACES else [])]
    places = Text(", ", "、").to(language).join(some)
    named = Styled(AREA_LEVELS[span.level].to(language), style=_STYLES[span.level])
    colon = Text(": ", "：").to(language)
    return named.append(f"  {when.to(language)}{colon}{places}", style="default")


def _counts(told: VehicleList, language: str) -> Styled:
    counted = (
        (len(told.vehicles), Text("vehicles", "辆")),
        (
            sum(s.later is not None for s in told.vehicles),
            Text("seen outside later", "辆后见于区外"),
        ),
        (sum(s.came_back for s in told.vehicles), Text("came back", "辆曾离开后返回")),
    )
    line = Styled()
    for number, word in counted:
        line.append(f"{number} ", style="bold").append(word.to(language) + "   ")
    return line


def _vehicles(told: VehicleList, language: str, rows: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column(Text("vehicle", "车辆").to(language), no_wrap=True)
    table.add_column(Text("level", "等级").to(language), overflow="fold", min_width=6)
    table.add_column(Text("first", "首次").to(language), no_wrap=True)
    table.add_column(Text("last", "末次").to(language), no_wrap=True)
    table.add_column(Text("times", "次数").to(language), justify="right", no_wrap=True)
    table.add_column(Text("places", "地点").to(language), overflow="fold", min_width=10)
    table.add_column(
        Text("later, outside", "其后（区外）").to(language), overflow="fold", min_width=11
    )
    table.add_column(Text("back", "返回").to(language), no_wrap=True)
    for seen in told.vehicles[:rows]:
        table.add_row(*_cells(told, seen, language))
    return table


def _cells(told: VehicleList, seen: Seen, language: str) -> list[str]:
    between = Text(", ", "、").to(language)
    return [
        escape(seen.vehicle),
        between.join(_LEVELS[level].to(language) for level in seen.levels),
        brief(seen.first.at, told.zone),
        brief(seen.last.at, told.zone),
        str(seen.times),
        escape(between.join(seen.places)),
        escape(_later(told, seen.later)),
        _CAME_BACK.to(language) if seen.came_back else NO_FIGURE,
    ]


def _later(told: VehicleList, one: Sighting | None) -> str:
    return NO_FIGURE if one is None else f"{brief(one.at, told.zone)} {_label(told, one.place)}"


def _label(told: VehicleList, place: str) -> str:
    return place_label(place, told.names)
