"""Keys of persons, places and grids as Arrow dictionary arrays: no string per row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ringfence_city.truth.city import KINDS, City, Int32


def _digits(numbers: Int32, width: int) -> pa.Array:
    told = pc.cast(pa.array(numbers), pa.string())
    return pc.utf8_lpad(told, width, "0") if width else told


def subject_keys(persons: Int32) -> pa.Array:
    """Keys of `persons`, one string each: the dictionary for columns of subjects."""
    return pc.binary_join_element_wise("p", _digits(persons, 8), "")


def place_keys(city: City, places: Int32) -> pa.Array:
    """Keys of `places`, one string each: the dictionary for columns of places."""
    words = pa.array(KINDS).take(pa.array(city.places.kind[places]))
    return pc.binary_join_element_wise(words, _digits(places, 0), "-")


def coded(numbers: NDArray[np.integer], dictionary: pa.Array) -> pa.DictionaryArray:
    """A dictionary column of `numbers` (indices into `dictionary`; negative: missing)."""
    missing = np.asarray(numbers) < 0
    indices = pa.array(np.asarray(numbers, dtype=np.int32), mask=missing)
    return pa.DictionaryArray.from_arrays(indices, dictionary)
