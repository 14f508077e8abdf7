"""What a typed text may mean: the number of a document, a telephone, a name, its pinyin, initials.

The same normal forms as those of the sources: what would have been taken in is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from ringfence.errors import DataError
from ringfence.lake import Home
from ringfence.records.vocabularies import ID_KINDS
from ringfence.sources.normalise import Setting, is_checked
from ringfence.sources.normalise.cleaning import tidy
from ringfence.sources.normalise.id_numbers import check_character, read_id_number
from ringfence.sources.normalise.lookup import forms_sought, lookup_forms
from ringfence.sources.normalise.names import is_chinese, read_name
from ringfence.sources.normalise.phones import read_phone
from ringfence.sources.reasons import RefusedError

LONGEST = 100
_OLD_CARD = re.compile(r"\d{15}", re.ASCII)
_BETWEEN = re.compile(r"[\s\-‐-―]+")
_LETTERS = re.compile(r"[a-z]{2,4}")
_MARKS = re.compile(r"[\s.·\-]+")
_CENTURY = "19"  # of everybody who was given a card of the first generation
NUMBERS = ("id_number", "phone")
_NO_TEXT = DataError("type what to look for", "请输入查询内容")
_TOO_LONG = DataError(f"at most {LONGEST} characters", f"最多 {LONGEST} 个字符")
_SIGNS = DataError("there are signs in it that nobody types", "含有无法识别的字符")


@dataclass(frozen=True)
class Typed:
    """`forms`: kind and text of each way to mean a person, the surest first; kinds as of the vault.
    `number`: of a task; 0: none. `sure`: it is somebody's number, and can mean nothing else.
    """

    text: str
    number: int
    forms: tuple[tuple[str, str], ...]
    sure: bool

    @property
    def kinds(self) -> str:
        """As the audit tells: how it was read, never what it was."""
        return "/".join(dict.fromkeys(kind for kind, _ in self.forms)) or "words"


def read(text: str, home: Home, now: datetime) -> Typed:
    """DataError: nothing, too much, or what no keyboard sends."""
    if len(text) > LONGEST:
        raise _TOO_LONG
    try:
        plain = tidy(text)
    except RefusedError:
        raise _SIGNS from None
    if not plain:
        raise _NO_TEXT
    if not plain.isprintable():
        raise _SIGNS
    setting = Setting(ZoneInfo(home.zone), now, home.synthetic)
    forms = tuple(dict.fromkeys([*_documents(plain, setting), *_phones(plain, setting)]))
    sure = any(kind == "phone" or is_checked(told) for kind, told in forms)
    forms = (*forms, *dict.fromkeys(_names(plain, setting)))
    return Typed(plain, _number(plain), forms, sure)


def _documents(text: str, setting: Setting) -> Iterator[tuple[str, str]]:
    old = _BETWEEN.sub("", text)
    if _OLD_CARD.fullmatch(old):
        whole = f"{old[:6]}{_CENTURY}{old[6:]}"
        text = whole + check_character(whole)
    for kind in (None, *ID_KINDS):
        told = _tried(partial(read_id_number, text, setting, kind))
        if told and any(sign.isdigit() for sign in told):
            yield "id_number", told


def _phones(text: str, setting: Setting) -> Iterator[tuple[str, str]]:
    if told := _tried(partial(read_phone, text, setting)):
        yield "phone", told


def _names(text: str, setting: Setting) -> Iterator[tuple[str, str]]:
    name = _tried(partial(read_name, text, setting))
    if not name:
        return
    yield "name", name
    for form in (lookup_forms(name).pinyin,) if is_chinese(name) else forms_sought(text):
        if form:
            yield "pinyin", form
    if (letters := _MARKS.sub("", text.casefold())) and _LETTERS.fullmatch(letters):
        yield "initials", letters


def _tried(reads: Callable[[], str | None]) -> str | None:
    try:
        return reads()
    except RefusedError:
        return None


def _number(text: str) -> int:
    digits = text.removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 18 else 0
