"""Numbers of identity documents, each by the rules of its kind; and what a number itself tells.

Resident card: GB 11643-1999, 17 digits and a check character (ISO 7064, MOD 11-2): region of first
registration (GB/T 2260), date of birth, serial number, odd for men. The residence permits of people
from Hong Kong, Macau and Taiwan and, from 2023 on, the permanent resident card of foreigners
follow the same plan; the latter begins with 9. Passports: ICAO Doc 9303, check digits 7-3-1.
Passes: the last two digits of a Hong Kong or Macau pass and what follows the first eight of a
Taiwan pass count its renewals: they change while the person stays the same, and are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ringfence.sources.frame import FIRST_YEAR
from ringfence.sources.normalise import regions, wording
from ringfence.sources.normalise.cleaning import check_whole, is_blank, tidy
from ringfence.sources.normalise.model import Setting
from ringfence.sources.normalise.passports import read_passport
from ringfence.sources.reasons import RefusedError

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"

_RESIDENT = re.compile(r"\d{17}[\dX]", re.ASCII)
_FIRST_GENERATION = re.compile(r"\d{15}", re.ASCII)
_OLD_FOREIGN = re.compile(r"[A-Z]{3}\d{4}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{2}", re.A)
_LETTERS_AND_CARD = re.compile(r"[A-Z]{3}\d{12}", re.ASCII)
_HK_MACAU = re.compile(r"([HM]\d{8})(?:\d{2})?", re.ASCII)
_TAIWAN = re.compile(r"(\d{8})(?:\d{2}(?:\(?[A-Z0-9]\)?)?)?", re.ASCII)
_OTHER = re.compile(r"(?=.*[0-9])[A-Z0-9\u4e00-\u9fff]{4,32}")
_TEXT_MARK = "'`‘’"
_SEPARATORS = re.compile(r"[\s\-‐‑–—.·]+")


@dataclass(frozen=True)
class IdentityFacts:
    """What the number of a document says of its bearer; None where it says nothing."""

    sex: str | None = None
    birth_date: date | None = None
    region: str | None = None


def read_id_number(text: str, setting: Setting, kind: str | None = None) -> str | None:
    """The number in normal form; `kind` is a word of the records' ID_KINDS, None: by its form."""
    bare = tidy(text).strip(_TEXT_MARK).strip()
    if is_blank(bare):
        return None
    check_whole(bare)
    number = _SEPARATORS.sub("", bare).upper()
    if kind is not None:
        return _READERS[kind](number, setting)
    return _by_form(number, setting)


def kind_of(number: str) -> str | None:
    """The kind of document that a number in normal form shows; None where several share it."""
    if _RESIDENT.fullmatch(number):
        if number.startswith("9"):
            return "foreign_resident"
        return "hmt_permit" if int(number[:6]) in regions.PERMITS else "resident"
    if _OLD_FOREIGN.fullmatch(number):
        return "foreign_resident"
    if _HK_MACAU.fullmatch(number):
        return "hk_macau_pass"
    return None


def identity_facts(number: str) -> IdentityFacts:
    """Sex, date of birth and region of a number in normal form, as far as it holds them.

    The region is that of the first registration; the permits' regions are Hong Kong, Macau and
    Taiwan; a foreigner's number holds no region of origin.
    """
    if not is_checked(number):
        return IdentityFacts()
    sex = "male" if int(number[16]) % 2 else "female"
    region = None if number.startswith("9") else number[:6]
    return IdentityFacts(sex, _born(number), region)


def is_checked(number: str) -> bool:
    """Whether a check character and a date of birth vouch for the number."""
    return (
        _RESIDENT.fullmatch(number) is not None
        and check_character(number[:17]) == number[17]
        and _born(number) is not None
    )


def check_character(digits: str) -> str:
    """The eighteenth character to 17 digits."""
    return CHECKS[sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11]


def _born(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _by_form(number: str, setting: Setting) -> str:
    if number[:1].isdigit():
        if len(number) in (8, 9, 10, 11):
            raise RefusedError(wording.WHICH_DOCUMENT)
        return _card(number, setting)
    if _LETTERS_AND_CARD.fullmatch(number):
        return _foreign(number, setting)
    if _HK_MACAU.fullmatch(number):
        return _hk_macau(number, setting)
    return read_passport(number)


def _card(number: str, setting: Setting) -> str:
    """Any card of the resident card's plan: whoever registers people calls them all by its name."""
    if _FIRST_GENERATION.fullmatch(number):
        raise RefusedError(wording.FIRST_GENERATION)
    if not _RESIDENT.fullmatch(number):
        raise RefusedError(wording.SHAPE_OF_RESIDENT)
    if check_character(number[:17]) != number[17]:
        rounded = number.endswith("000")
        raise RefusedError(wording.CHECK_ROUNDED if rounded else wording.CHECK)
    born = _born(number)
    today = setting.now.astimezone(setting.zone).date()
    if born is None or born.year < FIRST_YEAR or born > today:
        raise RefusedError(wording.BIRTH)
    _check_region(number, born.year, setting)
    return number


def _check_region(number: str, born: int, setting: Setting) -> None:
    if number.startswith("9"):
        known = int(number[1:3]) in regions.PROVINCES
        if not known:
            raise RefusedError(wording.REGION)
        return
    code = int(number[:6])
    if code // 10_000 == regions.INVENTED:
        if not setting.synthetic:
            raise RefusedError(wording.INVENTED)
        return
    if code in regions.PERMITS:
        return
    if code // 10_000 not in regions.PROVINCES or code // 10_000 > 80:
        raise RefusedError(wording.REGION)
    table = setting.regions
    if table is not None and table.dissolved(code, born):
        raise RefusedError(wording.REGION_BEFORE)
    if table is not None and table.never_was(code, born):
        raise RefusedError(wording.REGION)


def _foreign(number: str, setting: Setting) -> str:
    if _OLD_FOREIGN.fullmatch(number):
        return number
    if not number.startswith("9") or not _RESIDENT.fullmatch(number):
        raise RefusedError(wording.FOREIGN)
    return _card(number, setting)


def _hk_macau(number: str, _: Setting) -> str:
    found = _HK_MACAU.fullmatch(number)
    if not found:
        raise RefusedError(wording.HK_MACAU)
    return found[1]


def _taiwan(number: str, _: Setting) -> str:
    found = _TAIWAN.fullmatch(number)
    if not found:
        raise RefusedError(wording.TAIWAN)
    return found[1]


def _permit(number: str, setting: Setting) -> str:
    if not _RESIDENT.fullmatch(number) or int(number[:6]) not in regions.PERMITS:
        raise RefusedError(wording.PERMIT)
    return _card(number, setting)


def _passport(number: str, _: Setting) -> str:
    return read_passport(number)


def _other(number: str, _: Setting) -> str:
    if not _OTHER.fullmatch(number):
        raise RefusedError(wording.OTHER_DOCUMENT)
    return number


_READERS: dict[str, Callable[[str, Setting], str]] = {
    "resident": _card,
    "foreign_resident": _foreign,
    "hk_macau_pass": _hk_macau,
    "taiwan_pass": _taiwan,
    "hmt_permit": _permit,
    "passport": _passport,
    "other": _other,
}
