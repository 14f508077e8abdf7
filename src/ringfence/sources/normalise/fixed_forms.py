"""Dates and times of fixed width, a column at a time: `%Y-%m-%d %H:%M` is digits at known places.

Only forms made of %Y %m %d %H %M %S and literals have fixed places; others are left to strptime.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence.sources.normalise.byte_matrix import Bytes, lengths_and_starts
from ringfence.sources.normalise.calendar import Numbers, last_day

_WIDTHS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
_IGNORED = {"1": 1, "3": 3, "6": 6}  # digits of a second's fraction: times are kept to the second
_ORDER = "YmdHMS"
_DIRECTIVE = re.compile(r"%(.)|([^%]+)", re.DOTALL)
_MOST = {"Y": 9998, "m": 12, "d": 31, "H": 23, "M": 59, "S": 59}
_LEAST = {"Y": 1, "m": 1, "d": 1, "H": 0, "M": 0, "S": 0}

Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class FixedForm:
    """`places`: where the digits of each part begin. `literals`: places and bytes between them.
    `ignored`: places of digits that say nothing.
    """

    length: int
    places: dict[str, int]
    literals: tuple[tuple[int, int], ...]
    ignored: tuple[int, ...] = ()

    @property
    def has_time(self) -> bool:
        return "H" in self.places

    @property
    def shape(self) -> tuple[int, tuple[tuple[int, int], ...]]:
        """Forms of one shape cannot be told apart by what is written."""
        return self.length, self.literals


@lru_cache(maxsize=256)
def fixed_form(form: str, *, in_utc: bool = False) -> FixedForm | None:
    """The form by its places; None where it has none, or does not name a whole day.

    A form that ends in a written Z names no local time: it is one only where `in_utc` says so.
    """
    if form.endswith("Z") and not in_utc:
        return None
    places: dict[str, int] = {}
    literals: list[tuple[int, int]] = []
    ignored: list[int] = []
    at = 0
    for directive, literal in _DIRECTIVE.findall(form):
        if not directive or directive == "%":
            for byte in (literal or "%").encode():
                literals.append((at, byte))
                at += 1
        elif directive in _IGNORED:
            ignored.extend(range(at, at + _IGNORED[directive]))
            at += _IGNORED[directive]
        elif directive in _WIDTHS and directive not in places:
            places[directive] = at
            at += _WIDTHS[directive]
        else:
            return None
    if not {"Y", "m", "d"} <= set(places) or ("H" in places) != ("M" in places):
        return None
    return FixedForm(at, places, tuple(literals), tuple(ignored))


@dataclass(frozen=True)
class Parsed:
    """Local seconds since 1970 of the values that a form takes; `day_only` where it has no time."""

    taken: Truths
    seconds: Numbers
    day_only: Truths


def parse_fixed(values: pa.StringArray, forms: Sequence[FixedForm]) -> Parsed:
    """Each value by the first of the forms that takes it."""
    count = len(values)
    found = Parsed(np.zeros(count, np.bool_), np.zeros(count, np.int64), np.zeros(count, np.bool_))
    lengths, starts, held = lengths_and_starts(values)
    present = set(np.unique(lengths).tolist())
    for form in forms:
        if form.length not in present:
            continue
        rows = np.flatnonzero((lengths == form.length) & ~found.taken)
        if not len(rows):
            continue
        signs = held[starts[rows][:, None] + np.arange(form.length)]
        right, seconds = _read(signs, form)
        rows, seconds = rows[right], seconds[right]
        found.taken[rows] = True
        found.seconds[rows] = seconds
        found.day_only[rows] = not form.has_time
    return found


def _read(signs: Bytes, form: FixedForm) -> tuple[Truths, Numbers]:
    right: Truths = np.ones(len(signs), dtype=np.bool_)
    for place, byte in form.literals:
        right &= signs[:, place] == byte
    for place in form.ignored:
        right &= (signs[:, place] >= ord("0")) & (signs[:, place] <= ord("9"))
    parts: dict[str, Numbers] = {}
    for name in _ORDER:
        if name not in form.places:
            parts[name] = np.zeros(len(signs), dtype=np.int64)
            continue
        start = form.places[name]
        value = np.zeros(len(signs), dtype=np.int64)
        for place in range(start, start + _WIDTHS[name]):
            digit = signs[:, place].astype(np.int64) - ord("0")
            right &= (digit >= 0) & (digit <= 9)
            value = value * 10 + digit
        right &= (value >= _LEAST[name]) & (value <= _MOST[name])
        parts[name] = value
    year, month, day = parts["Y"], np.clip(parts["m"], 0, 12), parts["d"]
    right &= day <= last_day(year, month)
    days = _days_since_1970(year, month, day)
    return right, days * 86_400 + parts["H"] * 3600 + parts["M"] * 60 + parts["S"]


def _days_since_1970(year: Numbers, month: Numbers, day: Numbers) -> Numbers:
    """Days of the Gregorian calendar, counted in years that begin in March."""
    shifted = year - (month <= 2)
    era_year = shifted % 400
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    of_era = era_year * 365 + era_year // 4 - era_year // 100 + day_of_year
    days: Numbers = shifted // 400 * 146_097 + of_era - 719_468
    return days
