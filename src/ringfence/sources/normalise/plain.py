"""Texts, keys, words, numbers and truths of a source."""

from __future__ import annotations

import re
from decimal import Decimal

from ringfence.sources import keys, reasons
from ringfence.sources.normalise import wording
from ringfence.sources.normalise.cleaning import (
    ROUNDED,
    check_whole,
    folded,
    is_blank,
    tidy,
    tidy_prose,
)
from ringfence.sources.normalise.model import Setting
from ringfence.sources.reasons import RefusedError

_TRUE = frozenset(["true", "yes", "y", "t", "1", "是", "有", "对", "√", "阳性"])
_FALSE = frozenset(["false", "no", "n", "f", "0", "否", "无", "没有", "×", "阴性"])
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,40}(?:\.\d{1,40})?", re.ASCII)
_WHOLE_DIGITS = 18


def read_text(text: str, _: Setting) -> str | None:
    prose = tidy_prose(text)
    if is_blank(prose):
        return None
    keys.check_text(prose)
    return prose


def read_key(text: str, _: Setting) -> str | None:
    """A sender's key. Codes are case-sensitive; full-width digits are digits."""
    key = tidy(text)
    if is_blank(key):
        return None
    if ROUNDED.fullmatch(key):
        raise RefusedError(wording.ROUNDED)
    keys.check_key(key, identity_shapes=False)
    return key


def read_number(text: str, _: Setting) -> str | None:
    """A decimal number in digits, without needless zeros; commas only between thousands."""
    bare = tidy(text)
    if is_blank(bare):
        return None
    if ROUNDED.fullmatch(bare):
        raise RefusedError(wording.ROUNDED)
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    if not _NUMBER.fullmatch(bare):
        raise RefusedError(reasons.NOT_A_NUMBER)
    return _shortest(bare)


def read_whole(text: str, setting: Setting) -> str | None:
    """A whole number; `3.0` is one, since spreadsheets write it so."""
    try:
        number = read_number(text, setting)
    except RefusedError as fault:
        if fault.reason is reasons.NOT_A_NUMBER:
            raise RefusedError(reasons.NOT_WHOLE) from None
        raise
    if number is not None and ("." in number or len(number.lstrip("-")) > _WHOLE_DIGITS):
        raise RefusedError(reasons.NOT_WHOLE)
    return number


def _shortest(digits: str) -> str:
    whole, _, part = digits.lstrip("+-").partition(".")
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    sign = "-" if digits.startswith("-") and Decimal(digits) else ""
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def read_truth(text: str, setting: Setting) -> str | None:
    word = tidy(text).casefold()
    if (meant := setting.meanings.get(folded(word))) is not None:
        return meant
    if word in _TRUE:
        return "true"
    if word in _FALSE:
        return "false"
    if is_blank(word):
        return None
    raise RefusedError(reasons.NOT_A_TRUTH)


def read_word(text: str, setting: Setting) -> str | None:
    """What the source's word means. The meanings themselves are understood as well."""
    word = tidy(text)
    meant = setting.meanings.get(folded(word))
    if meant is not None:
        return meant or None
    if is_blank(word):
        return None
    if not setting.words:
        check_whole(word)
        keys.check_text(word)
        return word.casefold()
    if word in setting.words.values():
        return word
    raise RefusedError(wording.not_among(list(setting.words)))
