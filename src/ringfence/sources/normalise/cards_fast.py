"""Numbers of the resident card's plan, a column at a time: those that are right beyond doubt.

Takes a subset of what `id_numbers` accepts, with the same result; the rest is left to it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.sources.normalise import regions
from ringfence.sources.normalise.byte_matrix import bytes_of_length
from ringfence.sources.normalise.calendar import Numbers, last_day
from ringfence.sources.normalise.id_numbers import CHECKS, WEIGHTS
from ringfence.sources.normalise.model import Setting

_ZERO = ord("0")
_CHECKS = np.frombuffer(CHECKS.encode(), dtype=np.uint8)
_WEIGHTS = np.array(WEIGHTS, dtype=np.int16)
_KNOWN = np.zeros(100, dtype=np.bool_)
_KNOWN[[province for province in regions.PROVINCES if province < 80]] = True

Truths = npt.NDArray[np.bool_]


def take_cards(values: pa.StringArray, setting: Setting) -> tuple[pa.BooleanArray, pa.StringArray]:
    rows, signs = bytes_of_length(values, 18)
    lower = signs[:, 17] == ord("x")
    signs[lower, 17] = ord("X")
    digits = signs[:, :17].astype(np.int16) - _ZERO
    right: Truths = np.all((digits >= 0) & (digits <= 9), axis=1)
    right &= _CHECKS[(digits @ _WEIGHTS) % 11] == signs[:, 17]
    born = _number(digits, 6, 14)
    right &= _exists(born, _today(setting))
    right &= _region_stands(_number(digits, 0, 6), born // 10_000, setting)
    taken = np.zeros(len(values), dtype=np.bool_)
    taken[rows[right]] = True
    made = pc.ascii_upper(values) if bool((lower & right).any()) else values
    return pa.array(taken), made


def _number(digits: npt.NDArray[Any], start: int, end: int) -> Numbers:
    powers = 10 ** np.arange(end - start - 1, -1, -1, dtype=np.int64)
    return digits[:, start:end].astype(np.int64) @ powers


def _today(setting: Setting) -> int:
    today = setting.now.astimezone(setting.zone).date()
    return today.year * 10_000 + today.month * 100 + today.day


def _exists(day: Numbers, today: int) -> Truths:
    year, month, of_month = day // 10_000, day // 100 % 100, day % 100
    within: Truths = (month <= 12) & (of_month >= 1) & (of_month <= last_day(year, month))
    return within & (year >= 1900) & (day <= today)


def _region_stands(code: Numbers, born: Numbers, setting: Setting) -> Truths:
    invented = code // 10_000 == regions.INVENTED
    stands: Truths = _KNOWN[np.clip(code // 10_000, 0, 99)]
    table = setting.regions
    if table is not None and len(table.codes):
        place = np.minimum(np.searchsorted(table.codes, code), len(table.codes) - 1)
        listed = table.codes[place] == code
        given = np.maximum(born, regions.FIRST_NUMBERS)
        stands = stands & listed & (table.last_years[place] >= given)
    return stands | invented if setting.synthetic else stands
