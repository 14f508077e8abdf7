"""Dates and times whose parts are not padded (`2022/9/19 8:05`), a column at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.sources.normalise.fixed_forms import Parsed, fixed_form, parse_fixed

_GROUPS = {
    "Y": "(?P<Y>[0-9]{4})",
    "m": "(?P<m>[0-9]{1,2})",
    "d": "(?P<d>[0-9]{1,2})",
    "H": "(?P<H>[0-9]{1,2})",
    "M": "(?P<M>[0-9]{2})",
    "S": "(?P<S>[0-9]{2})",
}
_DAY = f"{_GROUPS['Y']}[-/.年]{_GROUPS['m']}[-/.月]{_GROUPS['d']}"
_CLOCK = f"{_GROUPS['H']}:{_GROUPS['M']}(?::{_GROUPS['S']})?"
USUAL = f"^{_DAY}(?:日?|(?:日 ?| ){_CLOCK})$"
"""Year first, as `written_times` reads it where a mapping names no form."""

_PART = re.compile(r"%(.)|([^%]+)", re.DOTALL)
_PADDED = "%Y-%m-%d %H:%M:%S"


@lru_cache(maxsize=256)
def loose_pattern(form: str) -> str | None:
    """A strptime form as a pattern; None where parts are not told apart by a sign between them."""
    pattern, after_digits, seen = "", False, set()
    for directive, literal in _PART.findall(form):
        if literal:
            if any(sign.isdigit() or (sign.isspace() and sign != " ") for sign in literal):
                return None
            pattern, after_digits = pattern + re.escape(literal), False
        elif directive not in _GROUPS or directive in seen or after_digits:
            return None
        else:
            pattern, after_digits = pattern + _GROUPS[directive], True
            seen.add(directive)
    whole = {"Y", "m", "d"} <= seen and ("H" in seen) == ("M" in seen) and not form.endswith("Z")
    return f"^{pattern}$" if whole else None


def parse_loose(values: pa.StringArray, patterns: Sequence[str]) -> Parsed:
    """Each value by the first pattern that takes it."""
    count = len(values)
    found = Parsed(np.zeros(count, np.bool_), np.zeros(count, np.int64), np.zeros(count, np.bool_))
    for pattern in patterns:
        left = np.flatnonzero(~found.taken)
        if not len(left):
            break
        parts = pc.extract_regex(values.take(pa.array(left)), pattern)
        fits = parts.is_valid().to_numpy(zero_copy_only=False)
        if not fits.any():
            continue
        rows = left[fits]
        parsed = _of_parts(parts.filter(pa.array(fits)))
        rows = rows[parsed.taken]
        found.taken[rows] = True
        found.seconds[rows] = parsed.seconds[parsed.taken]
        found.day_only[rows] = parsed.day_only[parsed.taken]
    return found


def _of_parts(parts: pa.StructArray) -> Parsed:
    names = {field.name for field in parts.type}
    given = {
        name: pc.utf8_lpad(parts.field(name), 2, "0")
        if name in names
        else pa.repeat(pa.scalar("00"), len(parts))
        for name in "mdHMS"
    }
    day = pc.binary_join_element_wise(parts.field("Y"), given["m"], given["d"], "-")
    clock = pc.binary_join_element_wise(given["H"], given["M"], given["S"], ":")
    form = fixed_form(_PADDED)
    assert form is not None
    parsed = parse_fixed(pc.binary_join_element_wise(day, clock, " "), [form])
    without = np.ones(len(parts), np.bool_)
    if "H" in names:
        without = pc.equal(parts.field("H"), "").to_numpy(zero_copy_only=False)
    return Parsed(parsed.taken, parsed.seconds, without)
