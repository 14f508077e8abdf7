"""Links make persons; what was said by hand goes before them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ringfence.identity.grouping import Links, persons_of

MANY = 8
SUBJECT = st.integers(0, MANY - 1)
GROUPS = st.lists(st.lists(SUBJECT, min_size=1, max_size=4, unique=True), max_size=6)
PAIRS = st.lists(st.tuples(SUBJECT, SUBJECT).filter(lambda p: p[0] < p[1]), max_size=4, unique=True)


def links(groups: list[list[int]]) -> Links:
    return Links(
        np.array([number for number, group in enumerate(groups) for _ in group], np.int64),
        np.array([subject for group in groups for subject in group], np.int64),
    )


def persons(
    groups: list[list[int]],
    joined: list[tuple[int, int]] | None = None,
    apart: list[tuple[int, int]] | None = None,
) -> list[int]:
    return list(persons_of(MANY, links(groups), joined or [], apart or []).tolist())


def test_who_shares_a_number_is_one_person_through_others_too() -> None:
    assert persons([[2, 5], [5, 7], [3, 4]]) == [0, 1, 2, 3, 3, 2, 6, 2]


def test_a_split_holds_against_links() -> None:
    assert persons([[0, 1, 2]], apart=[(0, 1), (1, 2)]) == [0, 1, 0, 3, 4, 5, 6, 7]


def test_a_split_holds_against_a_third_one() -> None:
    assert persons([[0, 2], [1, 2]], apart=[(0, 1)])[:3] == [0, 1, 0]


def test_what_was_merged_by_hand_goes_before_links() -> None:
    assert persons([[0, 2]], joined=[(1, 2)], apart=[(0, 1)])[:3] == [0, 1, 1]


def test_a_long_chain_is_one_person() -> None:
    many = 100_000
    chain = np.arange(many, dtype=np.int64)
    subject = np.stack([chain[:-1], chain[1:]], axis=1).ravel()[::-1].copy()
    group = np.repeat(np.arange(many - 1, dtype=np.int64), 2)
    assert not persons_of(many, Links(group, subject), [], []).any()


@given(GROUPS, PAIRS, PAIRS)
def test_persons_are_what_was_said(
    groups: list[list[int]], joined: list[tuple[int, int]], apart: list[tuple[int, int]]
) -> None:
    joined = [pair for pair in joined if pair not in apart]
    person = persons(groups, joined, apart)
    assert all(person[a] != person[b] for a, b in apart)
    assert all(person[p] == p <= s for s, p in enumerate(person))
    free = _reached(groups, joined)
    assert all(person[a] != person[b] or free[a] == free[b] for a in free for b in free)
    if not apart:
        assert all((person[a] == person[b]) == (free[a] == free[b]) for a in free for b in free)


def _reached(groups: list[list[int]], joined: list[tuple[int, int]]) -> dict[int, int]:
    """The oracle: spread the smallest number along every link until nothing moves."""
    label = {subject: subject for subject in range(MANY)}
    for _ in range(MANY):
        for group in [*groups, *map(list, joined)]:
            least = min(label[subject] for subject in group)
            label |= dict.fromkeys(group, least)
    return label
