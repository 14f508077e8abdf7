"""What is done to every value first: look-alike signs made one, what cannot be seen taken away."""

from __future__ import annotations

import re
import unicodedata

from ringfence.sources import reasons
from ringfence.sources.normalise import wording
from ringfence.sources.reasons import RefusedError

LONGEST = 2000
"""Cells longer than this are refused before anything else is done to them."""

_SPACES = re.compile(r"\s+")
BLANK = frozenset(
    (
        *("unknown", "n/a", "null", "none", "nil", "-", "--", "—", "——", "/", "\\", "?"),
        *("无", "不详", "未知", "未填", "空", "暂无", "没有", "不明"),
    )
)
_MASK = re.compile(r"[*＊●×■█]|[xX]{4,}")
ROUNDED = re.compile(r"[+-]?\d(?:\.\d+)?\s?[eE]\s?\+\d{1,3}", re.ASCII)
"""How a spreadsheet shows a long number; what is left of it is 15 digits at most."""

_ROUNDED_IDENTITY = re.compile(r"\d(?:\.\d+)?[eE]\d{1,2}|\d{11,20}\.0", re.ASCII)


def tidy(text: str) -> str:
    """NFKC, no invisible signs, single spaces, none at the ends. Raises for control characters."""
    if len(text) > LONGEST:
        raise RefusedError(wording.TOO_LONG)
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip()
    return _settled(text, "NFKC")


def tidy_prose(text: str) -> str:
    """As `tidy`, but signs keep their own form: ① stays ①."""
    if len(text) > LONGEST:
        raise RefusedError(wording.TOO_LONG)
    return _settled(text, "NFC")


def is_blank(tidied: str) -> bool:
    """Whether people write this where they know nothing."""
    return not tidied or tidied.casefold() in BLANK


def check_whole(tidied: str) -> None:
    """Refuse what was masked, or rounded by a spreadsheet: the rest cannot be guessed."""
    if _MASK.search(tidied):
        raise RefusedError(wording.MASKED)
    if ROUNDED.fullmatch(tidied) or _ROUNDED_IDENTITY.fullmatch(tidied):
        raise RefusedError(wording.ROUNDED)


def folded(word: str) -> str:
    """Words that differ in case, width, or spaces only are the same word."""
    return tidy(word).casefold().replace(" ", "")


def _settled(text: str, form: str) -> str:
    for _ in range(4):
        seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
        spaced = _SPACES.sub(" ", unicodedata.normalize(form, seen)).strip()  # type: ignore[arg-type]
        if spaced == text:
            break
        text = spaced
    if "\0" in text:
        raise RefusedError(reasons.NUL)
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Co") for sign in text):
        raise RefusedError(reasons.CONTROL)
    return text
