"""What a narrative tells, as a table on a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from ringfence.errors import Text
from ringfence.narratives.model import Confidence, Event, Reading
from ringfence.operations.narrating import words
from ringfence.operations.narrating.proposing import Proposed

_MOST_UNREAD = 30
_SHOWN = 60


def show(
    reading: Reading, console: Console, language: str, proposed: Proposed | None = None
) -> None:
    """With what was `proposed`, the names of places show whether the home knows them."""
    if reading.events:
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
        for head in words.HEADS:
            table.add_column(head.to(language), overflow="fold")
        for event in reading.events:
            table.add_row(*_cells(event, language))
        console.print(table)
    count = len(reading.events)
    plural = "" if count == 1 else "s"
    console.print(Text(f"{count} event{plural}", f"{count} 个事件").to(language), style="bold")
    if proposed is not None:
        _show_places(proposed, console, language)
    if not reading.not_understood:
        return
    console.print(Text("Not understood:", "未能理解：").to(language), style="yellow")
    for one in reading.not_understood[:_MOST_UNREAD]:
        shown = " ".join(one.text.split())
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
        console.print(Styled(f"  {one.span[0]}–{one.span[1]}  {shown}"))
    left = len(reading.not_understood) - _MOST_UNREAD
    if left > 0:
        more = Text(
            f"  … {left} more: --json tells of all", f"  …… 另有 {left} 处：--json 列出全部"
        )
        console.print(more.to(language), style="dim")


def _show_places(proposed: Proposed, console: Console, language: str) -> None:
    """Names of which somebody has to say which place they mean."""
    unsure = {
        one.place: [place.name or place.key for place in one.alike]
        for one in proposed.proposals
        if one.place and one.alike
    }
    if not unsure:
        return
    heading = Text("Which places are these?", "以下场所待确认：")
    console.print(heading.to(language), style="yellow")
    for name, alike in unsure.items():
        perhaps = Text("perhaps ", "可能是 ").to(language) + Text(", ", "、").to(language).join(
            alike
        )
        console.print(Styled(f"  {name}  {perhaps}"))


def _cells(event: Event, language: str) -> list[Styled]:
    """What stands in a text is no markup."""
    style = "yellow" if event.confidence in {Confidence.DOUBTFUL, Confidence.WEAK} else ""
    return [
        Styled(words.kind(event, language)),
        Styled(words.when(event, language)),
        Styled(words.where(event)),
        Styled(words.details(event, language)),
        Styled(words.doubts(event, language), style=style),
    ]
