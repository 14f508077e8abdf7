from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from ringfence.lake.ordering import Ranks, last_of_each, order_of
from ringfence.records import INSTANT

BEGIN = datetime(1969, 12, 31, tzinfo=UTC)
texts = st.one_of(st.none(), st.sampled_from(["", "a", "b", "ab", "é", "人", "Z"]))
moments = st.one_of(
    st.none(),
    st.integers(0, 200_000).map(lambda s: BEGIN + timedelta(seconds=s)),
    st.integers(0, 2).map(lambda us: BEGIN + timedelta(microseconds=us)),
)
numbers = st.one_of(st.none(), st.integers(-(2**40), 2**40))
degrees = st.one_of(st.none(), st.sampled_from([0.0, -0.0, 31.5, -31.25, 1e-9, 120.000_1]))
tables = st.lists(st.tuples(texts, moments, numbers, degrees), min_size=1, max_size=40)


def as_table(rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True))
    return pa.table(
        {
            "text": pa.array(columns[0], pa.string()),
            "moment": pa.array(columns[1], INSTANT),
            "number": pa.array(columns[2], pa.int64()),
            "degree": pa.array(columns[3], pa.float64()),
            "name": pa.array(columns[0], pa.string()).dictionary_encode(),
        }
    )


def plain(value: Any) -> tuple[bool, Any]:
    if value is None:
        return (True, 0)
    return (False, value.encode() if isinstance(value, str) else value)


@given(tables, st.permutations(["text", "moment", "number", "degree", "name"]))
def test_order_is_that_of_the_columns_one_after_the_other(
    rows: list[tuple[Any, ...]], columns: list[str]
) -> None:
    table = as_table(rows)
    given_rows = table.to_pylist()
    order = order_of(Ranks(table).words(columns)).to_pylist()
    wanted = sorted(given_rows, key=lambda row: [plain(row[c]) for c in columns])
    assert [given_rows[n] for n in order] == wanted


@given(tables)
def test_last_version_of_each_group(rows: list[tuple[Any, ...]]) -> None:
    table = as_table(rows).append_column("version", pa.array(range(len(rows)), pa.int64()))
    ranks = Ranks(table)
    kept = last_of_each(ranks.words(["text", "moment"]), ranks.words(["version"])).to_pylist()
    last = {(text, moment): number for number, (text, moment, *_) in enumerate(rows)}
    assert sorted(kept) == sorted(last.values())


def test_rows_that_are_all_alike() -> None:
    table = pa.table({"a": pa.array([1, 1, 1]), "b": pa.nulls(3, pa.string())})
    assert order_of(Ranks(table).words(["a", "b"])).to_pylist() == [0, 1, 2]
