"""Columns of a Parquet file that already have a type: what fits, and what each value must obey."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import Text
from ringfence.records import INSTANT, Column, Kind
from ringfence.sources import reasons
from ringfence.sources.fast import cut_to_seconds, first_instant, within_bounds
from ringfence.sources.frame import Frame
from ringfence.sources.reasons import RefusedError
from ringfence.sources.values import check_words

Read = tuple[tuple[pa.Array, ...], dict[int, Text]]


def is_text(kind: pa.DataType) -> bool:
    types = pa.types
    if types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _is_text_list(kind: pa.DataType) -> bool:
    return (pa.types.is_list(kind) or pa.types.is_large_list(kind)) and is_text(kind.value_type)


def _is_zoned(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) and kind.tz is not None


def fits(column: Column, kind: pa.DataType) -> bool:
    """Whether a Parquet column of this type can hold the column (text always can)."""
    types = pa.types
    if is_text(kind) or types.is_null(kind):
        return True
    tests: dict[Kind, Callable[[], bool]] = {
        Kind.KEY: lambda: types.is_integer(kind),
        Kind.WORDS: lambda: _is_text_list(kind),
        Kind.INSTANT: lambda: _is_zoned(kind),
        Kind.MOMENT: lambda: _is_zoned(kind) or types.is_date(kind),
        Kind.DATE: lambda: types.is_date(kind),
        Kind.WHOLE: lambda: types.is_integer(kind),
        Kind.NUMBER: lambda: (
            types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
        ),
        Kind.TRUTH: lambda: types.is_boolean(kind),
    }
    test = tests.get(column.kind)
    return test is not None and bool(test())


def read_typed(column: Column, values: pa.Array, frame: Frame) -> Read:
    """Values of a type that `fits`; nulls stay null and are judged by the caller."""
    if pa.types.is_null(values.type):
        return tuple(pa.nulls(len(values), kind) for _, kind in column.stored), {}
    return _READERS[column.kind](column, values, frame)


def _instants(column: Column, values: pa.Array, frame: Frame) -> Read:
    instants, faults = _in_range(column, values, frame)
    return (instants,), faults


def _in_range(column: Column, values: pa.Array, frame: Frame) -> tuple[pa.Array, dict[int, Text]]:
    unit = values.type.unit
    early = pc.less(values, first_instant().cast(values.type))
    latest = pa.scalar(frame.latest(column.tense), INSTANT)
    late = pc.greater(values, latest.cast(values.type))
    faults = _where(early, reasons.TOO_EARLY) | _where(late, reasons.too_late(column.tense))
    if faults:
        wrong = pc.fill_null(pc.or_(early, late), False)
        values = pc.if_else(wrong, pa.scalar(None, values.type), values)
    if unit == "ns":
        values = values.cast(INSTANT, safe=False)
    return cut_to_seconds(values.cast(INSTANT)), faults


def _where(wrong: pa.BooleanArray, reason: Text) -> dict[int, Text]:
    if not pc.any(wrong).as_py():
        return {}
    return dict.fromkeys(pc.indices_nonzero(wrong).to_pylist(), reason)


def _days(column: Column, values: pa.Array, frame: Frame) -> Read:
    days = values.cast(pa.date32())
    early = pc.less(days, pa.scalar(first_instant().as_py().date(), pa.date32()))
    late = pc.greater(days, pa.scalar(frame.latest_day(column.tense), pa.date32()))
    late_reason = reasons.too_late(column.tense)
    return (days,), _where(early, reasons.TOO_EARLY) | _where(late, late_reason)


def _moments(column: Column, values: pa.Array, frame: Frame) -> Read:
    if pa.types.is_timestamp(values.type):
        instants, faults = _in_range(column, values, frame)
        return (instants, _precision(instants, "instant")), faults
    (days,), faults = _days(column, values, frame)
    encoded = days.dictionary_encode()
    starts = [
        None if day is None else frame.day_start(day) for day in encoded.dictionary.to_pylist()
    ]
    instants = pa.array(starts, INSTANT).take(encoded.indices)
    return (instants, _precision(instants, "day")), faults


def _precision(instants: pa.Array, word: str) -> pa.StringArray:
    return pc.if_else(pc.is_valid(instants), pa.scalar(word), pa.scalar(None, pa.string()))


def _numbers(column: Column, values: pa.Array, _: Frame) -> Read:
    numbers = values.cast(pa.float64(), safe=False)
    outside = pc.and_not(pc.is_valid(numbers), within_bounds(column, numbers))
    faults = _where(outside, reasons.out_of_bounds(column))
    if column.least == 0:
        negative = pc.and_(outside, pc.fill_null(pc.less(numbers, 0), False))
        faults |= _where(negative, reasons.NEGATIVE)
    faults |= _where(pc.invert(pc.is_finite(numbers)), reasons.NOT_A_NUMBER)
    if faults:
        values = pc.if_else(outside, pa.scalar(None, values.type), values)
    return (values.cast(column.stored[0][1]),), faults


def _truths(_column: Column, values: pa.Array, _frame: Frame) -> Read:
    return (values,), {}


def _word_lists(column: Column, values: pa.Array, _: Frame) -> Read:
    read: list[list[str] | None] = []
    faults: dict[int, Text] = {}
    lists: list[Any] = values.to_pylist()
    for row, parts in enumerate(lists):
        try:
            read.append(None if parts is None else check_words(column, [p or "" for p in parts]))
        except RefusedError as refused:
            read.append(None)
            faults[row] = refused.reason
    return (pa.array(read, pa.list_(pa.string())),), faults


_READERS: dict[Kind, Callable[[Column, pa.Array, Frame], Read]] = {
    Kind.INSTANT: _instants,
    Kind.MOMENT: _moments,
    Kind.DATE: _days,
    Kind.NUMBER: _numbers,
    Kind.WHOLE: _numbers,
    Kind.TRUTH: _truths,
    Kind.WORDS: _word_lists,
}
