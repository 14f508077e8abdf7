"""Steps that trace cases in one warm process."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.city import AS_OF
from bench.figures import spread
from ringfence.engines.snapshot import Snapshot
from ringfence.engines.sql import SqlEngine
from ringfence.lake import open_home, snapshot
from ringfence.protocols.catalogue import named
from ringfence.protocols.model import Protocol
from ringfence.trace.result import Trace
from ringfence.trace.tracing import trace_cases


@dataclass(frozen=True)
class Timed:
    """A trace, and how long it took: on the clock, and of all cores together."""

    trace: Trace
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
        return Timed(made, _ms(time.perf_counter() - begun), _ms(time.process_time() - worked))


def tracing_step(home: str, protocol: str, cases: list[str], first: str) -> dict[str, Any]:
    """One case cold, then all cases with both rings, then all with the first ring only."""
    begun = time.perf_counter()
    desk = _desk(home, protocol)
    desk.trace(first, 2)
    cold = time.perf_counter() - begun
    both = [desk.trace(case, 2) for case in cases]
    one = [desk.trace(case, 1) for case in cases]
    return {
        "protocol": desk.protocol.id,
        "cases": len(cases),
        "first_ms": _ms(cold),
        "ring_1_ms": spread([timed.ms for timed in one]),
        "ring_1_cpu_ms": spread([timed.cpu_ms for timed in one]),
        "rings_1_and_2_ms": spread([timed.ms for timed in both]),
        "rings_1_and_2_cpu_ms": spread([timed.cpu_ms for timed in both]),
        "found": _found([timed.trace for timed in both]),
    }


def whole_rings_step(home: str, protocol: str, cases: list[str], people: str) -> dict[str, Any]:
    """Both rings of the cases without crowd limit; who was found is written to `people`."""
    desk = _desk(home, protocol)
    desk.trace(cases[-1], 2, crowd_limit=False)
    found, took = {}, []
    for case in cases:
        timed = desk.trace(case, 2, crowd_limit=False)
        found[case] = [_of_order(timed.trace, 1), _of_order(timed.trace, 2)]
        took.append(timed.ms)
    Path(people).write_text(json.dumps(found), encoding="utf-8")
    return {"ms": spread(took), "total_seconds": sum(took) / 1000}


def _desk(home: str, protocol: str) -> Desk:
    taken = snapshot(open_home(Path(home)), AS_OF)
    return Desk(taken, SqlEngine(taken), named(protocol).protocol)


def _of_order(made: Trace, order: int) -> list[str]:
    return sorted(contact.person for contact in made.contacts if contact.order == order)


def _found(traces: Sequence[Trace]) -> dict[str, dict[str, float]]:
    """How much was found, beside the times: contacts, evidence, venues, people to ask about."""
    return {
        "contacts_1": spread([len(_of_order(t, 1)) for t in traces]),
        "contacts_2": spread([len(_of_order(t, 2)) for t in traces]),
        "evidence_rows": spread([sum(len(c.evidence) for c in t.contacts) for t in traces]),
        "venues": spread([len(t.venues) for t in traces]),
        "in_review": spread([len({p for r in t.review for p in r.people}) for t in traces]),
    }


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
