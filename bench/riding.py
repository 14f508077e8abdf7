"""The step that asks who rode with a case on one train, among many rides."""

from __future__ import annotations

import random
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.figures import spread
from bench.homes import empty_home
from ringfence.engines.sql import SqlEngine
from ringfence.lake import Home, compact, snapshot
from ringfence.operations.riding.asking import PassengersAsked, World, passengers_of
from ringfence.protocols.catalogue import named
from ringfence.rides.catalogue import layouts
from ringfence.sources import import_file

_FIRST = date(2022, 9, 1)
_NOW = datetime(2022, 9, 19, tzinfo=UTC)
_DAYS, _STOPS, _ABOARD = 14, 9, 800
_ROWS_OF_A_CARRIAGE, _LETTERS = 20, ("A", "B", "C", "D", "F")
_CASES = 50


def riding_step(home: str, rides: int, seed: int = 1) -> dict[str, Any]:
    """Trains of 800 people over nine stops; of some drawn ones, who rode with a case, warm."""
    made = empty_home(Path(home))
    runs = max(rides // _ABOARD, 1)
    drawn = sorted(random.Random(seed).sample(range(runs), min(_CASES, runs)))
    begun = time.perf_counter()
    for name, table in _tables(runs, drawn).items():
        path = Path(home) / f"{name}.parquet"
        pq.write_table(table, path)
        receipt = import_file(made, path, table=name, source=name, now=_NOW)
        if receipt.quarantined:
            raise ValueError(f"{receipt.quarantined} rows of {name} were refused")
    compact(made)
    filled = time.perf_counter() - begun
    took, listed, aboard = _asked(made, drawn)
    return {
        "rides": runs * _ABOARD,
        "trains": runs,
        "filled_seconds": filled,
        "cases": len(drawn),
        "ms": spread(took),
        "listed": spread(listed),
        "aboard": spread(aboard),
    }


def _asked(home: Home, drawn: list[int]) -> tuple[list[float], list[int], list[int]]:
    known = snapshot(home, _NOW)
    world = World(known, SqlEngine(known), layouts())
    protocol = named("covid-cn-9").protocol
    took, listed, aboard = [], [], []
    for run in [drawn[-1], *drawn]:
        asked = PassengersAsked(f"C{run}", _number(run), _day(run))
        begun = time.perf_counter()
        told = passengers_of(world, asked, protocol)
        took.append(round((time.perf_counter() - begun) * 1000, 2))
        listed.append(len(told.people))
        aboard.append(told.aboard)
    return took[1:], listed[1:], aboard[1:]


def _number(run: int) -> str:
    return f"G{run // _DAYS + 1}"


def _day(run: int) -> date:
    return _FIRST + timedelta(days=run % _DAYS)


def _tables(runs: int, drawn: list[int]) -> dict[str, pa.Table]:
    keys = [f"run-{run}" for run in range(runs)]
    starts = [datetime(2022, 9, 1, tzinfo=UTC) + timedelta(days=run % _DAYS) for run in range(runs)]
    stops = [(run, seq) for run in range(runs) for seq in range(_STOPS)]
    calls = [starts[run] + timedelta(minutes=30 * seq) for run, seq in stops]
    nobody = [None] * len(calls)
    return {
        "service": pa.table(
            {
                "service": keys,
                "kind": ["train"] * runs,
                "date": [_day(run) for run in range(runs)],
                "numbers": [[_number(run)] for run in range(runs)],
                "layout": ["high-speed-second"] * runs,
                "sealed": [True] * runs,
            }
        ),
        "stop": pa.table(
            {
                "service": [keys[run] for run, _ in stops],
                "seq": [seq for _, seq in stops],
                "station": [f"station {seq}" for _, seq in stops],
                "arrive": [at if seq else None for (_, seq), at in zip(stops, calls, strict=True)],
                "depart": [
                    at if seq < _STOPS - 1 else None
                    for (_, seq), at in zip(stops, calls, strict=True)
                ],
                "actual_arrive": pa.array(nobody, pa.timestamp("us", tz="UTC")),
                "actual_depart": pa.array(nobody, pa.timestamp("us", tz="UTC")),
            }
        ),
        "ride": _rides(runs, keys),
        "case": pa.table(
            {
                "case": [f"C{run}" for run in drawn],
                "subject": [f"s{run * _ABOARD}" for run in drawn],
                "disease": ["covid-19"] * len(drawn),
                "classification": ["confirmed"] * len(drawn),
                "symptomatic": [True] * len(drawn),
            }
        ),
        "case_event": pa.table(
            {
                "case": [f"C{run}" for run in drawn],
                "kind": ["onset"] * len(drawn),
                "at": [_day(run).isoformat() for run in drawn],
            }
        ),
    }


def _rides(runs: int, keys: list[str]) -> pa.Table:
    number = np.arange(runs * _ABOARD)
    seat = number % _ABOARD
    board = seat * 7 % (_STOPS - 1)
    alight = board + 1 + seat * 11 % (_STOPS - 1 - board)
    alight[seat == 0] = _STOPS - 1  # the case rides the whole way
    of_carriage = _ROWS_OF_A_CARRIAGE * len(_LETTERS)
    most = np.arange(_ROWS_OF_A_CARRIAGE + 1).astype(str)
    return pa.table(
        {
            "subject": pa.array(np.char.add("s", number.astype(str))),
            "service": pa.DictionaryArray.from_arrays(
                pa.array((number // _ABOARD).astype(np.int32)), pa.array(keys)
            ).cast(pa.string()),
            "board_seq": board,
            "alight_seq": alight,
            "carriage": pa.array(most[1 + seat // of_carriage]),
            "row": pa.array(most[1 + seat // len(_LETTERS) % _ROWS_OF_A_CARRIAGE]),
            "seat": pa.array(np.array(_LETTERS)[seat % len(_LETTERS)]),
            "status": pa.array(np.full(len(number), "boarded")),
        }
    )
