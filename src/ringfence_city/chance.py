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
