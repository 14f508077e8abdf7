"""How names of units and venues are read: pinyin and initials, and what of it somebody typed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from ringfence.sources.normalise.lookup import lookup_forms

_UMLAUT = str.maketrans({"ü": "v", "Ü": "v"})


@dataclass(frozen=True)
class Reading:
    """Small letters without tones and spaces. `as_surname`, with its initials: empty where it is
    read no otherwise.
    """

    whole: str
    initials: str
    as_surname: str
    surname_initials: str


@lru_cache(maxsize=1 << 17)
def reading_of(name: str) -> Reading:
    from pypinyin import lazy_pinyin

    parts = [folded(one) for one in lazy_pinyin(name)]
    whole = "".join(parts)
    surname = lookup_forms(name)
    initials = "".join(part[0] for part in parts if part)
    if surname.pinyin == whole:
        return Reading(whole, initials, "", "")
    return Reading(whole, initials, surname.pinyin, surname.initials)


def folded(text: str) -> str:
    """Letters and digits only; `ü` is `v`, tones go."""
    toneless = unicodedata.normalize("NFKD", _u(text).casefold())
    return "".join(sign for sign in toneless if unicodedata.category(sign)[0] in "LN")


def _u(text: str) -> str:
    split = unicodedata.normalize("NFD", text)
    bare = "".join(sign for sign in split if sign not in "\u0304\u0301\u030c\u0300")
    return unicodedata.normalize("NFC", bare).translate(_UMLAUT)


def is_latin(text: str) -> bool:
    return folded(text).isascii() and bool(folded(text))


def means(reading: Reading, typed: str) -> bool:
    """`typed` is folded. Whether somebody who typed it in letters may mean this name."""
    if not typed:
        return False
    told = [reading.whole, reading.as_surname]
    if len(typed) > 1:
        told += [reading.initials, reading.surname_initials]
    return any(one.startswith(typed) for one in told)
