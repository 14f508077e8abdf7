"""The vectorised reading and the exact one agree, whatever the values and however they come."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.errors import Text
from ringfence.records import TABLES, Column, Kind
from ringfence.sources.columns import Converted, convert
from ringfence.sources.fast import read_fast
from ringfence.sources.frame import SECOND, Frame
from ringfence.sources.reasons import RefusedError
from ringfence.sources.values import IDENTITY_FREE, Value, read_value

FRAME = Frame(ZoneInfo("Asia/Shanghai"), datetime(2022, 7, 20, tzinfo=UTC))
COLUMNS = {
    f"{table.name}.{column.name}": column
    for table in TABLES.values()
    for column in table.lake_columns
}
# One column for each way of being declared, apart from its name and its words.
SHAPES = {
    (c.kind, c.may_be_empty, c.tense, c.subject_key, c.least, c.name in IDENTITY_FREE): name
    for name, c in COLUMNS.items()
}

years = st.sampled_from(["0020", "1899", "1900", "1999", "2000", "2020", "2021", "2022", "2102"])
two = st.integers(0, 61).map(lambda n: f"{n:02d}")
days = st.builds(lambda y, m, d: f"{y}-{m}-{d}", years, two, two)
clocks = st.builds(
    lambda h, m, rest: f"{h}:{m}{rest}", two, two, st.sampled_from(["", ":00", ":59.5", ":60"])
)
offsets = st.sampled_from(
    ["", "Z", "z", "+08:00", "+0800", "+08", "-13:59", "+14:00", "+14:01", "+08:60", "+8", " +08"]
)
instants = st.builds(
    lambda d, sep, c, o: f"{d}{sep}{c}{o}",
    days,
    st.sampled_from(["T", " ", "t", ""]),
    clocks,
    offsets,
)
keys = st.text(st.sampled_from('aZ_09-. :/#()·@=+汉é\u00a0\t"（'), max_size=12)
numbers = st.text(st.sampled_from("0123456789-+."), max_size=20)
digits = st.builds(
    lambda head, tail: head + tail,
    st.sampled_from(["", "A", "ABC", "ABCD", "+", "+86", "0086", "86", "1380", "110105194912"]),
    st.text(st.sampled_from("0123456789X-"), max_size=18),
)
words = st.sampled_from(
    ["", " ", "unknown", "Unknown", "UNKNOWN ", "true", "是", "staff", "Staff", "home", "confirmed"]
)
values = st.one_of(instants, days, keys, numbers, digits, words, st.text(max_size=8))


def exact(column: Column, text: str) -> Value | Text:
    try:
        return read_value(column, text, FRAME)
    except RefusedError as refused:
        return refused.reason


def as_read(column: Column, converted: Converted, row: int) -> Any:
    if row in converted.faults:
        assert all(not array[row].is_valid for array in converted.arrays)
        return converted.faults[row]
    if column.kind in (Kind.INSTANT, Kind.MOMENT):
        instant = converted.arrays[0].cast(pa.int64())[row].as_py()
        if instant is None or column.kind is Kind.INSTANT:
            return instant
        return instant, converted.arrays[1][row].as_py()
    return converted.arrays[0][row].as_py()


@pytest.mark.parametrize("name", sorted(SHAPES.values()))
@settings(max_examples=60)
@given(texts=st.lists(values, min_size=1, max_size=20))
def test_vectorised_and_exact_reading_agree(name: str, texts: list[str]) -> None:
    column = COLUMNS[name]
    expected = [exact(column, text) for text in texts]
    for given_as in (
        pa.array(texts, pa.string()),
        pa.array(texts, pa.large_string()),
        pa.array(texts, pa.string()).dictionary_encode(),
    ):
        converted = convert(column, given_as, FRAME)
        assert [as_read(column, converted, row) for row in range(len(texts))] == expected


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_a_null_is_an_empty_value(name: str) -> None:
    column = COLUMNS[name]
    nothing = pa.array([None, None], pa.string())
    for given_as in (nothing, nothing.dictionary_encode(), pa.nulls(2)):
        converted = convert(column, given_as, FRAME)
        assert bool(converted.faults) is not column.may_be_empty


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("presence.subject", "s0000123"),
        ("presence.subject", "550e8400-e29b-41d4-a716-446655440000"),
        ("presence.place", "朝阳路 12-3 #4"),
        ("presence.start", "2022-07-01T08:00:00+08:00"),
        ("presence.start", "2020-02-29 08:00Z"),
        ("presence.zone", ""),
        ("encounter.distance_m", "1.25"),
        ("place.name", "老王烧烤"),
    ],
)
def test_what_is_common_is_read_fast(name: str, text: str) -> None:
    fast = read_fast(COLUMNS[name], pa.array([text]), FRAME)
    assert fast is not None
    assert fast[0].to_pylist() == [True]


@given(st.integers(-2_000_000_000_000_000, 1_658_000_000_000_000))
def test_fractions_are_cut_towards_the_past(microseconds: int) -> None:
    start = TABLES["presence"].column("start")
    given_as = pa.array([microseconds], pa.timestamp("us", "UTC"))
    converted = convert(start, given_as, FRAME)
    assert as_read(start, converted, 0) == microseconds // SECOND * SECOND
