"""Tables of the page on normal forms, each with the line that says what it is a table of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ringfence.protocols.pipe_tables import parse_pipe_table

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "normal-forms.md"
_TABLE = re.compile(r"^\*\*(?P<verb>[^*]+)\*\*(?P<rest>[^\n]*)\n\n(?P<table>(?:\|[^\n]*\n)+)", re.M)
_QUOTED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class SpecTable:
    """`verb`: the bold words; `said`: what follows them; `quoted`: its words in backticks."""

    line: int
    verb: str
    said: str
    quoted: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


def tables() -> tuple[SpecTable, ...]:
    text = PAGE.read_text(encoding="utf-8")
    found = []
    for match in _TABLE.finditer(text):
        columns, rows = parse_pipe_table(match["table"])
        found.append(
            SpecTable(
                text[: match.start()].count("\n") + 1,
                match["verb"],
                match["rest"],
                tuple(_QUOTED.findall(match["rest"])),
                tuple(dict(zip(columns, row, strict=True)) for row in rows),
            )
        )
    return tuple(found)


def pipe_tables_of_the_page() -> int:
    """How many tables the page has, whether or not a line says what they are."""
    text = PAGE.read_text(encoding="utf-8")
    return len(re.findall(r"^\| ?-{3}", text, re.M))
