"""Who is one person, from what links and people say of pairs of subjects.

Subjects are numbers here. What a person said by hand goes before any link: two subjects that were
split are never joined by links, not even through a third one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Pair = tuple[int, int]


@dataclass(frozen=True)
class Links:
    """Members of link groups: `group` and `subject` side by side, in the order of the groups."""

    group: Numbers
    subject: Numbers


def persons_of(many: int, links: Links, joined: Sequence[Pair], apart: Iterable[Pair]) -> Numbers:
    """The smallest subject of the person of each of `many` subjects.

    `joined` and `apart`: pairs that somebody said to be one person, or not to be.
    """
    edges = np.array(joined, np.int64).reshape(-1, 2)
    heads = _heads(links)
    one, other = np.r_[edges[:, 0], heads], np.r_[edges[:, 1], links.subject]
    person = _components(many, one, other)
    never = _both_ways(apart)
    if not never:
        return person
    doubtful = np.unique(person[list(never)])
    kept = np.isin(person[links.subject], doubtful)
    some = Links(links.group[kept], links.subject[kept])
    pairs = [pair for pair in joined if person[pair[0]] in doubtful]
    inside = np.flatnonzero(np.isin(person, doubtful))
    person[inside] = inside
    for subject, first in _told_apart(some, pairs, never).items():
        person[subject] = first
    return person


def _heads(links: Links) -> Numbers:
    """The first member of the group of each member."""
    if not len(links.group):
        return links.subject
    begins = np.flatnonzero(np.r_[True, links.group[1:] != links.group[:-1]])
    return np.repeat(links.subject[begins], np.diff(np.r_[begins, len(links.group)]))


def _components(many: int, one: Numbers, other: Numbers) -> Numbers:
    """The smallest number that each can reach. Halves the way left in each round."""
    label = np.arange(many, dtype=np.int64)
    while len(one):
        least = np.minimum(label[one], label[other])
        most = np.maximum(label[one], label[other])
        np.minimum.at(label, most, least)
        while True:
            further = label[label]
            if np.array_equal(further, label):
                break
            label = further
        open_still = label[one] != label[other]
        one, other = one[open_still], other[open_still]
    return label


def _both_ways(apart: Iterable[Pair]) -> Mapping[int, set[int]]:
    never: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in apart:
        never[one].add(other)
        never[other].add(one)
    return never


def _told_apart(
    links: Links, joined: Iterable[Pair], never: Mapping[int, set[int]]
) -> dict[int, int]:
    """The same one by one, never joining two that are said not to be the same.

    What people said comes first; then each group joins its members to the first of it, or to the
    first of those that may not be joined to him, and so on.
    """
    people: dict[int, set[int]] = {}

    def of(subject: int) -> set[int]:
        return people.setdefault(subject, {subject})

    def join(one: int, other: int) -> bool:
        mine, theirs = of(one), of(other)
        if mine is theirs:
            return True
        if any(never.get(subject, set()) & theirs for subject in mine):
            return False
        mine |= theirs
        for subject in theirs:
            people[subject] = mine
        return True

    for one, other in joined:
        join(one, other)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for group, subject in zip(links.group.tolist(), links.subject.tolist(), strict=True):
        members[group].append(subject)
    for subjects in members.values():
        firsts: list[int] = []
        for subject in dict.fromkeys(subjects):
            if not any(join(first, subject) for first in firsts):
                firsts.append(subject)
                of(subject)
    return {subject: min(one) for subject, one in people.items()}
