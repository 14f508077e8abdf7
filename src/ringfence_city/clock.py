"""The city's time: minutes from local midnight of its first day."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ringfence.records import INSTANT
from ringfence_city.parameters import Parameters

_OFFSET_MINUTES = 480
"""Asia/Shanghai is eight hours ahead of UTC, without summer time since 1992."""

_ZONE = timezone(timedelta(minutes=_OFFSET_MINUTES))
_EPOCH = np.datetime64("1970-01-01", "D")


def moment(asked: Parameters, minute: int) -> datetime:
    """A minute of the city as local time."""
    midnight = datetime.combine(asked.first_day, time(), _ZONE)
    return midnight + timedelta(minutes=minute)


def instants(
    asked: Parameters, minutes: NDArray[np.integer], missing: NDArray[np.bool_] | None = None
) -> pa.Array:
    """Minutes of the city as instants in UTC; null where `missing`."""
    start = np.datetime64(asked.first_day, "D") - _EPOCH
    base = start.astype(np.int64) * 1440 - _OFFSET_MINUTES
    told = (np.asarray(minutes, dtype=np.int64) + base) * 60_000_000
    return pa.array(told, pa.int64(), mask=missing).cast(INSTANT)
