"""From one entry for each distinct value to one for each row."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import Text


def faults_of_rows(faults: Mapping[int, Text], indices: pa.Array) -> dict[int, Text]:
    """Why rows are refused, where `faults` tells it of values; `indices`: each row's value."""
    if not faults:
        return {}
    faulty = pc.is_in(indices, value_set=pa.array(list(faults), indices.type))
    rows = pc.indices_nonzero(faulty)
    which = indices.take(rows).to_pylist()
    return {row: faults[at] for row, at in zip(rows.to_pylist(), which, strict=True)}
