"""Evidence of open cases that cannot be traced yet, because a date or a protocol is missing.

Whichever date comes, the window lies in what the lake still holds. So the people are found by the
rules over all of it, without an end by isolation, and every row in which they met is kept: a
shorter window finds no other people, but may rest on other meetings with them. Rules are those of
every protocol that the case may come to follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ringfence.engines.question import Engine, Focus
from ringfence.engines.snapshot import Snapshot
from ringfence.protocols.model import Outcome, Protocol, Rule
from ringfence.trace.case_files import CaseFile
from ringfence.trace.choosing import jurisdiction_chain, jurisdiction_parents
from ringfence.trace.rings import Ring, ask_ring
from ringfence.trace.seeds import seconds

_EVER = 0  # seconds since 1970
_EVIDENCE = ("presence", "event", "occupancy", "encounter", "link", "ride")
_ANY_MEETING = Rule("any_meeting", 1, Outcome.CLOSE, 1, _EVIDENCE, accepts_assumed=True)


@dataclass(frozen=True)
class Kept:
    """Rows (batch, source_row), the persons whom any source names as a case, and cases kept whole.

    Whole are not those with a disease that no protocol knows: of them only whoever met the case is
    kept, since no rule says who else would matter.
    """

    rows: frozenset[tuple[str, int]]
    subjects: frozenset[str]
    cases: frozenset[str]


def evidence_of_unsettled(
    snapshot: Snapshot, engine: Engine, files: Sequence[CaseFile], protocols: Sequence[Protocol]
) -> Kept:
    """All that a trace of these cases may rest on once they can be traced."""
    if not files:
        return Kept(frozenset(), frozenset(), frozenset())
    parents = jurisdiction_parents(engine)
    named = engine.rows("case", "case", [file.case for file in files]).to_pylist()
    rows: set[tuple[str, int]] = set()
    whole: set[str] = set()
    for file in files:
        chain = jurisdiction_chain(file.jurisdiction, snapshot.jurisdiction, parents)
        subjects = sorted({row["subject"] for row in named if row["case"] == file.case})
        candidates = _candidates(protocols, file.disease, chain)
        if candidates:
            whole.add(file.case)
        for protocol in candidates or _only_meetings(protocols):
            focuses = _focuses(file, subjects, seconds(snapshot.as_of))
            rows |= set(_rows_of(engine, protocol, focuses))
    subjects_named = frozenset(row["subject"] for row in named)
    return Kept(frozenset(rows), subjects_named, frozenset(whole))


def _candidates(
    protocols: Iterable[Protocol], disease: str, chain: Sequence[str]
) -> Sequence[Protocol]:
    """Protocols in which the date may put the case: of its jurisdiction, else of its disease."""
    of_disease = [p for p in protocols if p.disease == disease]
    return [p for p in of_disease if p.jurisdiction in chain] or of_disease


def _only_meetings(protocols: Sequence[Protocol]) -> Sequence[Protocol]:
    return [replace(protocol, rules=(_ANY_MEETING,)) for protocol in protocols[:1]]


def _focuses(file: CaseFile, subjects: Iterable[str], as_of: int) -> list[Focus]:
    """Whether there were symptoms may be told with the date: both answers are tried."""
    told = (True, False) if file.symptomatic is None else (file.symptomatic,)
    people = [(subject, symptomatic) for subject in subjects for symptomatic in told]
    return [Focus(n, who, _EVER, as_of, felt) for n, (who, felt) in enumerate(people)]


def _rows_of(
    engine: Engine, protocol: Protocol, focuses: Sequence[Focus]
) -> Iterator[tuple[str, int]]:
    first, seeds = _meetings(engine, protocol, 1, focuses)
    yield from first
    if protocol.of_order(2):
        yield from _meetings(engine, protocol, 2, seeds)[0]


def _meetings(
    engine: Engine, protocol: Protocol, order: int, focuses: Sequence[Focus]
) -> tuple[set[tuple[str, int]], list[Focus]]:
    """Rows in which the focuses met those who satisfy, or may, a rule; the seeds of ring 2."""
    ring = ask_ring(engine, protocol, order, focuses, crowd_limit=False)
    anyhow = replace(protocol, rules=tuple(_without_conditions(rule) for rule in protocol.rules))
    met = ask_ring(engine, anyhow, order, focuses, crowd_limit=False)
    rows: set[tuple[str, int]] = set()
    since: dict[tuple[str, bool | None], int] = {}
    for focus in focuses:
        people = {row["other"] for row in _all(ring, focus)}
        seeding = {
            row["other"]
            for row in ring.listed.get(focus.number, ())
            if protocol.seeds_from(protocol.rule(row["rule"]))
        }
        for row in _all(met, focus):
            if row["other"] in people:
                rows |= {(row[f"{side}_batch"], row[f"{side}_row"]) for side in ("focus", "other")}
            if row["other"] in seeding:
                seed = row["other"], focus.symptomatic
                since[seed] = min(row["start"], since.get(seed, row["start"]))
    until = max((focus.end for focus in focuses), default=_EVER)
    seeds = [Focus(n, who, at, until, felt) for n, ((who, felt), at) in enumerate(since.items())]
    return {row for row in rows if row[0] is not None}, seeds


def _all(ring: Ring, focus: Focus) -> list[Mapping[str, Any]]:
    return [*ring.listed.get(focus.number, ()), *ring.doubtful.get(focus.number, ())]


def _without_conditions(rule: Rule) -> Rule:
    return replace(
        rule, conditions=(), minutes=None, exemptions=(), accepts_assumed=True, ride=None
    )
