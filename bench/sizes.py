"""Sizes by name: `100k`, `1M`, `10M` rows."""

from __future__ import annotations

import argparse
import re

_UNITS = {"k": 1_000, "M": 1_000_000}
_NAME = re.compile(r"([1-9][0-9]*)([kM])")
SMALLEST = 20_000


def rows_of(name: str) -> int:
    """Rows of a size. ArgumentTypeError: not the name of a size, or too small for an outbreak."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise argparse.ArgumentTypeError(f"{name!r} is not a size such as 100k, 1M or 10M")
    rows = int(found[1]) * _UNITS[found[2]]
    if rows < SMALLEST:
        raise argparse.ArgumentTypeError(f"the smallest size is {name_of(SMALLEST)}")
    return rows


def sizes_of(names: str) -> tuple[int, ...]:
    """Rows of several sizes, smallest first: `1M,10M`."""
    return tuple(sorted({rows_of(name) for name in names.split(",")}))


def name_of(rows: int) -> str:
    if rows % _UNITS["M"] == 0:
        return f"{rows // _UNITS['M']}M"
    return f"{rows // _UNITS['k']}k"
