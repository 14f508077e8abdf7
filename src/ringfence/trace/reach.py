"""Which open cases a batch or a merge can touch, so that only these are traced before and after.

A trace is made of what it reads: the stays, pairs and descriptions that its focuses meet. If none
of the focuses of a case, as known at one of two times, meets a row that differs between them, then
each question gets the same answer at both, and so the same focuses ask the next one: the traces are
the same. So it is enough to find, from the rows that differ, everybody who could meet one as a
focus (whatever the rules say), and to look for these among the cases and their seeds. The first
ring is asked for as in a trace, the second, which costs the most, not at all.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ringfence.engines.persons import regrouped
from ringfence.engines.question import Engine, Focus
from ringfence.lake import Told
from ringfence.protocols.model import Protocol
from ringfence.rides.runs import runs_named
from ringfence.trace.changed import (
    ALWAYS,
    MOST_KEYS,
    Changed,
    Pair,
    Span,
    Stay,
    changed_by,
    pairs_of,
    stays_of,
)
from ringfence.trace.known import Known
from ringfence.trace.open_cases import together
from ringfence.trace.rings import ask_ring
from ringfence.trace.seeds import seconds, seeds_of
from ringfence.trace.tracing import focuses_of
from ringfence.trace.windows import window_of

Progress = Callable[[int, int], None]
"""Told how many cases are done, of how many."""


def untold(_done: int, _of: int) -> None:
    """Nobody watches."""


AT_ONCE = 100
_PLACES_AT_ONCE = 2_000
_MOST_READERS = 500_000


def touched_cases(
    told: Told | None,
    before: Known,
    after: Known,
    protocols: Sequence[Protocol],
    progress: Progress,
) -> frozenset[str]:
    """Open cases whose contacts may differ between two times.

    What differs is what a batch told, or who is one person, or both.
    """
    every = before.protocols.keys() | after.protocols.keys()
    differing = {case for case in every if not before.same_case(after, case)}
    dwell, lag = _longest_dwell(protocols), _longest_lag(protocols)
    changed = Changed() if told is None else changed_by(told, before.engine, after.engine, dwell)
    others = regrouped(before.snapshot.persons, after.snapshot.persons)
    if changed is None or len(others) > MOST_KEYS:
        return frozenset(every)
    changed = replace(changed, persons=changed.persons | others)
    if changed.nothing:
        return frozenset(differing)
    at = min((before, after), key=lambda known: known.bytes_to_scan)
    readers = _readers(changed, at.engine, dwell, lag)
    if len(readers) > _MOST_READERS:
        return frozenset(every)
    return frozenset(differing | _meeting(readers, at, every - differing, progress))


def _meeting(
    readers: dict[str, Span], at: Known, cases: Iterable[str], progress: Progress
) -> set[str]:
    """The cases of which the person or a seed is among the readers at the right time."""
    met: set[str] = set()
    asked = {case: at.protocols[case] for case in sorted(cases)}
    done = 0
    for protocol, members in together(asked, AT_ONCE):
        files = [at.files[case] for case in members]
        zone, as_of = at.snapshot.zone, at.snapshot.as_of
        focuses = focuses_of(files, [window_of(f, protocol, zone, as_of) for f in files])
        met |= {file.case for focus, file in focuses.items() if _reads(focus, readers)}
        left = [focus for focus, file in focuses.items() if file.case not in met]
        if protocol.of_order(2) and left:
            ring = ask_ring(at.engine, protocol, 1, left, crowd_limit=True)
            seeds = seeds_of(ring, left, protocol, at.engine, zone=zone, as_of=seconds(as_of))
            met |= {focuses[of].case for seed, of in seeds.items() if _reads(seed, readers)}
        done += len(members)
        progress(done, len(asked))
    return met


def _reads(focus: Focus, readers: dict[str, Span]) -> bool:
    span = readers.get(focus.subject)
    return span is not None and span[0] <= focus.end and focus.start <= span[1]


def _readers(changed: Changed, engine: Engine, dwell: int, lag: int) -> dict[str, Span]:
    """Everybody who, as a focus, could meet something that differs, and between which times."""
    readers: dict[str, Span] = {}
    stays, pairs = list(changed.stays), list(changed.pairs)
    if changed.persons:
        stays += stays_of(engine, "subject", changed.persons, dwell)
        pairs += pairs_of(engine, changed.persons)
    if changed.denied:
        deniers = {subject for subject, _ in changed.denied}
        found = stays_of(engine, "subject", deniers, dwell)
        stays += [stay for stay in found if (stay.subject, stay.place) in changed.denied]
    aboard = _riding(engine, changed)
    for person in changed.persons | changed.riders | aboard:
        _widen(readers, person, ALWAYS)
    _widen_by_pairs(readers, pairs)
    _widen_by_stays(readers, stays)
    for stay in _at_places(engine, changed.places, dwell):
        _widen(readers, stay.subject, stay.span)
    times = _times(stays, lag)
    for stay in _at_places(engine, times.keys(), dwell):
        if meeting := _meets(stay.span, *times[stay.place]):
            _widen(readers, stay.subject, meeting)
    return readers


def _riding(engine: Engine, changed: Changed) -> set[str]:
    """Everybody aboard the runs that differ, or that somebody who differs was aboard."""
    keys = set(changed.runs)
    if changed.persons:
        rides = engine.rows("ride", "subject", sorted(changed.persons))
        keys |= set(rides["service"].to_pylist())
    if not keys:
        return set()
    keys |= {key for run in runs_named(engine, keys) for key in run.keys}
    return set(engine.rows("ride", "service", sorted(keys))["subject"].to_pylist())


def _widen_by_pairs(readers: dict[str, Span], pairs: Iterable[Pair]) -> None:
    for pair in pairs:
        for person in pair.subjects:
            _widen(readers, person, pair.span)


def _widen_by_stays(readers: dict[str, Span], stays: Iterable[Stay]) -> None:
    for stay in stays:
        _widen(readers, stay.subject, stay.span)


def _widen(readers: dict[str, Span], person: str, span: Span) -> None:
    known = readers.get(person, span)
    readers[person] = (min(known[0], span[0]), max(known[1], span[1]))


def _at_places(engine: Engine, places: Iterable[str], dwell: int) -> Iterable[Stay]:
    ordered = sorted(places)
    for start in range(0, len(ordered), _PLACES_AT_ONCE):
        yield from stays_of(engine, "place", ordered[start : start + _PLACES_AT_ONCE], dwell)


def _times(stays: Iterable[Stay], lag: int) -> dict[str, tuple[list[int], list[int]]]:
    """When something differs at each place: starts and ends of disjoint spans, in order.

    They begin a lag earlier: the air that a focus left behind may reach them.
    """
    of_place: defaultdict[str, list[Span]] = defaultdict(list)
    for stay in stays:
        of_place[stay.place].append((stay.span[0] - lag, stay.span[1]))
    return {place: _merged(spans) for place, spans in of_place.items()}


def _merged(spans: list[Span]) -> tuple[list[int], list[int]]:
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(spans):
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends


def _meets(own: Span, starts: list[int], ends: list[int]) -> Span | None:
    """The hull of the times at which a stay of one's own meets what differs there."""
    first = bisect_right(ends, own[0] - 1)
    last = bisect_right(starts, own[1]) - 1
    if first > last:
        return None
    return max(own[0], starts[first]), min(own[1], ends[last])


def _longest_dwell(protocols: Iterable[Protocol]) -> int:
    dwells = (d for protocol in protocols for d in protocol.dwells.values())
    return 60 * max((max(d.before, d.after) for d in dwells), default=0)


def _longest_lag(protocols: Iterable[Protocol]) -> int:
    rules = (rule for protocol in protocols for rule in protocol.rules)
    return 60 * max((rule.lag_minutes for rule in rules), default=0)
