"""Rows that tell of one stay, ride or drive, brought together."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice

from ringfence.movements.model import Episode, Sphere, Told, Where
from ringfence.movements.sites import Sites
from ringfence.records.vocabularies import CERTAINTIES

TOUCH = 10 * 60
"""Stays at one place so near to each other are one."""
CHAIN = 3 * 3600
"""Rows at one place so near to each other are one stay, where one of them is an instant and nothing
tells of another place between."""

STRENGTH = {grade: strength for strength, grade in enumerate(reversed(CERTAINTIES))}
"""Of each grade of evidence; what is denied has none."""


def strength(one: Told) -> int:
    return STRENGTH[one.certainty]


def episodes_of(told: Iterable[Told], sites: Sites) -> list[Episode]:
    """In the order of time. What was denied is no episode."""
    of_where: defaultdict[Where, list[Told]] = defaultdict(list)
    for one in told:
        if one.where is not None and not one.denied:
            of_where[one.where].append(one)
    begun = sorted((one.start, where.key) for where, rows in of_where.items() for one in rows)
    passed = {key for key, there in sites.items() if there.passed}
    found = [
        episode_of(where, chained)
        for where, rows in of_where.items()
        for chained in _chains(
            where,
            sorted(rows, key=lambda row: (row.start, row.end)),
            [] if where.key in passed else begun,
        )
    ]
    return sorted(found, key=lambda one: (one.start, one.end, one.where.key))


def _chains(
    where: Where, rows: Sequence[Told], begun: Sequence[tuple[int, str]]
) -> list[list[Told]]:
    """`begun`: when anything began, and where; empty: nobody stays there between two rows."""
    if where.sphere is Sphere.RUN:
        return [list(rows)]
    chains: list[list[Told]] = []
    until = 0
    last: Told | None = None
    for one in rows:
        if last is not None and _one_stay(last, one, until, begun):
            chains[-1].append(one)
            until = max(until, one.end)
        else:
            chains.append([one])
            until = one.end
        last = one
    return chains


def _one_stay(last: Told, one: Told, until: int, begun: Sequence[tuple[int, str]]) -> bool:
    if one.start <= until + TOUCH:
        return True
    if not begun or not (last.instant or one.instant) or one.start > until + CHAIN:
        return False
    first = bisect_left(begun, (until + 1, ""))
    between = islice(begun, first, bisect_left(begun, (one.start, "")))
    return one.where is not None and all(key == one.where.key for _, key in between)


def episode_of(where: Where, rows: Sequence[Told]) -> Episode:
    """Its times are those of the strongest stays, with every recorded instant within."""
    stays = [one for one in rows if not one.instant]
    best = max((strength(one) for one in stays), default=0)
    firm = [one for one in rows if one.instant or strength(one) == best]
    return Episode(
        where,
        min(one.start for one in firm),
        max(one.end for one in firm),
        min(one.start for one in rows),
        max(one.end for one in rows),
        tuple(rows),
    )
