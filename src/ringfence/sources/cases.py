"""The cases that a home knows when a file comes: of nobody else are positions kept, and whom an
interview is about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache

from ringfence.engines.sql import SqlEngine
from ringfence.lake import Home, snapshot


def cases_of(home: Home, now: datetime) -> Callable[[], Mapping[str, str]]:
    """Looks them up when it is first asked: cases neither discarded nor withdrawn, by number, each
    with a subject of its person.
    """

    @cache
    def standing() -> Mapping[str, str]:
        engine = SqlEngine(snapshot(home, now))
        cases = engine.rows("case", "case", None).to_pylist()
        events = engine.rows("case_event", "case", None).select(["case", "kind"]).to_pylist()
        over = {row["case"] for row in events if row["kind"] == "withdrawn"}
        stand = [row for row in cases if row["classification"] != "discarded"]
        told = sorted((row["case"], row["subject"]) for row in stand)
        return {case: subject for case, subject in reversed(told) if case not in over}

    return standing
