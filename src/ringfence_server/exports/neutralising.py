"""Cells that a spreadsheet would take for a formula are made plain texts."""

from __future__ import annotations

_BEGINS = frozenset("=+-@\t\r\n＝＋－＠")
_PLAIN = "'"
"""What spreadsheets themselves write before a text that is to stay one."""


def plain(text: str) -> str:
    """The same text; where it, or what follows its first spaces, begins like a formula, after a
    mark. Some programs look past the spaces.
    """
    rest = text.lstrip(" \u00a0\u3000\ufeff")
    return _PLAIN + text if rest and rest[0] in _BEGINS else text
