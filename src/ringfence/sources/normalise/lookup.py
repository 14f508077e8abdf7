"""Under which pinyin and initials a name is found, whoever wrote it: 单雄信, Shàn Xióngxìn, SHAN.

One form is stored of each name; where people may have written it otherwise (given name first,
lyu for lü), the search tries the other forms.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from ringfence.sources.normalise.cleaning import tidy
from ringfence.sources.normalise.names import is_chinese
from ringfence.sources.normalise.surnames import DOUBLE, SINGLE

_PARTS = re.compile(r"[\s·,.\-]+")
_UMLAUT = re.compile(r"(?<![a-z])([ln])(?:ü|u:)(?=e?(?:[^a-z]|$))")
_TONE_NUMBER = re.compile(r"(?<=[a-zü:])[1-5]")
_MOST_PARTS = 5


class LookupForms(NamedTuple):
    """Small letters without tones and spaces; `ü` of pinyin is `v`. Empty: there is none."""

    pinyin: str
    initials: str


def lookup_forms(name: str) -> LookupForms:
    """Pinyin and initials of a name in normal form, surnames read as surnames."""
    syllables = _read_out(name) if is_chinese(name) else _spelt(name)
    return LookupForms("".join(syllables), "".join(syllable[0] for syllable in syllables))


def forms_sought(text: str) -> tuple[str, ...]:
    """Pinyin under which a name may be stored that somebody looks for; the likeliest first.

    Chinese is read out; of Latin text the last part may be the surname, and `lyu` or `lu` be `lü`.
    """
    name = tidy(text)
    if is_chinese(name):
        return (lookup_forms(name).pinyin,)
    parts = _spelt(name)
    orders = [parts]
    if 1 < len(parts) <= _MOST_PARTS:
        orders += [[parts[-1], *parts[:-1]], [*parts[1:], parts[0]]]
    found: dict[str, None] = {}
    for order in orders:
        found["".join(order)] = None
    for order in orders:
        for spelling in ("u", "yu"):
            found["".join(_with_umlaut(part, spelling) for part in order)] = None
    return tuple(form for form in found if form)


def _with_umlaut(part: str, spelling: str) -> str:
    return f"{part[0]}v" if part in (f"l{spelling}", f"n{spelling}") else part


def _read_out(name: str) -> list[str]:
    if "·" in name or " " in name:
        return [s for part in _PARTS.split(name) for s in _pinyin(part)]
    surname = DOUBLE.get(name[:2]) if len(name) > 2 else None
    if surname is not None:
        return [*surname, *_pinyin(name[2:])]
    if len(name) > 1 and name[0] in SINGLE:
        return [SINGLE[name[0]], *_pinyin(name[1:])]
    return list(_pinyin(name))


@lru_cache(maxsize=1 << 17)
def _pinyin(text: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    read = (_letters(syllable) for syllable in lazy_pinyin(text))
    return tuple(syllable for syllable in read if syllable)


def _spelt(name: str) -> list[str]:
    return [part for part in map(_letters, _PARTS.split(name)) if part]


def _letters(part: str) -> str:
    """Small Latin letters; other scripts stay as they are, without marks."""
    composed = _TONE_NUMBER.sub("", unicodedata.normalize("NFC", _toneless(part.casefold())))
    plain = _UMLAUT.sub(r"\1v", composed)
    return "".join(
        sign
        for sign in unicodedata.normalize("NFKD", plain)
        if unicodedata.category(sign)[0] in "LN"
    )


def _toneless(text: str) -> str:
    """Without the marks of tones; the two dots of ü stay."""
    split = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in split if sign not in "\u0304\u0301\u030c\u0300")
