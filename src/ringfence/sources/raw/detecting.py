"""What a delivered file looks like, as data: for a first mapping, and for a person who asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from ringfence.sources.delivered import Delivered
from ringfence.sources.raw import formats
from ringfence.sources.raw.model import EVERY_SHEET, Form, Found, Given, Part
from ringfence.sources.raw.reading import read_raw

SAMPLE = 1_000
_TABLE = 3


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


def likely_sheets(delivered: Delivered, form: Form) -> tuple[str, ...]:
    """Visible sheets of a workbook whose header names several columns, the likeliest first; none
    where the file is no workbook. A cover often has two columns: what, and how much of it.
    """
    given = Given(delivered.file, delivered.name, form)
    if formats.find_format(given) != formats.XLSX:
        return ()
    everything = replace(form, sheet=EVERY_SHEET)
    raw = read_raw(delivered, everything, _nobody, takes=lambda names: _named(names) > 1)
    widths = {part.name: _named(raw.found[part.number].columns) for part in raw.parts}
    return tuple(sorted(widths, key=lambda name: widths[name] < _TABLE))


def _named(columns: Sequence[str]) -> int:
    return sum(bool(name.strip()) for name in columns)


def _nobody(_: bytes) -> None:
    """Takes bytes that nobody waits for."""
