"""From cases to contacts: windows, the first ring, its seeds, the second ring, one list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from ringfence.engines.question import Engine, Focus
from ringfence.engines.snapshot import Snapshot
from ringfence.errors import Text, UsageError
from ringfence.protocols.model import Protocol
from ringfence.rides.runs import runs_named
from ringfence.trace.case_files import CaseFile, known_cases, read_cases
from ringfence.trace.cautions import cautions
from ringfence.trace.merging import Exposure, Setup, contacts
from ringfence.trace.purged import purge_warnings
from ringfence.trace.result import Contact, Trace, TracedCase, Venue
from ringfence.trace.reviewing import questions
from ringfence.trace.rings import Crowd, ask_ring
from ringfence.trace.seeds import instant, seconds, seeds_of
from ringfence.trace.windows import Window, window_of

_ON_THE_WAY = frozenset({"ride", "occupancy"})
"""Evidence whose place is a run or a vehicle, which no register of places knows."""


@dataclass(frozen=True)
class Gathered:
    """The rings of some cases, row by row: who satisfies a rule, and who may."""

    files: tuple[CaseFile, ...]
    windows: tuple[Window | None, ...]
    found: list[Exposure]
    doubtful: list[Exposure]
    venues: list[Venue]


def trace_cases(
    snapshot: Snapshot,
    engine: Engine,
    protocol: Protocol,
    cases: Sequence[str],
    orders: int = 2,
    *,
    crowd_limit: bool = True,
) -> Trace:
    """Who was exposed to the cases (order 1) and to their close contacts (order 2).

    UsageError: no case, or orders other than 1 and 2. NotFound: unknown case, evidence purged.
    NotAllowed: the case was discarded or withdrawn.
    """
    rings = gather(snapshot, engine, protocol, cases, orders, crowd_limit=crowd_limit)
    listed = contacts(rings.found, rings.doubtful, _setup(snapshot, engine, protocol, rings))
    places = _places(engine, rings)
    names = {row["place"]: row["name"] for row in reversed(places) if row["name"]}
    names |= _runs(engine, rings)
    windows = list(zip(rings.files, rings.windows, strict=True))
    told = cautions(protocol, windows, places, crowd_limit=crowd_limit)
    unanchored = [(f.case, f.subject) for f, w in windows if w is None]
    return Trace(
        protocol=protocol,
        as_of=snapshot.as_of,
        zone=snapshot.zone,
        lake_sequence=snapshot.sequence,
        engine=engine.name,
        warnings=(*told, *_purged(snapshot, rings)),
        cases=tuple(_traced(f, w, snapshot.jurisdiction) for f, w in windows),
        contacts=listed,
        review=questions(
            rings.doubtful, {c.person: c for c in listed}, protocol, unanchored, names
        ),
        venues=tuple(rings.venues),
        place_names=names,
    )


def contacts_apart(
    snapshot: Snapshot, engine: Engine, protocol: Protocol, cases: Sequence[str]
) -> dict[str, tuple[Contact, ...]]:
    """The contacts of each case as if it were traced alone: the rings are asked for at once."""
    rings = gather(snapshot, engine, protocol, cases, 2, crowd_limit=True, together=False)
    setup = _setup(snapshot, engine, protocol, rings)
    found, doubtful = _of_each(rings.files, rings.found), _of_each(rings.files, rings.doubtful)
    return {case: contacts(found[case], doubtful[case], setup) for case in found}


def _of_each(files: Iterable[CaseFile], exposures: Iterable[Exposure]) -> dict[str, list[Exposure]]:
    of_case: dict[str, list[Exposure]] = {file.case: [] for file in files}
    for exposure in exposures:
        of_case[exposure.case].append(exposure)
    return of_case


def _setup(snapshot: Snapshot, engine: Engine, protocol: Protocol, rings: Gathered) -> Setup:
    return Setup(
        protocol=protocol,
        batches=snapshot.batches,
        zone=snapshot.zone,
        as_of=seconds(snapshot.as_of),
        provisional=frozenset(f.case for f in rings.files if f.provisional),
        case_subjects={f.case: f.subject for f in rings.files},
        known_cases=_known_cases(engine, {e.row["other"] for e in rings.found}),
        persons=snapshot.persons,
    )


def gather(
    snapshot: Snapshot,
    engine: Engine,
    protocol: Protocol,
    cases: Sequence[str],
    orders: int,
    *,
    crowd_limit: bool,
    together: bool = True,
) -> Gathered:
    """The rings of the cases. Traced `together`, none of the cases is listed; else not its own."""
    if not cases or orders not in (1, 2):
        raise UsageError(
            en="name at least one case, and 1 or 2 orders", zh="请给出至少一个病例，层级为 1 或 2"
        )
    files = read_cases(engine, list(dict.fromkeys(cases)))
    windows = tuple(window_of(f, protocol, snapshot.zone, snapshot.as_of) for f in files)
    focuses = focuses_of(files, windows)
    first = ask_ring(engine, protocol, 1, list(focuses), crowd_limit=crowd_limit)
    of_cases: Origin = {focus.number: (file.case, None) for focus, file in focuses.items()}
    found = _exposures(first.listed, of_cases, 1)
    doubtful = _exposures(first.doubtful, of_cases, 1)
    venues = _venues(first.crowds, of_cases)
    if orders == 2 and protocol.of_order(2):
        as_of = seconds(snapshot.as_of)
        seeds = seeds_of(first, list(focuses), protocol, engine, zone=snapshot.zone, as_of=as_of)
        second = ask_ring(engine, protocol, 2, list(seeds), crowd_limit=crowd_limit)
        of_seeds: Origin = {s.number: (focuses[f].case, s.subject) for s, f in seeds.items()}
        in_first = {(exposure.case, exposure.row["other"]) for exposure in found}
        found += _beyond(_exposures(second.listed, of_seeds, 2), in_first)
        doubtful += _beyond(_exposures(second.doubtful, of_seeds, 2), in_first)
        venues += _venues(second.crowds, of_seeds)
    traced = {f.subject for f in files}
    unlisted = {f.case: traced if together else {f.subject} for f in files}
    return Gathered(
        files,
        windows,
        [e for e in found if e.row["other"] not in unlisted[e.case]],
        [e for e in doubtful if e.row["other"] not in unlisted[e.case]],
        venues,
    )


def focuses_of(
    files: Sequence[CaseFile], windows: Sequence[Window | None]
) -> dict[Focus, CaseFile]:
    """The focuses of the first ring: cases with a window that is not empty."""
    return {
        Focus(n, f.subject, seconds(w.start), seconds(w.end), f.symptomatic): f
        for n, (f, w) in enumerate(zip(files, windows, strict=True))
        if w is not None and w.start < w.end
    }


Origin = Mapping[int, tuple[str, str | None]]
"""Case and via of each focus number."""


def _exposures(
    rows: Mapping[int, Iterable[Mapping[str, Any]]], origin: Origin, order: int
) -> list[Exposure]:
    return [
        Exposure(*origin[number], order, row) for number, found in rows.items() for row in found
    ]


def _beyond(found: list[Exposure], in_first: set[tuple[str, str]]) -> list[Exposure]:
    """Without those whom the case itself exposed: the first ring is not listed again."""
    return [e for e in found if (e.case, e.row["other"]) not in in_first]


def _venues(crowds: Iterable[Crowd], origin: Origin) -> list[Venue]:
    return [
        Venue(
            *origin[crowd.focus],
            crowd.place,
            crowd.setting,
            crowd.zone,
            instant(crowd.start),
            instant(crowd.end),
            crowd.people,
            crowd.limit,
        )
        for crowd in crowds
    ]


def _places(engine: Engine, rings: Gathered) -> list[Mapping[str, Any]]:
    """What the registers tell of the places in the rings, by place and source."""
    rows = [e.row for e in (*rings.found, *rings.doubtful) if e.row["kind"] not in _ON_THE_WAY]
    keys = {row["place"] for row in rows if row["place"]}
    keys |= {venue.place for venue in rings.venues}
    if not keys:
        return []
    rows = engine.rows("place", "place", sorted(keys)).to_pylist()
    return sorted(rows, key=lambda row: (row["place"], row["source"]))


def _runs(engine: Engine, rings: Gathered) -> dict[str, str]:
    """Numbers and day of the runs in the rings, by key."""
    keys = {e.row["place"] for e in (*rings.found, *rings.doubtful) if e.row["kind"] == "ride"}
    runs = runs_named(engine, keys) if keys else ()
    return {run.keys[0]: f"{run.name} {run.date}" for run in runs if run.date is not None}


def _known_cases(engine: Engine, people: set[str]) -> frozenset[str]:
    if not people:
        return frozenset()
    rows = engine.rows("case", "subject", sorted(people)).to_pylist()
    if not rows:
        return frozenset()
    files = known_cases(engine, sorted({row["case"] for row in rows}))
    return frozenset(row["subject"] for row in rows if not files[row["case"]].ended)


def _purged(snapshot: Snapshot, rings: Gathered) -> tuple[Text, ...]:
    starts = [w.start for w in rings.windows if w is not None]
    if not starts:
        return ()
    return purge_warnings(snapshot, (f.case for f in rings.files), min(starts), snapshot.as_of)


def _traced(file: CaseFile, window: Window | None, home: str) -> TracedCase:
    return TracedCase(
        case=file.case,
        subject=file.subject,
        disease=file.disease,
        classification=file.classification,
        provisional=file.provisional,
        jurisdiction=file.jurisdiction or home,
        anchor=window.anchor if window else None,
        start=window.start.astimezone(UTC) if window else None,
        end=window.end.astimezone(UTC) if window else None,
        open_ended=window is None or window.open_ended,
    )
