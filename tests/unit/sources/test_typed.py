"""Parquet columns that come with a type."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from ringfence.records import TABLES
from ringfence.sources import reasons
from ringfence.sources.columns import Converted, convert
from ringfence.sources.frame import Frame
from ringfence.sources.typed import fits

FRAME = Frame(ZoneInfo("Asia/Shanghai"), datetime(2022, 7, 20, tzinfo=UTC))


def read(table: str, column: str, values: pa.Array) -> Converted:
    assert fits(TABLES[table].column(column), values.type)
    return convert(TABLES[table].column(column), values, FRAME)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "+08:00"])
def test_timestamps_of_any_unit_and_zone(unit: str, zone: str) -> None:
    moments = [datetime(2022, 7, 1, tzinfo=UTC), None, datetime(2022, 7, 22, 0, 0, 1, tzinfo=UTC)]
    converted = read("link", "start", pa.array(moments, pa.timestamp(unit, zone)))
    assert converted.arrays[0].to_pylist() == [datetime(2022, 7, 1, tzinfo=UTC), None, None]
    assert converted.faults == {2: reasons.IN_THE_FUTURE}


def test_a_timestamp_before_1900_is_refused() -> None:
    moments = pa.array([datetime(1899, 12, 31, tzinfo=UTC)], pa.timestamp("us", "UTC"))
    assert read("presence", "start", moments).faults == {0: reasons.TOO_EARLY}


def test_a_null_where_a_value_is_needed_is_named() -> None:
    converted = read("presence", "start", pa.array([None], pa.timestamp("us", "UTC")))
    assert converted.faults == {0: reasons.EMPTY}


def test_days_are_moments_of_day_precision() -> None:
    converted = read("test", "sampled", pa.array([date(2022, 7, 1)], pa.date32()))
    assert converted.arrays[0].to_pylist() == [datetime(2022, 6, 30, 16, tzinfo=UTC)]
    assert converted.arrays[1].to_pylist() == ["day"]


def test_whole_numbers_may_be_keys() -> None:
    converted = read("presence", "subject", pa.array([7, 13800138000], pa.int64()))
    assert converted.arrays[0].to_pylist() == ["7", None]
    assert converted.faults == {1: reasons.PHONE}


@pytest.mark.parametrize(
    "values",
    [
        pa.array([1.5, None, float("nan"), float("inf"), -1.0]),
        pa.array([1.5, None, float("nan"), float("inf"), -1.0], pa.float32()),
    ],
)
def test_numbers_that_are_not_finite(values: pa.Array) -> None:
    converted = read("encounter", "distance_m", values)
    assert converted.arrays[0].to_pylist() == [1.5, None, None, None, None]
    assert converted.faults == {3: reasons.NOT_A_NUMBER, 4: reasons.NEGATIVE}


def test_decimals_and_large_whole_numbers() -> None:
    distances = pa.array([Decimal("1.50"), Decimal("-1.50")], pa.decimal128(6, 2))
    assert read("encounter", "distance_m", distances).faults == {1: reasons.NEGATIVE}
    stops = read("stop", "seq", pa.array([3, 2**64 - 1], pa.uint64()))
    assert stops.arrays[0].to_pylist() == [3, None]
    assert list(stops.faults) == [1]


def test_truths_and_lists() -> None:
    assert read("presence", "mask", pa.array([True, None])).arrays[0].to_pylist() == [True, None]
    lists = pa.array([["c1"], ["13800138000"], None], pa.list_(pa.string()))
    converted = read("area", "cases", lists)
    assert converted.arrays[0].to_pylist() == [["c1"], None, None]
    assert converted.faults == {1: reasons.PHONE, 2: reasons.EMPTY}


@pytest.mark.parametrize(
    ("table", "column", "kind"),
    [
        ("presence", "start", pa.timestamp("us")),
        ("presence", "start", pa.date32()),
        ("presence", "start", pa.int64()),
        ("presence", "subject", pa.binary()),
        ("presence", "subject", pa.float64()),
        ("vaccination", "date", pa.timestamp("us", "UTC")),
        ("stop", "seq", pa.float64()),
        ("area", "cases", pa.list_(pa.int64())),
    ],
)
def test_types_that_do_not_fit(table: str, column: str, kind: pa.DataType) -> None:
    assert not fits(TABLES[table].column(column), kind)
