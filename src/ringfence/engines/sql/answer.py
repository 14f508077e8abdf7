"""Judged overlaps as the ANSWER of an engine."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.engines.question import ANSWER
from ringfence.engines.sql.rules import FACT_BITS, flag_bits
from ringfence.protocols.model import Rule


def answer(
    settled: pa.Table, overlap: pa.Table, origins: pa.Table, rules: Sequence[Rule]
) -> pa.Table:
    """ANSWER from what judging.settled tells of overlaps, whose refs are rows of `origins`."""
    facts = {bit: str(fact) for fact, bit in FACT_BITS.items()}
    flags = {bit: f"{name}_unknown" for name, bit in flag_bits(rules).items()}
    names = pa.array([rule.id for rule in rules], pa.string())
    of = overlap.take(settled["overlap_id"])
    made = {
        "rule": names.take(settled["rule"].combine_chunks().cast(pa.int64())),
        "satisfied": settled["satisfied"],
        "end": settled["end"],
        "open": _spelled(settled["open_bits"], facts),
        "flags": _spelled(settled["flag_bits"], flags),
    }
    for side in ("focus", "other"):
        origin = origins.take(of[f"{side}_ref"].combine_chunks())
        made |= {f"{side}_batch": origin["batch"], f"{side}_row": origin["source_row"]}
    columns = [made[f.name] if f.name in made else of[f.name] for f in ANSWER]
    return pa.Table.from_arrays(
        [_as(c, f) for c, f in zip(columns, ANSWER, strict=True)], schema=ANSWER
    )


def _as(column: pa.Array | pa.ChunkedArray, field: pa.Field) -> pa.Array | pa.ChunkedArray:
    return column if column.type == field.type else pc.cast(column, field.type)


def _spelled(bits: pa.ChunkedArray, words: dict[int, str]) -> pa.Array:
    """Lists of words, sorted, from sums of their bits."""
    coded = bits.combine_chunks().cast(pa.int64()).dictionary_encode()
    lists = [
        sorted(word for bit, word in words.items() if value & bit)
        for value in coded.dictionary.to_pylist()
    ]
    return pa.array(lists, pa.list_(pa.string())).take(coded.indices)
