"""How long a pair was together: the union of intervals, whole or within a sliding window."""

from __future__ import annotations

from collections.abc import Iterable

from ringfence.protocols.model import Minutes

Interval = tuple[int, int]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time as disjoint intervals in order; touching ones become one."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def covered(intervals: Iterable[Interval]) -> int:
    """Seconds in which at least one interval runs."""
    return sum(end - start for start, end in union(intervals))


def most_covered(intervals: Iterable[Interval], length: int) -> int:
    """The most seconds covered in any window [t, t + length).

    The covered time of a sliding window can only peak where the window begins with an interval or
    ends with one, so these are the windows that are tried.
    """
    parts = union(intervals)
    begins = {start for start, _ in parts} | {end - length for _, end in parts}
    return max((_within(parts, t, t + length) for t in begins), default=0)


def _within(parts: Iterable[Interval], start: int, end: int) -> int:
    return sum(max(0, min(end, to) - max(start, since)) for since, to in parts)


def enough(minutes: Minutes, intervals: Iterable[Interval]) -> bool:
    """Whether the intervals add up to what the rule asks for."""
    if minutes.within_hours is None:
        seconds = covered(intervals)
    else:
        seconds = most_covered(intervals, round(minutes.within_hours * 3600))
    return seconds > minutes.least * 60 if minutes.strict else seconds >= minutes.least * 60
