"""Cells of a workbook as text: what a person would read in them, dates in one form."""

from __future__ import annotations

import datetime as dt
import re
from typing import TypeAlias

Cell: TypeAlias = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta

# Beyond fifteen digits a spreadsheet does not know the number any more.
_EXACT = 10**15
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE)
_CLOCK_FORMATS = frozenset({18, 19, 20, 21, 22, 32, 33, 45, 46, 47, 55, 56})
_HALF = dt.timedelta(microseconds=500_000)


def as_text(cell: Cell, *, has_time: bool = False) -> str | None:
    """None where the cell is empty. `has_time`: a bare date is midnight of a shown time."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return number_as_text(cell)
    if isinstance(cell, dt.datetime):
        return (cell + _HALF if cell.microsecond else cell).isoformat(timespec="seconds")
    if isinstance(cell, dt.date):
        return f"{cell.isoformat()}T00:00:00" if has_time else cell.isoformat()
    return _duration(cell) if isinstance(cell, dt.timedelta) else cell.isoformat("seconds")


def number_as_text(number: int | float) -> str:
    if abs(number) >= _EXACT:
        digits, exponent = f"{number:.14E}".split("E")
        return f"{digits.rstrip('0').rstrip('.')}E{exponent}"
    if isinstance(number, float) and number.is_integer():
        return str(int(number))
    return repr(number).upper()


def shows_a_clock(number: int, code: str | None) -> bool:
    """Whether a number format shows hours or seconds."""
    if code is None:
        return number in _CLOCK_FORMATS
    return bool(re.search("[hs时]", _QUOTED.sub("", code), re.IGNORECASE))


def _duration(cell: dt.timedelta) -> str:
    seconds = round(cell.total_seconds())
    sign = "-" if seconds < 0 else ""
    minutes, second = divmod(abs(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{sign}{hour:02d}:{minute:02d}:{second:02d}"
