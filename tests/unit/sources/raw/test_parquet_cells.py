"""Parquet as text cells: no zone where there was none, no `.0` on whole numbers."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.sources.raw.delivering import read, refused

from ringfence.errors import UserError


def parquet(table: pa.Table, **options: Any) -> bytes:
    made = io.BytesIO()
    pq.write_table(table, made, **options)
    return made.getvalue()


def cell(value: Any, kind: pa.DataType | None = None) -> str | None:
    table = pa.table({"a": pa.array([value, None], kind), "b": ["x", "y"]})
    got = read(parquet(table))
    assert got.rows[2]["a"] is None
    return got.rows[1]["a"]


MOMENT = dt.datetime.fromisoformat("2022-09-19T08:30:15.500")


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("张三", pa.string(), "张三"),
        ("", pa.string(), None),
        ("x", pa.large_string(), "x"),
        ("x", pa.dictionary(pa.int8(), pa.string()), "x"),
        (110105194912310021, pa.int64(), "110105194912310021"),
        (2**64 - 1, pa.uint64(), "18446744073709551615"),
        (1.0, pa.float64(), "1"),
        (0.1, pa.float64(), "0.1"),
        (float("nan"), pa.float64(), None),
        (1.10105e17, pa.float64(), "1.10105E+17"),
        (Decimal("1.50"), pa.decimal128(10, 2), "1.50"),
        (True, pa.bool_(), "true"),
        (MOMENT, pa.timestamp("us"), "2022-09-19T08:30:15"),
        (MOMENT, pa.timestamp("ns"), "2022-09-19T08:30:15"),
        (MOMENT, pa.timestamp("s", "UTC"), "2022-09-19T08:30:15Z"),
        (MOMENT, pa.timestamp("ms", "Asia/Shanghai"), "2022-09-19T08:30:15Z"),
        (dt.date(2022, 9, 19), pa.date32(), "2022-09-19"),
        (dt.time(8, 30), pa.time64("us"), "08:30:00"),
        (["a", "b"], pa.list_(pa.string()), "a;b"),
        (["a;b"], pa.list_(pa.string()), '["a;b"]'),
        ({"k": "张"}, pa.struct([("k", pa.string())]), '{"k": "张"}'),
    ],
)
def test_cells_as_text(value: Any, kind: pa.DataType, text: str | None) -> None:
    if isinstance(kind, pa.TimestampType) and kind.tz is not None:
        value = value.replace(tzinfo=dt.UTC)
    assert cell(value, kind) == text


def test_blank_rows_are_no_rows_and_keep_the_numbers() -> None:
    table = pa.table({"a": [None, "x", ""], "b": [None, None, None]})
    assert read(parquet(table)).rows == {2: {"a": "x", "b": None}}


def test_numbers_of_rows_over_row_groups() -> None:
    table = pa.table({"a": [str(i) for i in range(1, 1001)]})
    got = read(parquet(table, row_group_size=7))
    assert list(got.rows.items()) == [(i, {"a": str(i)}) for i in range(1, 1001)]


def test_a_footer_that_would_abort_the_program_is_damaged() -> None:
    """A required column with the histogram of an optional one: an exception that pyarrow lets
    escape where a column of the footer is looked at, and catches where pages are read."""
    sound = parquet(pa.table({"a": ["x", None], "b": ["y", "z"]}))
    optional, required = b"\x25\x02\x18\x01a", b"\x25\x00\x18\x01a"
    assert sound.count(optional) == 1
    refused(sound.replace(optional, required), "damaged")


def test_columns_of_one_name_and_none() -> None:
    same = pa.Table.from_arrays([pa.array(["x"]), pa.array(["y"])], names=["a", "a"])
    assert "columns 1 and 2 have the same name" in refused(parquet(same))
    unnamed = pa.Table.from_arrays([pa.array(["x"]), pa.array(["y"])], names=["", "a"])
    assert "has a column without a name" in refused(parquet(unnamed))


def test_columns_are_called_as_in_any_other_file() -> None:
    """Without the blanks around a name, both where columns are listed and in the rows."""
    got = read(parquet(pa.table({" 姓名\n": ["x"], "b\x0c": ["y"]})))
    assert got.raw.found[0].columns == ("姓名", "b")
    assert got.rows == {1: {"姓名": "x", "b": "y"}}


@pytest.mark.parametrize("share", [0.2, 0.9, 0.99])
def test_truncated(share: float) -> None:
    content = parquet(pa.table({"a": ["x"] * 1000}))
    assert "is not a whole Parquet file" in refused(content[: int(len(content) * share)])


def test_name_says_parquet_and_bytes_do_not() -> None:
    assert "is not a whole Parquet file" in refused(b"a,b\n", "a.parquet")
    assert "is not a whole Parquet file" in refused(b"a,b\n", format="parquet")


@settings(max_examples=60)
@given(st.data())
def test_damaged_parquet_gives_rows_or_a_message(data: st.DataObject) -> None:
    table = pa.table({"a": ["x", "张", None], "b": [1.5, 2, None], "c": [dt.date(2022, 1, 1)] * 3})
    content = bytearray(parquet(table))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        read(bytes(content), "a.parquet")
    except UserError as error:
        assert error.text.en
        assert error.text.zh
