"""Randomness without state: the same draw for the same seed and the same thing, on every machine.

A draw is a 64-bit hash of the seed, a stream's name and whole numbers (a person, a day, a slot).
Only integer arithmetic is used, so results do not depend on a machine's mathematics library, on
the order of work or on how many processes share it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Whole = NDArray[np.integer] | int

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)

_PRIMES = np.array(
    [
        2155106627,
        2170303417,
        2203808729,
        2272060169,
        2370191683,
        2456428111,
        2585460373,
        2633699603,
        2691652739,
        2715453863,
        2743485179,
        2821154957,
        2832978539,
        2859831641,
        2862529039,
        2929492667,
        3047091977,
        3072968243,
        3078331051,
        3206505917,
        3217156681,
        3218350957,
        3244611641,
        3347851369,
        3687381953,
        3744324047,
        3782826473,
        3820104209,
        3900479111,
        4058038399,
        4147317743,
        4162119881,
    ],
    dtype=np.int64,
)
"""All above any count, so each is coprime to it."""


def _mixed(words: Words) -> Words:
    """The finaliser of SplitMix64 (Steele, Lea, Flood 2014)."""
    with np.errstate(over="ignore"):
        words = (words ^ (words >> np.uint64(30))) * _FIRST
        words = (words ^ (words >> np.uint64(27))) * _SECOND
        return words ^ (words >> np.uint64(31))


@dataclass(frozen=True)
class Chance:
    """One stream of draws. Streams of different names are independent of each other."""

    key: int

    @staticmethod
    def of(seed: int, stream: str) -> Chance:
        told = hashlib.sha256(f"{seed}/{stream}".encode()).digest()
        return Chance(int.from_bytes(told[:8], "little"))

    def words(self, *things: Whole) -> Words:
        """A 64-bit word for each combination of `things` (broadcast against each other)."""
        words = np.full(1, self.key, dtype=np.uint64)
        with np.errstate(over="ignore"):
            for thing in things:
                part = np.asarray(thing).astype(np.int64).view(np.uint64)
                words = _mixed((words + _GOLDEN) ^ _mixed(part + _GOLDEN))
        return words

    def below(self, limit: Whole, *things: Whole) -> NDArray[np.int64]:
        """Whole numbers in [0, limit); `limit` below 2**31, one number or one for each thing."""
        high = self.words(*things) >> np.uint64(32)
        wide = np.asarray(limit).astype(np.uint64)
        return ((high * wide) >> np.uint64(32)).astype(np.int64)

    def happens(self, millionths: Whole, *things: Whole) -> NDArray[np.bool_]:
        """True with a probability of `millionths` in a million."""
        return self.below(1_000_000, *things) < np.asarray(millionths)

    def pick(self, weights: Sequence[int], *things: Whole) -> NDArray[np.int64]:
        """Indices of `weights`, each drawn with its share of their sum."""
        edges = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.searchsorted(edges, self.below(int(edges[-1]), *things), side="right")

    def order(self, count: Whole, index: Whole, *things: Whole) -> NDArray[np.int64]:
        """Where `index` comes in an order of [0, `count`) that `things` decide: no two alike.

        So whatever is scarce (a table, a seat, a room) is given to one only, and nobody needs to
        know of the others. `count` below 2**31.
        """
        size = np.asarray(count).astype(np.int64)
        factor, shift = self._steps(size, *things)
        return (factor * np.asarray(index).astype(np.int64) + shift) % size

    def index_at(self, count: int, place: Whole, *things: int) -> NDArray[np.int64]:
        """Which index comes at `place` in the order of `order`."""
        factor, shift = self._steps(np.asarray(count), *things)
        back = pow(int(factor[0]), -1, count)
        return (np.asarray(place).astype(np.int64) - shift) % count * back % count

    def _steps(
        self, size: NDArray[np.int64], *things: Whole
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        words = self.words(*things)
        factor = _PRIMES[(words >> np.uint64(59)).astype(np.int64)] % size
        shift = ((words & np.uint64(0xFFFFFFFF)) * size.astype(np.uint64)) >> np.uint64(32)
        return factor, shift.astype(np.int64)


def further(words: Words, number: int) -> Words:
    """Other words, independent of `words`, for the draw `number` (from 1) of the same thing."""
    with np.errstate(over="ignore"):
        return _mixed(words + np.uint64(number) * _GOLDEN)


def bits(words: Words, nth: int) -> NDArray[np.int64]:
    """The `nth` (0 to 3) sixteen bits of each word: independent draws below 65,536."""
    return ((words >> np.uint64(16 * nth)) & np.uint64(0xFFFF)).astype(np.int64)


def part(words: Words, nth: int, limit: Whole) -> NDArray[np.int64]:
    """A whole number in [0, `limit`) from the `nth` sixteen bits; `limit` far below 65,536."""
    told: NDArray[np.int64] = (bits(words, nth) * np.asarray(limit)) >> 16
    return told
