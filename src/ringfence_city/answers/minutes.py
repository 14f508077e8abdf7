"""Time that a pair spent together: the union of its overlaps, in all or within a span of hours."""

from __future__ import annotations

import numpy as np

from ringfence_city.answers.arrays import Int


def united(group: Int, start: Int, end: Int) -> tuple[Int, Int, Int]:
    """Group, start and end of the separate pieces of each group's union, in order."""
    if not len(group):
        return group, start, end
    order = np.lexsort([start, group])
    group, start, end = group[order], start[order], end[order]
    low = int(start.min())
    width = int(end.max()) - low + 1
    reach = np.maximum.accumulate(group * width + (end - low))
    opens = np.append(True, group[1:] * width + (start[1:] - low) > reach[:-1])
    opens[1:] |= group[1:] != group[:-1]
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(group)) - 1
    return group[first], start[first], reach[last] - group[first] * width + low


def together(groups: int, group: Int, start: Int, end: Int) -> Int:
    """Seconds of the union of each group's overlaps."""
    of, since, until = united(group, start, end)
    total = np.zeros(groups, dtype=np.int64)
    np.add.at(total, of, until - since)
    return total


def most_within(groups: int, group: Int, start: Int, end: Int, span: int) -> Int:
    """The most seconds of a group's union that lie in any half-open window of `span` seconds."""
    most = np.zeros(groups, dtype=np.int64)
    of, since, until = united(group, start, end)
    if not len(of):
        return most
    # A window that holds the most begins where a piece begins, or ends where one ends.
    np.maximum.at(most, of, _held(of, since, until, since, since + span))
    np.maximum.at(most, of, _held(of, since, until, until - span, until))
    return most


def _held(of: Int, since: Int, until: Int, left: Int, right: Int) -> Int:
    """Seconds of the pieces of group `of[i]` between left[i] and right[i]."""
    low = int(min(since.min(), left.min()))
    width = int(max(until.max(), right.max())) - low + 1
    begins = of * width + (since - low)
    before = np.append(0, np.cumsum(until - since))

    def up_to(moment: Int) -> Int:
        piece = np.searchsorted(begins, of * width + (moment - low), side="right") - 1
        at = np.maximum(piece, 0)
        inside = np.minimum(moment, until[at]) - since[at]
        own = (piece >= 0) & (of[at] == of)
        return np.where(own, before[at] + np.maximum(inside, 0), before[at + (piece >= 0)])

    return up_to(right) - up_to(left)
