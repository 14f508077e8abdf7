"""The step that asks where a person was of whom ten channels tell in ten thousand rows."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.figures import spread
from bench.homes import empty_home
from ringfence.engines.sql import SqlEngine
from ringfence.lake import Home, compact, snapshot
from ringfence.operations.moving.asking import TrajectoryAsked, trajectory_of
from ringfence.operations.riding.asking import World
from ringfence.protocols.catalogue import named
from ringfence.rides.catalogue import layouts
from ringfence.sources import import_file

RECORDS = 10_000
_CASES, _PLACES, _CHANNELS, _DAYS = 10, 2_000, 10, 28
_FIRST = datetime(2022, 8, 20, tzinfo=UTC)
_NOW = datetime(2022, 9, 19, tzinfo=UTC)
_WRONG = 0.02
"""Rows that name another place than where the person was."""
_NETWORK = 0
"""The channel that tells positions rather than places."""
_FAST = timedelta(minutes=37)
"""The clock of the last channel."""


def moving_step(home: str, others: int, seed: int = 1) -> dict[str, Any]:
    """Some cases of 10,000 rows each among so many rows of others; where each was, warm."""
    made = empty_home(Path(home))
    begun = time.perf_counter()
    for number, (name, source, table) in enumerate(_tables(others, seed)):
        path = Path(home) / f"{number}.parquet"
        pq.write_table(table, path)
        receipt = import_file(made, path, table=name, source=source, now=_NOW)
        if receipt.quarantined:
            raise ValueError(f"{receipt.quarantined} rows of {name} were refused")
    compact(made)
    filled = time.perf_counter() - begun
    took, rows, conflicts = _asked(made)
    return {
        "others": others,
        "filled_seconds": filled,
        "cases": _CASES,
        "ms": spread(took),
        "rows": spread(rows),
        "conflicts": spread(conflicts),
    }


def _asked(home: Home) -> tuple[list[float], list[int], list[int]]:
    known = snapshot(home, _NOW)
    world = World(known, SqlEngine(known), layouts())
    protocol = named("covid-cn-9").protocol
    first, last = _FIRST.date(), (_FIRST + timedelta(days=_DAYS)).date()
    took, rows, conflicts = [], [], []
    for case in [_CASES - 1, *range(_CASES)]:
        asked = TrajectoryAsked(f"C{case}", None, first, last)
        begun = time.perf_counter()
        told = trajectory_of(world, asked, protocol)
        took.append(round((time.perf_counter() - begun) * 1000, 2))
        rows.append(told.movements.rows)
        conflicts.append(len(told.movements.conflicts))
    return took[1:], rows[1:], conflicts[1:]


def _tables(others: int, seed: int) -> list[tuple[str, str, pa.Table]]:
    chance = random.Random(seed)
    onset = (_FIRST + timedelta(days=20)).date().isoformat()
    cases = [f"C{case}" for case in range(_CASES)]
    subjects = [f"case{case}" for case in range(_CASES)]
    found = [
        ("place", "place", _places(chance)),
        (
            "case",
            "case",
            pa.table(
                {
                    "case": cases,
                    "subject": subjects,
                    "disease": ["covid-19"] * _CASES,
                    "classification": ["confirmed"] * _CASES,
                    "symptomatic": [True] * _CASES,
                }
            ),
        ),
        (
            "case_event",
            "case",
            pa.table({"case": cases, "kind": ["onset"] * _CASES, "at": [onset] * _CASES}),
        ),
        ("event", "others", _of_others(others, seed)),
    ]
    places = found[0][2]
    spots = dict(zip(places["place"].to_pylist(), places.to_pylist(), strict=True))
    for channel in range(_CHANNELS):
        rows = [row for case in range(_CASES) for row in _of_case(case, channel, seed)]
        if channel == _NETWORK:
            fixes = [_fix(row, spots[row["place"]]) for row in rows]
            found.append(("fix", "network", pa.Table.from_pylist(fixes)))
        else:
            found.append(("event", f"channel {channel}", pa.Table.from_pylist(rows)))
    return found


def _fix(row: Mapping[str, Any], spot: Mapping[str, Any]) -> dict[str, Any]:
    """What a telephone network tells instead of the place."""
    return {
        "case": row["subject"].replace("case", "C"),
        "basis": "Letter 1",
        "at": row["at"],
        "lat": spot["lat"],
        "lon": spot["lon"],
        "accuracy_m": 800.0,
    }


def _places(chance: random.Random) -> pa.Table:
    keys = [f"p{number}" for number in range(_PLACES)]
    return pa.table(
        {
            "place": keys,
            "kind": ["shop"] * _PLACES,
            "name": [f"place {key}" for key in keys],
            "lat": [31 + chance.random() * 0.3 for _ in keys],
            "lon": [120 + chance.random() * 0.3 for _ in keys],
        }
    )


def _of_case(case: int, channel: int, seed: int) -> list[dict[str, Any]]:
    """Its share of the rows: an hour and a half at each place, some rows elsewhere."""
    chance = random.Random(f"{seed} {case} {channel}")
    rows = []
    for _ in range(RECORDS // _CHANNELS):
        minute = chance.randrange(_DAYS * 24 * 60)
        where = (case * 97 + minute // 90 * 31) % _PLACES
        if chance.random() < _WRONG:
            where = chance.randrange(_PLACES)
        ahead = _FAST if channel == _CHANNELS - 1 else timedelta()
        at = _FIRST + timedelta(minutes=minute, seconds=chance.randrange(60)) + ahead
        kind = ("payment", "scan", "gate")[channel % 3]
        rows.append({"subject": f"case{case}", "place": f"p{where}", "at": at, "kind": kind})
    return rows


def _of_others(count: int, seed: int) -> pa.Table:
    drawn = np.random.default_rng(seed)
    seconds = drawn.integers(0, _DAYS * 86_400, count)
    subjects = drawn.integers(0, max(1, count // 100), count).astype(str)
    places = drawn.integers(0, _PLACES, count).astype(str)
    first = np.datetime64(_FIRST.replace(tzinfo=None), "us")
    at = pa.array(first + seconds.astype("timedelta64[s]"), pa.timestamp("us", tz="UTC"))
    return pa.table(
        {
            "subject": pa.array(np.char.add("s", subjects)),
            "place": pa.array(np.char.add("p", places)),
            "at": at,
            "kind": pa.array(np.full(count, "payment")),
        }
    )
