"""Texts of one length as rows of bytes, so that numpy reads them a column of signs at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Bytes = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]


def lengths_and_starts(values: pa.StringArray) -> tuple[Rows, Rows, Bytes]:
    """Length in bytes and first byte of each value, and all bytes. A null has length -1."""
    buffers = values.buffers()
    ends = np.frombuffer(buffers[1], dtype=np.int32)[
        values.offset : values.offset + len(values) + 1
    ]
    starts = ends[:-1].astype(np.int64)
    lengths = ends[1:].astype(np.int64) - starts
    if values.null_count:
        lengths[values.is_null().to_numpy(zero_copy_only=False)] = -1
    held = b"" if buffers[2] is None else buffers[2]
    return lengths, starts, np.frombuffer(held, dtype=np.uint8)


def bytes_of_length(values: pa.StringArray, length: int) -> tuple[Rows, Bytes]:
    """Which values have this many bytes, and these bytes, a row each (a copy)."""
    lengths, starts, held = lengths_and_starts(values)
    rows = np.flatnonzero(lengths == length)
    if not len(rows):
        return rows, np.zeros((0, length), dtype=np.uint8)
    return rows, held[starts[rows][:, None] + np.arange(length)]
