"""A column read value by value, each distinct one once; what a fast reader takes is spared that."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import Text
from ringfence.sources.normalise.model import Normalised
from ringfence.sources.reasons import RefusedError
from ringfence.sources.spreading import faults_of_rows

Read = Callable[[str], str | None]
"""The normal form of one text, None where it says nothing; raises RefusedError."""

Fast = Callable[[pa.StringArray], tuple[pa.BooleanArray, pa.StringArray]]
"""Which values are taken at once, and their normal forms (anything where not taken)."""

_NOTHING = pa.scalar(None, pa.string())


def as_strings(values: pa.Array | pa.ChunkedArray) -> pa.StringArray:
    """Any column of text as one plain array."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return values if pa.types.is_string(values.type) else values.cast(pa.string())


def read_column(values: pa.StringArray, read: Read, fast: Fast | None = None) -> Normalised:
    if fast is None or not len(values):
        return _of_distinct(values, read)
    taken, made = fast(values)
    if pc.all(taken).as_py():
        return Normalised(made)
    left = pc.invert(taken)
    slow = _of_distinct(values.filter(left), read)
    merged = pc.replace_with_mask(made, left, slow.values)
    if not slow.faults:
        return Normalised(merged)
    rows = pc.indices_nonzero(left).to_numpy(zero_copy_only=False)
    return Normalised(merged, {int(rows[at]): reason for at, reason in slow.faults.items()})


def _of_distinct(values: pa.StringArray, read: Read) -> Normalised:
    encoded = values.dictionary_encode()
    made: list[str | None] = []
    faults: dict[int, Text] = {}
    for at, text in enumerate(encoded.dictionary.to_pylist()):
        try:
            made.append(read(text))
        except RefusedError as refused:
            made.append(None)
            faults[at] = refused.reason
    spread = pa.array(made, pa.string()).take(encoded.indices)
    return Normalised(spread, faults_of_rows(faults, encoded.indices))
