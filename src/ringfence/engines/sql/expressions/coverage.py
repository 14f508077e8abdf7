"""Time that intervals cover: their union, and the most of it within a sliding window."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir


def merged(intervals: ir.Table, by: Sequence[str]) -> ir.Table:
    """Disjoint intervals [start, end) with the same union, within each group of `by`.

    Intervals that touch are merged. Two that are equal count once: a database may order them
    differently in each window.
    """
    intervals = intervals.select(*by, "start", "end").distinct()
    order = ["start", "end"]
    earlier = ibis.window(group_by=list(by), order_by=order, preceding=(None, 1))
    upto = ibis.cumulative_window(group_by=list(by), order_by=order)
    reached = intervals.mutate(reached=intervals.end.max().over(earlier))
    opens = reached.reached.isnull() | (reached.start > reached.reached)
    opened = reached.mutate(opens=opens.cast("int64"))
    numbered = opened.mutate(island=opened.opens.sum().over(upto))
    return (
        numbered.group_by([*by, "island"])
        .agg(start=numbered.start.min(), end=numbered.end.max())
        .drop("island")
    )


def total(islands: ir.Table, by: Sequence[str]) -> ir.Table:
    """Seconds that disjoint intervals cover in each group: columns of `by` and `covered`."""
    return islands.group_by(list(by)).agg(covered=(islands.end - islands.start).sum())


def most_within(islands: ir.Table, by: Sequence[str]) -> ir.Table:
    """Most seconds covered in any half-open window of `within` seconds, a column of `by`.

    The most is reached by a window that begins where an interval begins or ends where one ends.
    """
    begins = islands.select(*by, opens=islands.start)
    ends = islands.select(*by, opens=islands.end - islands.within)
    windows = begins.union(ends, distinct=True)
    joined = windows.join(islands, list(by))
    inside = ibis.least(joined.end, joined.opens + joined.within) - ibis.greatest(
        joined.start, joined.opens
    )
    held = joined.mutate(inside=ibis.greatest(inside, ibis.literal(0, "int64")))
    sums = held.group_by([*by, "opens"]).agg(covered=held.inside.sum())
    return sums.group_by(list(by)).agg(covered=sums.covered.max())
