"""A column of a file becomes what the lake stores, with a fault for each value it cannot take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import Text
from ringfence.records import Column, Kind
from ringfence.sources import reasons
from ringfence.sources.fast import read_fast
from ringfence.sources.frame import Frame
from ringfence.sources.reasons import RefusedError
from ringfence.sources.spreading import faults_of_rows
from ringfence.sources.typed import read_typed
from ringfence.sources.values import Value, read_value


@dataclass(frozen=True)
class Converted:
    """What the lake stores of a column (a moment: two arrays), and why some values are refused."""

    arrays: tuple[pa.Array, ...]
    faults: dict[int, Text] = field(default_factory=dict)


def absent(column: Column, rows: int) -> Converted:
    """An optional column that the file does not have."""
    return Converted(tuple(pa.nulls(rows, kind) for _, kind in column.stored))


def convert(column: Column, values: pa.Array, frame: Frame) -> Converted:
    """Any array that `header` lets through: strings, a dictionary of them, or the fitting type."""
    if pa.types.is_dictionary(values.type):
        return _of_dictionary(column, values, frame)
    if pa.types.is_large_string(values.type) or pa.types.is_string_view(values.type):
        values = values.cast(pa.string())
    if pa.types.is_string(values.type):
        return _of_strings(column, values, frame)
    if column.kind is Kind.KEY:
        return _of_strings(column, values.cast(pa.string()), frame)
    if pa.types.is_floating(values.type):
        values = values.cast(pa.float64())
        values = pc.if_else(pc.is_nan(values), pa.scalar(None, pa.float64()), values)
    arrays, faults = read_typed(column, values, frame)
    return Converted(arrays, _with_empty(column, values, faults))


def _with_empty(column: Column, values: pa.Array, faults: dict[int, Text]) -> dict[int, Text]:
    if values.null_count and not column.may_be_empty:
        empty = pc.indices_nonzero(pc.is_null(values)).to_pylist()
        return faults | dict.fromkeys(empty, reasons.EMPTY)
    return faults


def _of_strings(column: Column, strings: pa.StringArray, frame: Frame) -> Converted:
    if strings.null_count:
        strings = pc.fill_null(strings, "")
    if not len(strings):
        return absent(column, 0)
    fast = read_fast(column, strings, frame)
    if fast is None:
        return _of_dictionary(column, strings.dictionary_encode(), frame)
    taken, values = fast
    left = pc.invert(taken)
    if not pc.any(left).as_py():
        return Converted((values,))
    places = pc.indices_nonzero(left)
    slow = _of_distinct(column, strings.take(places).dictionary_encode(), frame)
    patched = pc.replace_with_mask(values, left, slow.arrays[0])
    rows = places.to_pylist()
    return Converted((patched,), {rows[index]: fault for index, fault in slow.faults.items()})


def _of_dictionary(column: Column, encoded: pa.DictionaryArray, frame: Frame) -> Converted:
    """Values that repeat are read once. A null stands for an empty value."""
    if encoded.null_count:
        encoded = _null_as_empty(encoded)
    words = encoded.dictionary
    if read_fast(column, words.cast(pa.string()).slice(0, 0), frame) is None:
        return _of_distinct(column, encoded, frame)
    return _spread(_of_strings(column, words.cast(pa.string()), frame), encoded.indices)


def _null_as_empty(encoded: pa.DictionaryArray) -> pa.DictionaryArray:
    words = pa.concat_arrays([encoded.dictionary.cast(pa.string()), pa.array([""])])
    indices = pc.fill_null(encoded.indices.cast(pa.int64()), len(words) - 1)
    return pa.DictionaryArray.from_arrays(indices, words)


def _of_distinct(column: Column, encoded: pa.DictionaryArray, frame: Frame) -> Converted:
    """The exact reading, once for each distinct value."""
    values: list[Value] = []
    faults: dict[int, Text] = {}
    for index, text in enumerate(encoded.dictionary.to_pylist()):
        try:
            values.append(read_value(column, text or "", frame))
        except RefusedError as refused:
            values.append(None)
            faults[index] = refused.reason
    return _spread(Converted(_as_stored(column, values), faults), encoded.indices)


def _as_stored(column: Column, values: Sequence[Value]) -> tuple[pa.Array, ...]:
    kinds = [kind for _, kind in column.stored]
    if column.kind is not Kind.MOMENT:
        return (pa.array(values, kinds[0]),)
    pairs = [value if isinstance(value, tuple) else (None, None) for value in values]
    return (
        pa.array([instant for instant, _ in pairs], kinds[0]),
        pa.array([precision for _, precision in pairs], kinds[1]),
    )


def _spread(distinct: Converted, indices: pa.Array) -> Converted:
    """From one entry a distinct value to one entry a row."""
    arrays = tuple(array.take(indices) for array in distinct.arrays)
    return Converted(arrays, faults_of_rows(distinct.faults, indices))
