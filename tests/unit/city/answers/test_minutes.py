"""Unions and sliding spans, against counting every second by hand."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from ringfence_city.answers.minutes import most_within, together


def counted(spans: list[tuple[int, int]]) -> set[int]:
    return {second for start, end in spans for second in range(start, end)}


@pytest.mark.parametrize("seed", range(40))
def test_as_counted_second_by_second(seed: int) -> None:
    dice = Random(seed)
    groups = dice.randint(1, 4)
    spans = [
        (dice.randrange(groups), start, start + dice.randint(1, 12))
        for start in (dice.randrange(-20, 60) for _ in range(dice.randint(0, 14)))
    ]
    group, start, end = np.array(spans, dtype=np.int64).reshape(-1, 3).T
    span = dice.randint(1, 50)
    seconds = [counted([(s, e) for g, s, e in spans if g == one]) for one in range(groups)]
    assert together(groups, group, start, end).tolist() == [len(held) for held in seconds]
    most = [
        max(len(held & set(range(at, at + span))) for at in range(-80, 120)) for held in seconds
    ]
    assert most_within(groups, group, start, end, span).tolist() == most
