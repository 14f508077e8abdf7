"""Names of people in the form in which they are shown: Chinese, pinyin and Latin."""

from __future__ import annotations

import re
import unicodedata

from ringfence.sources import keys
from ringfence.sources.normalise import wording
from ringfence.sources.normalise.cleaning import check_whole, tidy
from ringfence.sources.normalise.model import Setting
from ringfence.sources.reasons import RefusedError

LONGEST_NAME = 100

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN_SIGN = re.compile(f"[{_HAN}]")
_DOTS = re.compile(r"\s*[·•‧・∙⋅●．᛫•]\s*")
_DOT_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s*\.\s*(?=[{_HAN}])")
_SPACE_BY_HAN = re.compile(rf"(?<=[{_HAN}·]) +(?=[{_HAN}·])")
_APOSTROPHES = re.compile("[’‘ʼ`´′]")
_NUMBERED_PINYIN = re.compile(r"(?:[A-Za-zÜüv]{1,6}[1-5]['\s-]?)+")
_BRACKETED = re.compile(r"\s*[(\[【].*$")
_BY_A_CARRIER = re.compile(r"([A-Z][A-Z' -]*)/([A-Z][A-Z' -]*?)(?: (?:MR|MRS|MS|MISS|MSTR))?")
"""As on tickets: in small letters it may be two persons."""
_ANONYMOUS = re.compile(f"[{_HAN}](?:某{{1,3}}|[xX×○〇]{{1,3}})$|^某")
_SIGNS = frozenset(" ·-'.,")
BLANK_NAMES = frozenset(
    (
        *("", "unknown", "n/a", "-", "--", "—", "/", "?"),
        *("无", "不详", "未知", "无名氏", "未填", "空", "暂无", "姓名不详", "未提供"),
    )
)


def read_name(text: str, _: Setting) -> str | None:
    """A name as it is shown: no spaces within Chinese, `·` between the parts of a foreign one.

    A name in capitals or small letters only gets capitals at its beginnings; tone numbers of pinyin
    are dropped, tone marks stay. What stands behind in brackets is a remark, not a name; carriers
    write a stroke between surname and given name.
    """
    name = tidy(text)
    if name.casefold() in BLANK_NAMES:
        return None
    check_whole(name)
    name = _BRACKETED.sub("", name) or name
    name = _DOTS.sub("·", _APOSTROPHES.sub("'", name))
    name = _SPACE_BY_HAN.sub("", _DOT_BETWEEN_HAN.sub("·", name))
    on_a_ticket = _BY_A_CARRIER.fullmatch(name)
    if on_a_ticket:
        name = f"{on_a_ticket[1]} {on_a_ticket[2]}"
    if _NUMBERED_PINYIN.fullmatch(name):
        name = re.sub(r"[1-5]", "", name)
    name = _cased(name.strip(" ·,-'")).strip()
    if name.casefold() in BLANK_NAMES:
        return None
    _check(name)
    return name


def is_chinese(name: str) -> bool:
    return _HAN_SIGN.search(name) is not None


def _cased(name: str) -> str:
    """Capitals at the beginnings; a name whose small letters are not one for one stays (İSMAİL)."""
    small = name.lower()
    one_case = name.isupper() or name.islower()
    if _HAN_SIGN.search(name) or not one_case or len(small) != len(name):
        return name
    made = "".join(
        sign.upper() if at == 0 or not (small[at - 1] == "'" or _is_letter(small[at - 1])) else sign
        for at, sign in enumerate(small)
    )
    return unicodedata.normalize("NFKC", made)


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM"


def _check(name: str) -> None:
    if _ANONYMOUS.search(name):
        raise RefusedError(wording.MASKED)
    keys.check_no_formula(name)
    if len(name) > LONGEST_NAME:
        raise RefusedError(wording.NAME_LENGTH)
    if not any(sign.isalpha() for sign in name):
        raise RefusedError(wording.NO_NAME)
    if not all(sign in _SIGNS or unicodedata.category(sign)[0] in "LM" for sign in name):
        raise RefusedError(wording.NAME_DIGITS)
