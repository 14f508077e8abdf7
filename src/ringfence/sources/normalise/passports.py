"""Passport numbers, and the second line of a passport's machine-readable zone (ICAO Doc 9303)."""

from __future__ import annotations

import re

from ringfence.sources.normalise import wording
from ringfence.sources.reasons import RefusedError

_NUMBER = re.compile(r"(?=(?:[A-Z]*\d){4})[A-Z0-9]{5,12}", re.ASCII)
_SECOND_LINE = re.compile(r"[A-Z0-9<]{44}", re.ASCII)
_WEIGHTS = (7, 3, 1)


def mrz_check_digit(field: str) -> str:
    """Weights 7-3-1 over digits, letters (A is 10) and fillers (`<` is 0), modulo 10."""
    total = sum(_value(sign) * _WEIGHTS[place % 3] for place, sign in enumerate(field))
    return str(total % 10)


def read_passport(number: str) -> str:
    """The passport number from itself, in capitals, or from the second line that a reader gives."""
    if len(number) == 44 and _SECOND_LINE.fullmatch(number):
        return _of_line(number)
    if not _NUMBER.fullmatch(number):
        raise RefusedError(wording.PASSPORT)
    return number


def _of_line(line: str) -> str:
    fields = ((line[0:9], line[9]), (line[13:19], line[19]), (line[21:27], line[27]))
    whole = line[0:10] + line[13:20] + line[21:43]
    if any(mrz_check_digit(field) != check for field, check in (*fields, (whole, line[43]))):
        raise RefusedError(wording.MRZ)
    number = line[0:9].rstrip("<")
    if not _NUMBER.fullmatch(number):
        raise RefusedError(wording.PASSPORT)
    return number


def _value(sign: str) -> int:
    if sign == "<":
        return 0
    return int(sign) if sign.isdigit() else ord(sign) - ord("A") + 10
