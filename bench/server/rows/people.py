"""Who lives where in the city, and whom a case met: neighbours first, then anybody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

_NEAR, _FAR = 0.55, 0.30
"""Shares of a list that live in the case's grid or next to it, and in the same district."""
_STREET = 4_000
"""So many people, in the order of the register, are near."""

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class People:
    """In the order of the register, so that neighbours stand beside each other."""

    subjects: Sequence[str]
    grids: Sequence[str]

    def __len__(self) -> int:
        return len(self.subjects)

    def without(self, subjects: Collection[str]) -> People:
        left = [
            (subject, grid)
            for subject, grid in zip(self.subjects, self.grids, strict=True)
            if subject not in subjects
        ]
        return People([subject for subject, _ in left], [grid for _, grid in left])


def people_of(city: Path) -> People:
    files = str(city / "identity" / "subject" / "*.parquet")
    rows = duckdb.execute(
        f"SELECT subject, grid FROM read_parquet('{files}') WHERE grid IS NOT NULL ORDER BY subject"
    ).fetchall()
    return People([row[0] for row in rows], [row[1] for row in rows])


def met(people: People, case: int, size: int, chance: np.random.Generator) -> list[int]:
    """Places of so many people, each once."""
    everybody = len(people)
    size = min(size, everybody)
    found: dict[int, None] = {}
    while len(found) < size:
        wanted = size - len(found)
        near = case + chance.integers(-_STREET, _STREET, int(wanted * _NEAR) + 1)
        far = case + chance.integers(-20 * _STREET, 20 * _STREET, int(wanted * _FAR) + 1)
        anywhere = chance.integers(0, everybody, wanted)
        some: Places = np.concatenate([near, far, anywhere]) % everybody
        for one in some.tolist():
            if len(found) < size:
                found[one] = None
    return list(found)


def sizes(weights: Sequence[float], whole: int, chance: np.random.Generator) -> list[int]:
    """How long each list is: a few are long, and all together they name so many people."""
    drawn = chance.lognormal(0.0, 1.1, len(weights)) * np.asarray(weights)
    share = drawn / drawn.sum() * whole
    found = np.maximum(1, np.floor(share)).astype(int)
    short = whole - int(found.sum())
    if short > 0:
        found[int(np.argmax(found))] += short
    return [int(one) for one in found]
