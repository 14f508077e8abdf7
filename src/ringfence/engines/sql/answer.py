"""Judged overlaps as the ANSWER of an engine."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from ringfence.engines.question import ANSWER
from ringfence.engines.sql.rules import FACT_BITS, flag_bits
from ringfence.protocols.model import Rule


def answer(judged: pa.Table | None, rules: Sequence[Rule]) -> pa.Table:
    """ANSWER from the columns of rules.judged; None: nobody."""
    if judged is None:
        return ANSWER.empty_table()
    facts = {bit: str(fact) for fact, bit in FACT_BITS.items()}
    flags = {bit: f"{name}_unknown" for name, bit in flag_bits(rules).items()}
    names = pa.array([rule.id for rule in rules], pa.string())
    made = {
        "rule": names.take(judged["rule"].combine_chunks().cast(pa.int64())),
        "open": _spelled(judged["open_bits"], facts),
        "flags": _spelled(judged["flag_bits"], flags),
    }
    columns = [made[f.name] if f.name in made else judged[f.name].cast(f.type) for f in ANSWER]
    return pa.Table.from_arrays(columns, schema=ANSWER)


def _spelled(bits: pa.ChunkedArray, words: dict[int, str]) -> pa.Array:
    """Lists of words, sorted, from sums of their bits."""
    coded = bits.combine_chunks().cast(pa.int64()).dictionary_encode()
    lists = [
        sorted(word for bit, word in words.items() if value & bit)
        for value in coded.dictionary.to_pylist()
    ]
    return pa.array(lists, pa.list_(pa.string())).take(coded.indices)
