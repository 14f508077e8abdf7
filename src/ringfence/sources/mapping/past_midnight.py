"""Moments that a source writes by their time of day alone, beside the day on which a row began."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.sources.normalise.local_instants import one_local_instant
from ringfence.sources.reasons import RefusedError


def not_before(starts: pa.StringArray, ends: pa.StringArray, zone: ZoneInfo) -> pa.StringArray:
    """`ends`, each that is before its start on the day after; both in UTC to the second."""
    places = pc.indices_nonzero(pc.fill_null(pc.less(ends, starts), False))
    if not len(places):
        return ends
    mask = pc.fill_null(pc.less(ends, starts), False)
    moved = pa.array([_next_day(text, zone) for text in ends.take(places).to_pylist()], pa.string())
    return pc.replace_with_mask(ends, mask, moved)


def _next_day(text: str, zone: ZoneInfo) -> str:
    """The same time of day; where the clocks skip it, the end stays, and is before its start."""
    local = datetime.fromisoformat(text).astimezone(zone).replace(tzinfo=None)
    try:
        return one_local_instant(local + timedelta(days=1), zone).isoformat(timespec="seconds")
    except RefusedError:
        return text
