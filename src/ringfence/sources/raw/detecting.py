"""What a delivered file looks like, as data: for a first mapping, and for a person who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from ringfence.sources.opening import Delivered
from ringfence.sources.raw.model import Form, Found, Part
from ringfence.sources.raw.reading import read_raw

SAMPLE = 1_000


@dataclass(frozen=True)
class Detected:
    """`sample`: the first rows of the part as text cells, with their row numbers; of an archive
    only the first part is sampled.
    """

    part: Part
    found: Found
    sample: Mapping[str, pa.StringArray]
    rows: pa.Int64Array
    rejected: int = 0


def detect(
    delivered: Delivered, form: Form | None = None, *, most: int = SAMPLE
) -> tuple[Detected, ...]:
    """One for each part. What `form` says is taken as said; the rest is found out."""
    raw = read_raw(delivered, form or Form(), _nobody)
    first = raw.parts[0]
    taken: list[Mapping[str, pa.StringArray]] = []
    rows: list[pa.Int64Array] = []
    count = rejected = 0
    for chunk in raw.chunks():
        if chunk.part != first or count >= most:
            break
        taken.append(
            {name: values.slice(0, most - count) for name, values in chunk.columns.items()}
        )
        rows.append(chunk.rows.slice(0, most - count))
        count += len(rows[-1])
        rejected += len(chunk.rejects)
    nothing = pa.array([], pa.string())
    sample = {
        name: pa.concat_arrays([part[name] for part in taken]) if taken else nothing
        for name in raw.found[first.number].columns
    }
    numbers = pa.concat_arrays(rows) if rows else pa.array([], pa.int64())
    return (
        Detected(first, raw.found[first.number], sample, numbers, rejected),
        *(
            Detected(part, raw.found[part.number], {}, pa.array([], pa.int64()))
            for part in raw.parts[1:]
        ),
    )


def _nobody(_: bytes) -> None:
    """Takes bytes that nobody waits for."""
