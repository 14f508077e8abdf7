"""What every part of a page of movements is drawn from, and tables as all of them have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

from ringfence.errors import Text
from ringfence.movements.model import Told
from ringfence.operations.moving import words
from ringfence.operations.moving.asking import Trajectory
from ringfence.operations.moving.map import Pin, numbered
from ringfence.operations.sheet import scrolling


@dataclass(frozen=True)
class View:
    """A trajectory in one language. What it says is escaped."""

    told: Trajectory
    language: str

    @cached_property
    def said(self) -> words.Said:
        return words.Said(self.told.movements, self.told.zone)

    @cached_property
    def pins(self) -> Mapping[str, Pin]:
        return numbered(self.told.movements.episodes, self.told.movements.sites)

    def t(self, text: Text) -> str:
        return escape(text.to(self.language))

    def listed(self, names: Iterable[str]) -> str:
        return Text(", ", "、").to(self.language).join(names)

    def span(self, start: int, end: int) -> str:
        return escape(words.span(self.said, start, end))

    def line_of(self, row: Told) -> str:
        """The file and line that a row came from."""
        batch = self.told.known.batches.get(row.batch)
        return escape(f"{batch.file_name}:{row.row}") if batch is not None else ""


def table(
    view: View, name: Text, heads: Sequence[Text], rows: Iterable[Sequence[str]]
) -> Iterator[str]:
    """`rows`: cells that are escaped; a row of one cell heads those that follow."""
    told = "".join(f'<th scope="col">{view.t(head)}</th>' for head in heads)
    yield scrolling("wide", name.to(view.language))
    yield f"<table><thead><tr>{told}</tr></thead><tbody>"
    for cells in rows:
        if len(cells) == 1:
            yield f'<tr class="day"><th colspan="{len(heads)}">{cells[0]}</th></tr>'
        else:
            yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    yield "</tbody></table></div>"
