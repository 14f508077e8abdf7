"""A question for contacts, from the home to the answer: what is known, by which protocol, who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ringfence.engines.persons import subjects_of
from ringfence.engines.question import EngineMaker
from ringfence.engines.snapshot import Snapshot
from ringfence.identity import snapshot
from ringfence.identity.waiting import Waiting, waiting_of
from ringfence.lake import Home
from ringfence.operations.in_force import protocol_for
from ringfence.trace.result import Trace
from ringfence.trace.tracing import trace_cases


@dataclass(frozen=True)
class Asked:
    """`protocol`: id, id@version or a file; None: the one in force. `as_of`: what was known at that
    time or sequence number of the lake; None: all that is known now.
    """

    cases: Sequence[str]
    orders: int = 2
    protocol: str | None = None
    as_of: datetime | int | None = None
    crowd_limit: bool = True


def trace_asked(
    home: Home, asked: Asked, *, make_engine: EngineMaker, now: datetime
) -> tuple[Trace, Snapshot]:
    """The answer, and the snapshot that it rests on. Errors: those of `trace_cases`."""
    known = snapshot(home, now, asked.as_of)
    engine = make_engine(known)
    protocol = protocol_for(home, known, engine, asked.cases, asked.protocol)
    found = trace_cases(
        known, engine, protocol, asked.cases, asked.orders, crowd_limit=asked.crowd_limit
    )
    return found, known


def waiting_for(
    home: Home, found: Trace, known: Snapshot, *, by: str, now: datetime
) -> dict[str, Waiting]:
    """By case of the answer, other subjects that bear a number of its person; see `waiting_of`.

    An answer of the past stays as it was: nothing that is linked now changes it.
    """
    if known.historical:
        return {}
    own = {one.case: subjects_of(known.persons, one.subject) for one in found.cases}
    return waiting_of(home, own, by=by, now=now)
