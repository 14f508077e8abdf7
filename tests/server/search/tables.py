"""The tables of docs/reference/search-forms.md, as tests read them."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "search-forms.md"
_SECTION = re.compile(r"^## ", re.MULTILINE)
_TABLE = re.compile(r"^\*\*(\w+)\*\*\n\n((?:\|.*\n)+)", re.MULTILINE)


def tables(section: str) -> dict[str, list[list[str]]]:
    """Rows of each table of a section, without their heads."""
    parts = _SECTION.split(PAGE.read_text(encoding="utf-8"))
    (part,) = [one for one in parts if one.startswith(section)]
    return {
        name: [_cells(line) for line in text.splitlines()[2:]]
        for name, text in _TABLE.findall(part)
    }


def typed(section: str) -> list[tuple[str, list[str]]]:
    """What is typed, and whom or what it finds, in order."""
    return [(text, found.split(", ") if found else []) for text, found in tables(section)["Typed"]]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
