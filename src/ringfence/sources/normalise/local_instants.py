"""Local times as instants. Hours that clocks skip do not exist; those they repeat are two."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.sources.normalise import wording
from ringfence.sources.normalise.byte_matrix import lengths_and_starts
from ringfence.sources.reasons import RefusedError

Numbers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


def one_local_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant in UTC of a local time; refused where there is none, or two."""
    try:
        first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
        second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    except OverflowError:
        raise RefusedError(wording.DATE_TIME) from None
    if first == second:
        return first
    back = first.astimezone(zone).replace(tzinfo=None)
    raise RefusedError(wording.REPEATED_HOUR if back == local else wording.SKIPPED_HOUR)


def local_instants(taken: Truths, seconds: Numbers, zone: ZoneInfo) -> tuple[Truths, Numbers]:
    """Seconds since 1970 in UTC of local seconds; only those with exactly one instant are taken."""
    local = pa.array(np.where(taken, seconds, 0), pa.int64()).cast(pa.timestamp("s"))
    early, late = (
        pc.assume_timezone(local, zone.key, ambiguous=side, nonexistent=side)
        .cast(pa.int64())
        .to_numpy(zero_copy_only=False)
        for side in ("earliest", "latest")
    )
    return taken & (early == late), early


def shown_in_utc(seconds: Numbers) -> pa.StringArray:
    """ISO 8601 with +00:00; the years are of four digits. As fast as Arrow writes times at all."""
    written = pa.array(seconds, pa.int64()).cast(pa.timestamp("s")).cast(pa.string())
    count, width, whole = len(written), 19, 25
    _, starts, held = lengths_and_starts(written)
    signs = np.empty((count, whole), dtype=np.uint8)
    first = int(starts[0]) if count else 0
    signs[:, :width] = held[first : first + count * width].reshape(count, width)
    signs[:, 10] = ord("T")
    signs[:, width:] = np.frombuffer(b"+00:00", dtype=np.uint8)
    ends = np.arange(0, (count + 1) * whole, whole, dtype=np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(signs))
