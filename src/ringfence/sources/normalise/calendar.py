"""Days of the Gregorian calendar, many at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int64)


def last_day(year: Numbers, month: Numbers) -> Numbers:
    """The last day of each month; 0 where there is no such month below 13."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days: Numbers = _DAYS[np.clip(month, 0, 12)] + (leap & (month == 2))
    return days
