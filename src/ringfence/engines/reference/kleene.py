"""Three-valued logic: True, False, or None where it is not known."""

from __future__ import annotations

from collections.abc import Iterable


def all_of(values: Iterable[bool | None]) -> bool | None:
    """False if one is false; else unknown if one is unknown; else true."""
    seen = set(values)
    if False in seen:
        return False
    return None if None in seen else True


def any_of(values: Iterable[bool | None]) -> bool | None:
    """True if one is true; else unknown if one is unknown; else false."""
    seen = set(values)
    if True in seen:
        return True
    return None if None in seen else False
