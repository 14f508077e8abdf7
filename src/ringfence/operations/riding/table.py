"""A list of passengers on a terminal: the run, the case's seat, then people, most urgent first."""

from __future__ import annotations

from collections import Counter

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text as Styled

from ringfence.errors import Text
from ringfence.operations.riding import words
from ringfence.operations.riding.asking import PassengerList
from ringfence.protocols.model import Outcome
from ringfence.rides.companions import ATTACK_RATES, NEARNESS_TERMS, Companion
from ringfence.trace.views.figures import NO_FIGURE
from ringfence.trace.words import CLASS_SHORT, rule_title

DEFAULT_ROWS = 40
_STYLES = {Outcome.CLOSE: "red", Outcome.GENERAL: "yellow", Outcome.SECOND: "blue", None: "cyan"}


def show(
    told: PassengerList, console: Console, language: str = "en", rows: int = DEFAULT_ROWS
) -> None:
    """This run, and after it each that the case changed to."""
    _head(told, console, language)
    _people(told, console, language, rows)
    if told.onward is not None:
        console.print()
        console.print(Text("The case changed to:", "病例换乘：").to(language), style="bold")
        show(told.onward, console, language, rows)


def _head(told: PassengerList, console: Console, language: str) -> None:
    run = told.run
    line = Styled(run.name, style="bold").append(f"  {words.day(run)}  ", style="not bold")
    if told.protocol is not None:
        line.append(told.protocol.title.to(language), style="not bold")
        if told.protocol.draft:
            line.append("  ").append(Text(" DRAFT ", " 草案 ").to(language), "black on yellow")
    console.print(line)
    for leg in told.mine:
        where = words.stations(run, leg.board, leg.alight)
        console.print(
            Text(
                f"case {told.case}: seat {leg.seat.label}, {where}",
                f"病例 {told.case}：座位 {leg.seat.label}，{where}",
            ).to(language)
        )
    counted = Counter(one.outcome for one in told.people)
    counts = Styled()
    for outcome in (*Outcome, None):
        if counted[outcome]:
            counts.append(f"{counted[outcome]} ", style=f"bold {_STYLES[outcome]}")
            counts.append(_class(told, outcome).to(language) + "   ")
    counts.append(f"{told.aboard} ", style="bold")
    console.print(counts.append(Text("aboard by all records", "全部记录中的乘车人").to(language)))
    for warning in told.warnings:
        console.print(Styled("! ", style="yellow").append(warning.to(language)))


def _class(told: PassengerList, outcome: Outcome | None) -> Text:
    if outcome is not None:
        return CLASS_SHORT[outcome]
    return words.TO_ASK if any(one.open for one in told.people) else words.NO_CLASS


def _people(told: PassengerList, console: Console, language: str, rows: int) -> None:
    if not told.people:
        console.print(Text("Nobody was exposed on it.", "此班次上未发现接触者。").to(language))
        return
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column(Text("person", "人员").to(language), no_wrap=True)
    table.add_column(Text("class", "类别").to(language), overflow="fold", min_width=8)
    table.add_column(Text("seat", "座位").to(language), no_wrap=True)
    table.add_column(Text("nearness", "远近").to(language), overflow="fold", min_width=9)
    table.add_column(Text("together", "同乘区间").to(language), overflow="fold", min_width=12)
    table.add_column(Text("min", "分钟").to(language), justify="right", no_wrap=True)
    table.add_column(
        Text("rule, and what to ask", "规则与待核实").to(language), overflow="fold", min_width=14
    )
    for one in told.people[:rows]:
        table.add_row(*_cells(told, one, language))
    console.print(table)
    if len(told.people) > rows:
        left = len(told.people) - rows
        console.print(
            Text(f"… {left} more: --json tells of all", f"…… 另有 {left} 人：--json 列出全部").to(
                language
            ),
            style="dim",
        )


def _cells(told: PassengerList, one: Companion, language: str) -> list[str | Styled]:
    first = one.meetings[0]
    near = NEARNESS_TERMS[one.nearness].to(language)
    if (rate := ATTACK_RATES.get(one.nearness)) is not None:
        near += f" ({rate:g} %)"
    why = Styled()
    if one.outcome is not None:
        why.append("; ".join(rule_title(rule).to(language) for rule in one.rules))
    if one.open:
        asked = Text(", ", "、").to(language).join(words.doubt(f).to(language) for f in one.open)
        graver = Text("graver?", "是否更重？") if one.outcome is not None else Text("ask", "核实")
        said = Text(f"{graver.en} {asked}", f"{graver.zh} {asked}").to(language)
        why.append(f"{'; ' if why else ''}{said}", style="yellow")
    return [
        escape(one.person),
        Styled(_class(told, one.outcome).to(language), style=_STYLES[one.outcome]),
        escape(first.other.seat.label),
        near,
        escape("; ".join(words.spans(told.run, one.meetings, told.zone))),
        NO_FIGURE if one.minutes is None else f"{one.minutes:g}",
        why,
    ]
