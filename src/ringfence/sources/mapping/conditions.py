"""For which rows a condition of a mapping holds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ringfence.sources.mapping.model import EMPTY, FILLED, Condition

Mask = NDArray[np.bool_]


def holds(condition: Condition, values: Mapping[str, pa.StringArray], rows: int) -> Mask:
    """A field without a value has no word, and is `empty`."""
    found = np.ones(rows, dtype=bool)
    for name, tests in condition.tests.items():
        found &= _passes(values[name], tests)
    return found


def _passes(values: pa.StringArray, tests: tuple[str, ...]) -> Mask:
    passed = np.zeros(len(values), dtype=bool)
    if FILLED in tests:
        passed |= as_mask(pc.is_valid(values))
    if EMPTY in tests:
        passed |= as_mask(pc.is_null(values))
    words = [test for test in tests if test not in (FILLED, EMPTY)]
    if words:
        passed |= as_mask(pc.is_in(values, value_set=pa.array(words, pa.string())))
    return passed


def as_mask(values: pa.BooleanArray) -> Mask:
    mask: Mask = values.to_numpy(zero_copy_only=False).astype(bool, copy=False)
    return mask
