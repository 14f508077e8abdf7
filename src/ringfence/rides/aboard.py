"""Everybody who was, or may have been, aboard some runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ringfence.engines.question import Engine
from ringfence.rides.layouts import Layout
from ringfence.rides.legs import Leg, legs_of
from ringfence.rides.runs import Run, contested

Row = Mapping[str, Any]


def legs_aboard(
    engine: Engine, runs: Sequence[Run], layouts: Mapping[str, Layout]
) -> list[list[Leg]]:
    """Legs on each of the runs. Whether somebody was aboard is not known where a record names the
    run by what stands for several.
    """
    of_key: defaultdict[str, list[Row]] = defaultdict(list)
    for row in engine.rows(
        "ride", "service", sorted({k for r in runs for k in r.keys})
    ).to_pylist():
        of_key[row["service"]].append(row)
    doubtful = contested(engine, runs, of_key.keys())
    found = []
    for run in runs:
        layout = layouts.get(run.layout) if run.layout is not None else None
        sure = [row for key in run.keys if key not in doubtful for row in of_key[key]]
        unsure = [row for key in run.keys if key in doubtful for row in of_key[key]]
        maybe = [replace(leg, aboard=None) for leg in legs_of(run, unsure, layout)]
        found.append([*legs_of(run, sure, layout), *maybe])
    return found
