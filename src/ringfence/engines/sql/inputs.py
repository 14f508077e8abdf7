"""Small relations that a question brings along: focuses, dwells, settings, doses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from ringfence.engines.question import Focus, Stay
from ringfence.engines.sql.rules import RELATION_BITS, SETTING_BITS
from ringfence.protocols.model import Protocol
from ringfence.records.vocabularies import PLACE_KINDS, RELATIONS

DAY = 86_400
_EPOCH = date(1970, 1, 1)


def constants(as_of: int) -> dict[str, pa.Table]:
    """Relations that do not change while an engine lives."""
    kinds = [(kind, setting) for kind, (setting, _) in PLACE_KINDS.items()]
    relations = [(relation, setting) for relation, (setting, _) in RELATIONS.items()]
    return {
        "clock": pa.table({"as_of": pa.array([as_of], pa.int64())}),
        "kind_setting": pa.table(
            {
                "kind": pa.array([kind for kind, _ in kinds], pa.string()),
                "setting": pa.array([str(setting) for _, setting in kinds], pa.string()),
                "setting_bit": pa.array([SETTING_BITS[s] for _, s in kinds], pa.int64()),
            }
        ),
        "relation_setting": pa.table(
            {
                "relation": pa.array([relation for relation, _ in relations], pa.string()),
                "relation_bit": pa.array([RELATION_BITS[r] for r, _ in relations], pa.int64()),
                "setting": pa.array([str(setting) for _, setting in relations], pa.string()),
                "setting_bit": pa.array([SETTING_BITS[s] for _, s in relations], pa.int64()),
            }
        ),
    }


def focuses(asked: Sequence[Focus], as_of: int) -> pa.Table:
    return pa.table(
        {
            "focus": pa.array([f.number for f in asked], pa.int32()),
            "subject": pa.array([f.subject for f in asked], pa.string()),
            "window_start": pa.array([f.start for f in asked], pa.int64()),
            "window_end": pa.array([min(f.end, as_of) for f in asked], pa.int64()),
            "symptomatic": pa.array([f.symptomatic for f in asked], pa.bool_()),
            "as_of": pa.array([as_of] * len(asked), pa.int64()),
        }
    )


def closed(stays: Sequence[Stay]) -> pa.Table:
    return pa.table(
        {
            "focus": pa.array([s.number for s in stays], pa.int32()),
            "place": pa.array([s.place for s in stays], pa.string()),
            "stay_start": pa.array([s.start for s in stays], pa.int64()),
        }
    )


def dwells(protocol: Protocol) -> pa.Table:
    kinds = list(protocol.dwells.items())
    return pa.table(
        {
            "kind": pa.array([kind for kind, _ in kinds], pa.string()),
            "before": pa.array([dwell.before * 60 for _, dwell in kinds], pa.int64()),
            "after": pa.array([dwell.after * 60 for _, dwell in kinds], pa.int64()),
        }
    )


def longest_dwell(protocol: Protocol) -> int:
    """Seconds that an assumed stay can reach from its event, either way."""
    return 60 * max((max(d.before, d.after) for d in protocol.dwells.values()), default=0)


def doses(vaccinations: pa.Table, zone: str) -> pa.Table:
    """Each dose with the instant from which it counts: the local day after it was given."""
    local = ZoneInfo(zone)
    given: list[date] = vaccinations["date"].to_pylist()
    counts = [
        int(datetime.combine(day + timedelta(days=1), time(), local).timestamp()) for day in given
    ]
    return pa.table(
        {"subject": vaccinations["subject"], "counts_from": pa.array(counts, pa.int64())}
    )


def days_between(intervals: Iterable[tuple[int, int]]) -> tuple[tuple[date, date], ...]:
    """UTC days on which a record of at most 24 hours must start to overlap one of [start, end)."""
    spans = {(day(start // DAY - 1), day((end - 1) // DAY)) for start, end in intervals}
    return tuple(sorted(spans))


def day(number: int) -> date:
    """The UTC day of a number of days since 1970."""
    return _EPOCH + timedelta(days=number)
