"""Text in files that a spreadsheet opens: it would run what starts like a formula."""

from __future__ import annotations

_STARTS = ("=", "+", "-", "@", "\t", "\r")
_GUARDED = (*_STARTS, "'")


def harmless(text: str) -> str:
    """An apostrophe in front keeps it a text."""
    return f"'{text}" if text.startswith(_STARTS) else text


def guarded(text: str) -> str:
    """As `harmless`, so that `restored` finds out what it was: an apostrophe gets one as well."""
    return f"'{text}" if text.startswith(_GUARDED) else text


def restored(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:].startswith(_GUARDED) else text
