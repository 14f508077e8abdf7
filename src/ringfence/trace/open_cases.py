"""Cases that are not closed: their evidence is held, and what changes for them is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from ringfence.engines.question import Engine
from ringfence.engines.snapshot import Snapshot
from ringfence.errors import NotFound
from ringfence.lake import Hold
from ringfence.protocols.catalogue import is_valid
from ringfence.protocols.model import Protocol
from ringfence.trace.choosing import protocol_in_force
from ringfence.trace.local_days import closing, local_day
from ringfence.trace.tracing import gather

_CLOSING = frozenset({"released", "withdrawn"})
_AT_ONCE = 100


def open_cases(engine: Engine) -> dict[str, str]:
    """Case numbers that no event has closed, each with its subject."""
    closed = {
        row["case"]
        for row in engine.rows("case_event", "case", None).to_pylist()
        if row["kind"] in _CLOSING
    }
    return {
        row["case"]: row["subject"]
        for row in engine.rows("case", "case", None).to_pylist()
        if row["case"] not in closed and row["classification"] != "discarded"
    }


def by_protocol(
    snapshot: Snapshot, engine: Engine, cases: Iterable[str], protocols: Sequence[Protocol]
) -> list[tuple[Protocol, list[str]]]:
    """The cases in groups that can be traced together; without a protocol in force: left out."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    of_digest = {protocol.digest: protocol for protocol in protocols}
    for case in sorted(cases):
        try:
            chosen = protocol_in_force(snapshot, engine, [case], protocols)
        except NotFound:
            continue
        groups[chosen.digest].append(case)
    return [
        (of_digest[digest], members[start : start + _AT_ONCE])
        for digest, members in groups.items()
        for start in range(0, len(members), _AT_ONCE)
    ]


def held_evidence(snapshot: Snapshot, engine: Engine, protocols: Sequence[Protocol]) -> Hold:
    """What a purge must keep: the evidence of open cases, and the records of people under orders.

    Held are the rows that their traces rest on, those in doubt too, and all rows of the cases.
    """
    cases = open_cases(engine)
    rows: set[tuple[str, int]] = set()
    for protocol, members in by_protocol(snapshot, engine, cases, protocols):
        rings = gather(snapshot, engine, protocol, members, 2, crowd_limit=True)
        for exposure in (*rings.found, *rings.doubtful):
            for side in ("focus", "other"):
                if exposure.row[f"{side}_batch"] is not None:
                    rows.add((exposure.row[f"{side}_batch"], exposure.row[f"{side}_row"]))
    under_orders = {
        row["subject"]
        for row in engine.rows("measure", "subject", None).to_pylist()
        if row["end"] is None
        or closing(row["end"], row["end_precision"], snapshot.zone) > snapshot.as_of
    }
    return Hold(
        rows=frozenset(rows),
        subjects=frozenset(cases.values()) | under_orders,
        cases=frozenset(cases),
    )


def retention(
    protocols: Iterable[Protocol], jurisdiction: str, now: datetime, zone: str
) -> int | None:
    """Days that a protocol in force in the home's jurisdiction asks for; None: none asks."""
    today = local_day(now.astimezone(UTC), zone)
    asked = [
        protocol.retention_days
        for protocol in protocols
        if protocol.jurisdiction == jurisdiction
        and protocol.retention_days is not None
        and is_valid(protocol, today)
    ]
    return max(asked, default=None)
