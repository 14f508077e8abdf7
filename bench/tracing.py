"""Steps that trace cases in one warm process."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from bench.figures import spread
from bench.peers.plain import Plain
from ringfence.engines.snapshot import Snapshot
from ringfence.engines.sql import SqlEngine
from ringfence.lake import open_home, snapshot
from ringfence.protocols.catalogue import named
from ringfence.protocols.model import Protocol
from ringfence.trace.result import Trace
from ringfence.trace.tracing import trace_cases


@dataclass(frozen=True)
class Timed:
    """A trace's people, how much it held, and how long it took: on the clock, and of all cores.

    The trace itself is let go: two hundred of them at once would be the memory that is measured.
    """

    people: tuple[list[str], list[str]]
    held: dict[str, int]
    ms: float
    cpu_ms: float


@dataclass(frozen=True)
class Desk:
    """A process that is ready to trace."""

    snapshot: Snapshot
    engine: SqlEngine
    protocol: Protocol

    def trace(self, case: str, orders: int, *, crowd_limit: bool = True) -> Timed:
        """The trace of one case with its evidence."""
        begun, worked = time.perf_counter(), time.process_time()
        made = trace_cases(
            self.snapshot, self.engine, self.protocol, [case], orders, crowd_limit=crowd_limit
        )
        took, cpu = _ms(time.perf_counter() - begun), _ms(time.process_time() - worked)
        people = (_of_order(made, 1), _of_order(made, 2))
        return Timed(people, _held(made, people), took, cpu)


def tracing_step(
    home: str, as_of: int, protocol: str, cases: list[str], first: str
) -> dict[str, Any]:
    """One case cold, then all cases with both rings, then all with the first ring only."""
    begun = time.perf_counter()
    desk = _desk(home, as_of, protocol)
    desk.trace(first, 2)
    cold = time.perf_counter() - begun
    both = [desk.trace(case, 2) for case in cases]
    one = [desk.trace(case, 1) for case in cases]
    still = replace(desk, protocol=_without_journeys(desk.protocol))
    unridden = [still.trace(case, 2) for case in cases]
    return {
        "protocol": desk.protocol.id,
        "cases": len(cases),
        "first_ms": _ms(cold),
        "ring_1_ms": spread([timed.ms for timed in one]),
        "ring_1_cpu_ms": spread([timed.cpu_ms for timed in one]),
        "rings_1_and_2_ms": spread([timed.ms for timed in both]),
        "rings_1_and_2_cpu_ms": spread([timed.cpu_ms for timed in both]),
        "without_journeys_cpu_ms": spread([timed.cpu_ms for timed in unridden]),
        "journeys_add": _added(both, unridden),
        "found": {name: spread([timed.held[name] for timed in both]) for name in both[0].held},
    }


def _without_journeys(protocol: Protocol) -> Protocol:
    """The same rules on stays, encounters and links alone."""
    kept = [
        replace(rule, evidence=still)
        for rule in protocol.rules
        if (still := tuple(kind for kind in rule.evidence if kind not in ("ride", "occupancy")))
    ]
    return replace(protocol, rules=tuple(kept))


def _added(whole: Sequence[Timed], part: Sequence[Timed]) -> float:
    """Share of its processor time that the whole adds to the part, over all cases."""
    return round(sum(one.cpu_ms for one in whole) / sum(one.cpu_ms for one in part) - 1, 3)


def whole_rings_step(
    home: str, as_of: int, protocol: str, cases: list[str], people: str
) -> dict[str, Any]:
    """Both rings of the cases without crowd limit; who was found is written to `people`."""
    desk = _desk(home, as_of, protocol)
    desk.trace(cases[-1], 2, crowd_limit=False)
    found, took = {}, []
    for case in cases:
        timed = desk.trace(case, 2, crowd_limit=False)
        found[case] = list(timed.people)
        took.append(timed.ms)
    Path(people).write_text(json.dumps(found), encoding="utf-8")
    return {"ms": spread(took), "total_seconds": sum(took) / 1000}


def hub_step(
    home: str, *, as_of: int, plain: str, protocol: str, orders: int, most: int
) -> dict[str, Any]:
    """Cases that were at the city's busiest place while infectious, crowd limit off."""
    place, stays, cases = _busiest(Plain(Path(plain), as_of), most)
    told: dict[str, Any] = {
        "protocol": named(protocol).protocol.id,
        "orders": orders,
        "place": place,
        "stays_a_day": stays,
        "cases": len(cases),
    }
    if not cases:
        return told
    desk = _desk(home, as_of, protocol)
    desk.trace(cases[-1], orders, crowd_limit=False)
    timed = [desk.trace(case, orders, crowd_limit=False) for case in cases]
    return {
        **told,
        "ms": spread([one.ms for one in timed]),
        "found": {name: spread([one.held[name] for one in timed]) for name in timed[0].held},
    }


def _busiest(plain: Plain, most: int) -> tuple[str, int, list[str]]:
    """The busiest place, its stays on the busiest day, and cases that were there."""
    with duckdb.connect() as db:
        busiest = db.execute(
            f"SELECT place, max(many) FROM (SELECT place, begins // 86400, count(*) AS many"
            f" FROM '{plain.stays}' GROUP BY ALL) GROUP BY place ORDER BY 2 DESC, 1 LIMIT 1"
        ).fetchone()
        if busiest is None:
            return "", 0, []
        rows = db.execute(
            f"SELECT DISTINCT w.\"case\" FROM '{plain.windows}' w JOIN '{plain.stays}' s"
            " ON s.subject = w.subject AND s.begins < w.ends AND s.ends > w.begins"
            " WHERE s.place = ? ORDER BY 1 LIMIT ?",
            [busiest[0], most],
        ).fetchall()
    return busiest[0], int(busiest[1]), [case for (case,) in rows]


def _desk(home: str, as_of: int, protocol: str) -> Desk:
    taken = snapshot(open_home(Path(home)), datetime.fromtimestamp(as_of, UTC))
    return Desk(taken, SqlEngine(taken), named(protocol).protocol)


def _of_order(made: Trace, order: int) -> list[str]:
    return sorted(contact.person for contact in made.contacts if contact.order == order)


def _held(made: Trace, people: tuple[list[str], list[str]]) -> dict[str, int]:
    """How much was found, beside the times: contacts, evidence, venues, people to ask about."""
    return {
        "contacts_1": len(people[0]),
        "contacts_2": len(people[1]),
        "evidence_rows": sum(len(contact.evidence) for contact in made.contacts),
        "venues": len(made.venues),
        "in_review": len({person for item in made.review for person in item.people}),
    }


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
