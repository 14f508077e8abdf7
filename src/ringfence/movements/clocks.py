"""Sources whose clock is wrong: by how much, found from what others tell of the same places.

A stay of one source and a stay of another at one place bound the shift that would make both
agree. The shift that most of a source's rows agree on is its clock's error, where without it they
disagree.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ringfence.movements.model import Told, Where

LEAST_SHIFT = 10 * 60
MOST_SHIFT = 14 * 3600
AGREES = 5 * 60
LEAST_PAIRS = 3
_SHARE = 0.7
_HOUR = 3600
_NEAR = 6
_MOST_JUDGED = 200


@dataclass(frozen=True)
class Skew:
    """`source`'s times are ahead of the others' by so many seconds (behind: negative). `whole`:
    whole hours, as where a time zone was mistaken. `these`: its rows; `those`: what they agree
    with once shifted."""

    source: str
    ahead: int
    whole: bool
    these: tuple[Told, ...]
    those: tuple[Told, ...]


@dataclass(frozen=True)
class _Pair:
    """Shifts within [low, high] bring `mine` to `other`."""

    low: int
    high: int
    mine: Told
    other: Told


def skews_of(told: Sequence[Told]) -> list[Skew]:
    """One for each source whose clock is wrong. Two sources alone do not tell which of them is: the
    one with fewer rows is named.
    """
    of_place: defaultdict[Where, list[Told]] = defaultdict(list)
    of_source: defaultdict[str, list[Told]] = defaultdict(list)
    for one in told:
        if one.where is not None and not one.denied and one.table != "ride":
            of_place[one.where].append(one)
            of_source[one.source].append(one)
    found: list[Skew] = []
    for source in sorted(of_source, key=lambda name: (len(of_source[name]), name)):
        wrong = {skew.source for skew in found}
        skew = _skew(source, of_source[source], of_place, wrong)
        if skew is not None:
            found.append(skew)
    return found


def _skew(
    source: str, rows: Sequence[Told], of_place: Mapping[Where, Sequence[Told]], wrong: set[str]
) -> Skew | None:
    pairs: defaultdict[Told, list[_Pair]] = defaultdict(list)
    for mine in rows[:: 1 + len(rows) // _MOST_JUDGED]:
        assert mine.where is not None
        for other in _near(mine, of_place[mine.where]):
            if other.source != source and other.source not in wrong:
                pairs[mine].append(_pair(mine, other))
    if len(pairs) < LEAST_PAIRS:
        return None
    best = _most_agreed(pairs)
    if best is None:
        return None
    shift, agreeing = best
    unshifted = sum(1 for some in pairs.values() if any(p.low <= 0 <= p.high for p in some))
    enough = max(LEAST_PAIRS, _SHARE * len(pairs))
    if abs(shift) < LEAST_SHIFT or len(agreeing) < enough or unshifted * 2 > len(agreeing):
        return None
    hours = round(shift / _HOUR)
    whole = hours != 0 and abs(shift - hours * _HOUR) <= AGREES
    return Skew(
        source,
        -(hours * _HOUR if whole else shift),
        whole,
        tuple(pair.mine for pair in agreeing),
        tuple(dict.fromkeys(pair.other for pair in agreeing)),
    )


def _near(mine: Told, there: Sequence[Told]) -> Sequence[Told]:
    """Those of the same place that began about then; `there` is in the order of starts."""
    at = bisect_left(there, mine.start, key=lambda one: one.start)
    near = there[max(0, at - _NEAR) : at + _NEAR]
    return [one for one in near if one.start - MOST_SHIFT <= mine.start <= one.end + MOST_SHIFT]


def _pair(mine: Told, other: Told) -> _Pair:
    """An instant agrees with any time of a stay; two stays, where their ends do."""
    if mine.instant or other.instant:
        low, high = other.start - mine.end, other.end - mine.start
    else:
        low, high = sorted((other.start - mine.start, other.end - mine.end))
    return _Pair(low - AGREES, high + AGREES, mine, other)


def _most_agreed(pairs: Mapping[Told, Sequence[_Pair]]) -> tuple[int, list[_Pair]] | None:
    """The shift that the most rows agree on, the least of those, with one pair of each row."""
    low, high = _busiest(
        [edge for some in pairs.values() for edge in _spans((p.low, p.high) for p in some)]
    )
    narrow = high - low <= 4 * AGREES
    shift = (low + high) // 2 if narrow else 0 if low <= 0 <= high else min(low, high, key=abs)
    agreeing = [
        next(p for p in some if p.low <= shift <= p.high)
        for some in pairs.values()
        if any(p.low <= shift <= p.high for p in some)
    ]
    exact = [(p.low + p.high) // 2 for p in agreeing if p.high - p.low <= 3 * AGREES]
    shift = int(median(exact)) if exact else shift
    return (shift, agreeing) if abs(shift) <= MOST_SHIFT else None


def _spans(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same spans, those that meet as one: a row counts once."""
    low: int | None = None
    high = 0
    for start, end in sorted(spans):
        if low is None or start > high:
            if low is not None:
                yield low, high
            low, high = start, end
        else:
            high = max(high, end)
    if low is not None:
        yield low, high


def _busiest(spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Within the most of the spans; of several such stretches the one nearest to zero."""
    edges = sorted([(low, -1) for low, _ in spans] + [(high, 1) for _, high in spans])
    most = count = 0
    best = (0, 0)
    for (at, kind), (following, _) in pairwise(edges):
        count -= kind
        nearer = min(abs(at), abs(following)) < min(abs(best[0]), abs(best[1]))
        if count > most or (count == most and nearer):
            most, best = count, (at, following)
    return best
