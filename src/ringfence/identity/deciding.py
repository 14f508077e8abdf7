"""Which conflicts somebody has decided by hand: those wait for nobody any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import combinations

from ringfence.identity import store
from ringfence.identity.known import said_in_force, settled
from ringfence.identity.planning import Conflict
from ringfence.lake import Home

_Pair = tuple[str, str]


def undecided(home: Home, found: Sequence[Conflict]) -> list[Conflict]:
    """Without those whose subjects were all merged by hand and are one, or were each told from each
    of the others and are not.
    """
    with store.reading(home) as connection:
        if connection is None:
            return list(found)
        joined, apart = map(frozenset, settled(said_in_force(connection, store.acts(connection))))
    return [one for one in found if not _decided(one, joined, apart)]


def _decided(one: Conflict, joined: Collection[_Pair], apart: Collection[_Pair]) -> bool:
    if one.linked:
        return _all_joined(one.subjects, joined)
    pairs = combinations(sorted(one.subjects), 2)
    return all(pair in apart or pair in joined for pair in pairs)


def _all_joined(subjects: Iterable[str], joined: Collection[_Pair]) -> bool:
    """Whether merges by hand lead from each of them to each other."""
    first, *others = subjects
    reached, left = {first}, set(others)
    while near := {s for s in left if any(_pair(s, known) in joined for known in reached)}:
        reached |= near
        left -= near
    return not left


def _pair(one: str, other: str) -> _Pair:
    return (one, other) if one < other else (other, one)
