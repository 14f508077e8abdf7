"""The cases that a home knows when a file comes: of nobody else are positions kept."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import cache

from ringfence.engines.sql import SqlEngine
from ringfence.lake import Home, snapshot


def cases_of(home: Home, now: datetime) -> Callable[[], Collection[str]]:
    """Looks them up when it is first asked: numbers of cases neither discarded nor withdrawn."""

    @cache
    def standing() -> Collection[str]:
        engine = SqlEngine(snapshot(home, now))
        cases = engine.rows("case", "case", None).select(["case", "classification"]).to_pylist()
        events = engine.rows("case_event", "case", None).select(["case", "kind"]).to_pylist()
        known = {row["case"] for row in cases if row["classification"] != "discarded"}
        return known - {row["case"] for row in events if row["kind"] == "withdrawn"}

    return standing
