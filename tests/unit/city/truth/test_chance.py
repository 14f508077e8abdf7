"""Draws without state."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from ringfence_city.chance import Chance, bits, further, part

EVERY = np.arange(100_000)


def test_a_draw_depends_on_seed_stream_and_thing_alone() -> None:
    draw = Chance.of(3, "walk")
    assert np.array_equal(draw.words(EVERY, 5)[[9, 2]], draw.words(np.array([9, 2]), 5))
    assert not np.array_equal(draw.words(EVERY), Chance.of(4, "walk").words(EVERY))
    assert not np.array_equal(draw.words(EVERY), Chance.of(3, "run").words(EVERY))


def by_hand(seed: int, stream: str, things: list[int]) -> int:
    """The same in plain whole numbers, without an array."""
    full = (1 << 64) - 1

    def mixed(word: int) -> int:
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 & full
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB & full
        return word ^ (word >> 31)

    golden = 0x9E3779B97F4A7C15
    told = hashlib.sha256(f"{seed}/{stream}".encode()).digest()
    word = int.from_bytes(told[:8], "little")
    for thing in things:
        word = mixed((word + golden & full) ^ mixed((thing & full) + golden & full))
    return word


def test_the_words_are_those_of_plain_arithmetic() -> None:
    words = Chance.of(1, "a").words(np.array([0, 1, -5, 10**9]), 2)
    assert words.tolist() == [by_hand(1, "a", [thing, 2]) for thing in (0, 1, -5, 10**9)]


def test_whole_numbers_are_spread_evenly() -> None:
    counts = np.bincount(Chance.of(1, "a").below(10, EVERY), minlength=10)
    assert len(counts) == 10
    assert np.abs(counts - 10_000).max() < 400


def test_weights_are_kept() -> None:
    counts = np.bincount(Chance.of(1, "a").pick([1, 0, 3], EVERY), minlength=3)
    assert counts[1] == 0
    assert abs(counts[2] - 75_000) < 600


@pytest.mark.parametrize("count", [1, 2, 7, 1_000, 65_536])
def test_an_order_gives_each_place_to_one(count: int) -> None:
    for day in range(20):
        given = Chance.of(1, "a").order(count, np.arange(count), day)
        assert np.array_equal(np.sort(given), np.arange(count))


def test_an_order_differs_from_day_to_day() -> None:
    draw = Chance.of(1, "a")
    first = [int(draw.order(1_000, np.array([17]), day)[0]) for day in range(200)]
    assert len(set(first)) > 150


def test_parts_of_a_word_are_independent_enough() -> None:
    words = Chance.of(1, "a").words(EVERY)
    columns = np.stack(
        [bits(words, 0), bits(words, 3), part(words, 1, 900), bits(further(words, 1), 0)]
    )
    apart = np.corrcoef(columns) - np.eye(4)
    assert np.abs(apart).max() < 0.02
    assert part(words, 1, 900).max() == 899


@pytest.mark.parametrize("count", [1, 2, 97, 4_000])
def test_who_comes_at_a_place_is_found_back(count: int) -> None:
    draw = Chance.of(5, "order")
    every = np.arange(count)
    assert np.array_equal(draw.index_at(count, draw.order(count, every, 3), 3), every)
