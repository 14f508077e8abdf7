"""Rings of exposed people around each case, with crowds counted instead of expanded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.engines.question import Engine, Focus, Question, Stay
from ringfence.protocols.model import Protocol
from ringfence.rides.exposing import ride_rows
from ringfence.rides.vehicles import vehicle_rows

Row = Mapping[str, Any]
"""One row of ANSWER as a dict."""


@dataclass(frozen=True)
class Crowd:
    """A stay of a focus through which more than `limit` people may have been exposed."""

    focus: int
    place: str
    setting: str | None
    zone: str | None
    start: int
    end: int
    people: int
    limit: int


@dataclass(frozen=True)
class Ring:
    """Rows of ANSWER by focus number: `listed` satisfy a rule, `doubtful` may."""

    listed: Mapping[int, Sequence[Row]]
    doubtful: Mapping[int, Sequence[Row]]
    crowds: tuple[Crowd, ...]


def ask_ring(
    engine: Engine,
    protocol: Protocol,
    order: int,
    focuses: Sequence[Focus],
    *,
    crowd_limit: bool,
) -> Ring:
    """Everybody who satisfies, or may satisfy, a rule of `order` with one of the focuses."""
    question = Question(protocol, order, tuple(focuses))
    answer = engine.ask(question)
    crowds = _crowds(answer, protocol) if crowd_limit else ()
    if crowds:
        closed = tuple(Stay(c.focus, c.place, start) for c, start in crowds)
        answer = engine.ask(replace(question, closed=closed))
    listed: defaultdict[int, list[Row]] = defaultdict(list)
    doubtful: defaultdict[int, list[Row]] = defaultdict(list)
    for row in (*answer.to_pylist(), *ride_rows(engine, question), *vehicle_rows(engine, question)):
        (listed if row["satisfied"] else doubtful)[row["focus"]].append(row)
    return Ring(listed, doubtful, tuple(crowd for crowd, _ in crowds))


def _crowds(answer: pa.Table, protocol: Protocol) -> tuple[tuple[Crowd, int], ...]:
    """Stays above the limit of their setting, each with its recorded start."""
    through = answer.filter(pc.is_valid(answer["stay_start"]))
    counted = through.group_by(["focus", "place", "stay_start"]).aggregate(
        [
            ("other", "count_distinct"),
            ("setting", "max"),
            ("zone", "max"),
            ("start", "min"),
            ("end", "max"),
        ]
    )
    least = min([protocol.crowd_limit, *protocol.crowd_limits.values()])
    counted = counted.filter(pc.greater(counted["other_count_distinct"], least))
    crowds = []
    for row in counted.sort_by([("focus", "ascending"), ("stay_start", "ascending")]).to_pylist():
        limit = protocol.crowd_limit_of(row["setting_max"])
        people = row["other_count_distinct"]
        if limit is not None and people > limit:
            crowd = Crowd(
                row["focus"],
                row["place"],
                row["setting_max"],
                row["zone_max"],
                row["start_min"],
                row["end_max"],
                people,
                limit,
            )
            crowds.append((crowd, row["stay_start"]))
    return tuple(crowds)
