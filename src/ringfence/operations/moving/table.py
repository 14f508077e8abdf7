"""A trajectory on a terminal: day by day, then what contradicts, what is missing, what to ask."""

from __future__ import annotations

from datetime import date

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text as Styled

from ringfence.errors import Text
from ringfence.movements.model import Confidence, Conflict, Episode
from ringfence.operations.moving import words
from ringfence.operations.moving.asking import Trajectory
from ringfence.trace.local_days import local_day
from ringfence.trace.seeds import instant
from ringfence.trace.views.figures import clock

STYLES = {
    Confidence.CERTAIN: "green",
    Confidence.LIKELY: "default",
    Confidence.WEAK: "yellow",
    Confidence.DOUBTFUL: "red",
}
MOST_ROWS = 400
MOST_GAPS = 10


def show(told: Trajectory, console: Console, language: str = "en") -> None:
    said = words.Said(told.movements, told.zone)
    _head(told, console, language)
    _timeline(told, said, console, language)
    _conflicts(told, said, console, language)
    _gaps(told, said, console, language)
    _questions(told, said, console, language)


def _head(told: Trajectory, console: Console, language: str) -> None:
    found, person = told.movements, told.movements.person
    first, last = (clock(instant(at), told.zone) for at in (person.start, person.end))
    of = (
        Text(f"case {told.of}", f"病例 {told.of}")
        if person.case is not None
        else Text(f"contact {told.of}", f"接触者 {told.of}")
    )
    console.print(
        Styled(of.to(language), style="bold").append(
            Text(f"  {first} to {last} ({told.zone})", f"  {first} 至 {last}（{told.zone}）").to(
                language
            ),
            style="not bold",
        )
    )
    counts = (
        (found.rows, Text("record", "条记录")),
        (len(found.sources), Text("source", "个来源")),
        (len(found.episodes), Text("episode", "段行程")),
        (len(found.conflicts), Text("conflict", "处矛盾")),
        (sum(1 for gap in found.gaps if not gap.settled), Text("gap", "段空白")),
    )
    line = Styled()
    for count, what in counts:
        plural = "" if count == 1 else "s"
        line.append(f"{count} ", style="bold")
        line.append(Text(f"{what.en}{plural}   ", f"{what.zh}   ").to(language))
    console.print(line)
    for warning in told.warnings:
        console.print(Styled("! ", style="yellow").append(warning.to(language)))


def _table(*heads: Text, language: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(head.to(language), no_wrap=number == 0, overflow="fold")
    return table


def _timeline(told: Trajectory, said: words.Said, console: Console, language: str) -> None:
    """The date stands once, above the stays that began on it."""
    heads = (
        Text("when", "时间"),
        Text("where", "地点"),
        Text("confidence", "可信度"),
        Text("told by", "来源"),
    )
    table = _table(*heads, language=language)
    table.columns[2].no_wrap = True
    day: date | None = None
    episodes = told.movements.episodes
    for one in episodes[:MOST_ROWS]:
        today = local_day(instant(one.start), told.zone)
        if today != day:
            table.add_row(Styled(f"{today:%Y-%m-%d}", style="bold"))
            day = today
        table.add_row(*_cells(said, one, language))
    console.print(table)
    if len(episodes) > MOST_ROWS:
        left = len(episodes) - MOST_ROWS
        console.print(
            Text(f"… {left} more: --json tells of all", f"…… 另有 {left} 段：--json 列出全部").to(
                language
            ),
            style="dim",
        )


def _cells(said: words.Said, one: Episode, language: str) -> list[str | Styled]:
    where = Styled(words.place(said, one.where))
    seats = dict.fromkeys(row.detail for row in one.told if row.table == "ride" and row.detail)
    if seats:
        where.append(f" {' / '.join(str(seat) for seat in seats)}")
    where.append(f"  {words.kind_of(said, one.where).to(language)}", style="dim")
    return [
        words.hours(said, one.start, one.end),
        where,
        Styled(words.CONFIDENCE_TERMS[one.confidence].to(language), style=STYLES[one.confidence]),
        escape(Text(", ", "、").to(language).join(one.sources)),
    ]


def _conflicts(told: Trajectory, said: words.Said, console: Console, language: str) -> None:
    if not told.movements.conflicts:
        return
    console.print(Styled(Text("\nConflicts\n", "\n矛盾\n").to(language), style="bold"))
    heads = (
        Text("", ""),
        Text("kind", "类型"),
        Text("what contradicts", "矛盾内容"),
        Text("likelier, and why", "较可能的一方与理由"),
    )
    table = _table(*heads, language=language)
    for number, one in enumerate(told.movements.conflicts, 1):
        table.add_row(
            str(number),
            words.KIND_TERMS[one.kind].to(language),
            escape(_sentence(said, one, language)),
            escape(words.likelier(one).to(language)),
        )
    console.print(table)


def _sentence(said: words.Said, one: Conflict, language: str) -> str:
    return f"{words.span(said, one.at, one.at)}  {words.conflict(said, one).to(language)}"


def _gaps(told: Trajectory, said: words.Said, console: Console, language: str) -> None:
    gaps = [gap for gap in told.movements.gaps if not gap.settled]
    if not gaps:
        return
    console.print(
        Styled(
            Text(
                "\nGaps, those first that could hide most\n", "\n空白时段（按可能隐藏的程度）\n"
            ).to(language),
            style="bold",
        )
    )
    heads = (
        Text("when", "时间"),
        Text("between", "前后"),
        Text("min awake", "清醒分钟"),
        Text("infectious", "传染期内"),
        Text("reach", "可达"),
    )
    table = _table(*heads, language=language)
    for one in gaps[:MOST_GAPS]:
        table.add_row(
            words.span(said, one.start, one.end),
            escape(words.gap(said, one).to(language)),
            str(one.waking),
            str(one.infectious),
            words.reach(one),
        )
    console.print(table)


def _questions(told: Trajectory, said: words.Said, console: Console, language: str) -> None:
    if not told.movements.questions:
        return
    console.print(Styled(Text("\nTo ask next\n", "\n下一步核实\n").to(language), style="bold"))
    for number, one in enumerate(told.movements.questions, 1):
        console.print(f"{number:>3}  {escape(words.question(said, one).to(language))}")
