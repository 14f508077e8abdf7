"""Minutes of a pair: the union of its overlaps, whole or within a sliding window."""

import pytest

from ringfence.engines.reference.minutes import covered, enough, most_covered, union
from ringfence.protocols.model import Minutes

HOUR = 3600


@pytest.mark.parametrize(
    ("intervals", "merged"),
    [
        ([], []),
        ([(0, 5), (5, 9)], [(0, 9)]),
        ([(3, 9), (0, 5)], [(0, 9)]),
        ([(0, 9), (2, 4)], [(0, 9)]),
        ([(0, 2), (3, 4)], [(0, 2), (3, 4)]),
    ],
)
def test_union(intervals: list[tuple[int, int]], merged: list[tuple[int, int]]) -> None:
    assert union(intervals) == merged


def test_the_same_moment_told_twice_counts_once() -> None:
    assert covered([(0, 600), (0, 600), (300, 900)]) == 900


@pytest.mark.parametrize(
    ("intervals", "length", "most"),
    [
        ([], 10, 0),
        ([(0, 4), (10, 14)], 10, 4),  # [4, 14) touches only the second; no window has both whole
        ([(0, 4), (9, 14)], 10, 5),
        ([(0, 4), (8, 14)], 10, 6),  # ends with an interval: [4, 14)
        ([(0, 4), (6, 9)], 10, 7),  # begins with one: [0, 10)
        ([(0, 100)], 10, 10),
        ([(0, 3), (5, 8), (10, 13), (15, 18)], 13, 9),
    ],
)
def test_the_best_window(intervals: list[tuple[int, int]], length: int, most: int) -> None:
    assert most_covered(intervals, length) == most
    every_start = range(-20, 120)
    by_hand = max(
        (sum(max(0, min(e, t + length) - max(s, t)) for s, e in intervals) for t in every_start),
        default=0,
    )
    assert by_hand == most


def test_exactly_enough_is_enough_unless_strict() -> None:
    quarter = [(0, 900)]
    assert enough(Minutes(15), quarter)
    assert not enough(Minutes(15, strict=True), quarter)
    assert enough(Minutes(15, strict=True), [(0, 901)])


def test_minutes_of_two_days_are_not_cumulated_within_one() -> None:
    two_days = [(0, 8 * 60), (24 * HOUR, 24 * HOUR + 8 * 60)]
    assert enough(Minutes(15), two_days)
    assert not enough(Minutes(15, within_hours=24), two_days)
    assert enough(Minutes(15, within_hours=24.5), two_days)
