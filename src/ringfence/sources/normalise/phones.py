"""Telephone numbers as E.164, by Google's libphonenumber (the `phonenumbers` package).

A number of 11 digits that begins with 13 … 19 is a Chinese mobile number: the ministry opens new
segments faster than a table is brought up to date, so every such number is taken. An extension is
dropped: the number as such reaches its house.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.sources.normalise import wording
from ringfence.sources.normalise.byte_matrix import bytes_of_length
from ringfence.sources.normalise.cleaning import check_whole, is_blank, tidy
from ringfence.sources.normalise.model import Setting
from ringfence.sources.reasons import RefusedError

_MOBILE = re.compile(r"(?:(?:\+|00)?86)?0?(1[3-9]\d{9})", re.ASCII)
_GLUE = re.compile(r"[\s().\-‐‑–—_]+")
_SEVERAL = re.compile(r"[/、,;|]|\s和\s|或")
_EXTENSION = re.compile(
    r"(?<=\d)\s*(?:转|分机|ext\.?|extension|x|#)\s*:?\s*\d{1,6}$", re.ASCII | re.IGNORECASE
)
_DASHED_EXTENSION = re.compile(r"(.+)[-—–]\d{1,5}", re.ASCII)
_WHOLE_LANDLINE = re.compile(r"0\d{9,11}", re.ASCII)
_DIALLED = re.compile(r"\+?\d{3,20}", re.ASCII)
_LABEL = re.compile(r"^(?:手机|电话|座机|tel|phone|mob(?:ile)?)\s*[:.]?\s*", re.IGNORECASE)
_LONGEST_LOCAL = 8


def read_phone(text: str, setting: Setting) -> str | None:
    bare = tidy(text).strip("'`‘’").strip()
    if is_blank(bare):
        return None
    check_whole(bare)
    bare = _LABEL.sub("", bare)
    if _SEVERAL.search(bare):
        raise RefusedError(wording.SEVERAL_PHONES)
    number = _GLUE.sub("", _without_extension(bare))
    if not _DIALLED.fullmatch(number):
        raise RefusedError(wording.PHONE)
    mobile = _MOBILE.fullmatch(number)
    if mobile and (setting.region == "CN" or number.startswith(("+86", "0086"))):
        return f"+86{mobile[1]}"
    return _parsed(number, setting.region)


def _without_extension(bare: str) -> str:
    """What is left where an extension follows; by a dash, only where the rest is a whole number."""
    dashed = _DASHED_EXTENSION.fullmatch(bare)
    if dashed and _WHOLE_LANDLINE.fullmatch(_GLUE.sub("", dashed[1])):
        return dashed[1]
    return _EXTENSION.sub("", bare)


def _parsed(number: str, region: str) -> str:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        raise RefusedError(wording.PHONE) from None
    if not phonenumbers.is_valid_number(parsed):
        local = not number.startswith(("+", "0")) and len(number) in (7, _LONGEST_LOCAL)
        raise RefusedError(wording.AREA_CODE if local else wording.PHONE)
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def take_mobiles(
    values: pa.StringArray, setting: Setting
) -> tuple[pa.BooleanArray, pa.StringArray]:
    """Chinese mobile numbers, bare or in normal form, a column at a time."""
    taken = np.zeros(len(values), dtype=np.bool_)
    made = values
    whole, signs = bytes_of_length(values, 14)
    prefixed = (signs[:, :3] == np.frombuffer(b"+86", dtype=np.uint8)).all(axis=1)
    taken[whole[prefixed & _mobile(signs[:, 3:])]] = True
    if setting.region == "CN":
        rows, signs = bytes_of_length(values, 11)
        rows = rows[_mobile(signs)]
        if len(rows):
            bare = np.zeros(len(values), dtype=np.bool_)
            bare[rows] = True
            with_prefix = pc.binary_join_element_wise("+86", values.filter(pa.array(bare)), "")
            made = pc.replace_with_mask(values, pa.array(bare), with_prefix)
            taken |= bare
    return pa.array(taken), made


def _mobile(
    signs: np.ndarray[tuple[int, int], np.dtype[np.uint8]],
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    digits = ((signs >= ord("0")) & (signs <= ord("9"))).all(axis=1)
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
        digits & (signs[:, 0] == ord("1")) & (signs[:, 1] >= ord("3"))
    )
    return found
