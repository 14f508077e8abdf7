"""Cases that are not closed: their evidence is held, and what changes for them is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from ringfence.engines.persons import subjects_of
from ringfence.engines.question import Engine
from ringfence.engines.snapshot import Snapshot
from ringfence.errors import NotFound
from ringfence.lake import Hold
from ringfence.protocols.catalogue import is_valid
from ringfence.protocols.model import Protocol
from ringfence.trace.case_files import CaseFile, known_cases
from ringfence.trace.choosing import jurisdiction_chain, jurisdiction_parents, protocol_of
from ringfence.trace.local_days import closing, local_day
from ringfence.trace.tracing import gather
from ringfence.trace.unsettled import evidence_of_unsettled

_AT_ONCE = 100


def open_cases(engine: Engine) -> dict[str, CaseFile]:
    """The files of the cases that no event has closed."""
    return {
        case: file
        for case, file in known_cases(engine).items()
        if not file.ended and "released" not in file.events
    }


def protocols_of(
    snapshot: Snapshot, engine: Engine, files: Iterable[CaseFile], protocols: Sequence[Protocol]
) -> dict[str, Protocol]:
    """The protocol in force for each case.

    Left out: cases of whom sources contradict each other, and without a protocol in force.
    """
    parents = jurisdiction_parents(engine)
    chosen: dict[str, Protocol] = {}
    for file in files:
        if "subject" not in file.contradicted:
            with suppress(NotFound):
                chosen[file.case] = protocol_of(file, snapshot, parents, protocols)
    return chosen


def together(chosen: Mapping[str, Protocol], at_once: int) -> list[tuple[Protocol, list[str]]]:
    """Case numbers in groups that can be traced together: of one protocol, not too many."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for case, protocol in chosen.items():
        groups[protocol.digest].append(case)
    return [
        (chosen[members[0]], members[start : start + at_once])
        for members in groups.values()
        for start in range(0, len(members), at_once)
    ]


def held_evidence(snapshot: Snapshot, engine: Engine, protocols: Sequence[Protocol]) -> Hold:
    """What a purge must keep: the evidence of open cases, and the records of people under orders.

    Held are the rows that their traces rest on, crowds and doubts included, and all rows of the
    cases; of cases that cannot be traced yet, all that a trace may come to rest on. Of those that
    are not held whole a later trace will say that evidence was purged.
    """
    files = open_cases(engine)
    rows: set[tuple[str, int]] = set()
    whole: set[str] = set()
    chosen = protocols_of(snapshot, engine, files.values(), protocols)
    for protocol, members in together(chosen, _AT_ONCE):
        rings = gather(snapshot, engine, protocol, members, 2, crowd_limit=False)
        windows = zip(rings.files, rings.windows, strict=True)
        whole |= {file.case for file, window in windows if window is not None}
        for exposure in (*rings.found, *rings.doubtful):
            for side in ("focus", "other"):
                if exposure.row[f"{side}_batch"] is not None:
                    rows.add((exposure.row[f"{side}_batch"], exposure.row[f"{side}_row"]))
    unsettled = [file for case, file in files.items() if case not in whole]
    kept = evidence_of_unsettled(snapshot, engine, unsettled, protocols)
    under_orders = {
        row["subject"]
        for row in engine.rows("measure", "subject", None).to_pylist()
        if row["end"] is None
        or closing(row["end"], row["end_precision"], snapshot.zone) > snapshot.as_of
    }
    people = frozenset(f.subject for f in files.values()) | kept.subjects | under_orders
    return Hold(
        rows=frozenset(rows) | kept.rows,
        subjects=frozenset(s for who in people for s in subjects_of(snapshot.persons, who)),
        cases=frozenset(whole) | kept.cases,
        unsettled=frozenset(file.case for file in unsettled),
    )


def retention(
    protocols: Iterable[Protocol], snapshot: Snapshot, engine: Engine, now: datetime
) -> int | None:
    """Days that a protocol in force in the home's jurisdiction, or above, asks for; None: none."""
    today = local_day(now.astimezone(UTC), snapshot.zone)
    chain = jurisdiction_chain(None, snapshot.jurisdiction, jurisdiction_parents(engine))
    asked = [
        protocol.retention_days
        for protocol in protocols
        if protocol.jurisdiction in chain
        and protocol.retention_days is not None
        and is_valid(protocol, today)
    ]
    return max(asked, default=None)
