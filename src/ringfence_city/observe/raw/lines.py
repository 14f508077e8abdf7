"""Rows of text from columns, all rows at once: no string is made by hand for a row."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence_city.clock import moment
from ringfence_city.observe.rows import Numbers
from ringfence_city.parameters import Parameters


def texts(numbers: Numbers | range, width: int = 0) -> pa.StringArray:
    """Whole numbers, with zeros in front up to `width`."""
    told = pc.cast(pa.array(np.asarray(numbers)), pa.string())
    return pc.utf8_lpad(told, width, "0") if width else told


def plain(column: pa.Array) -> pa.StringArray:
    """A dictionary column as one string a row."""
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def times(asked: Parameters, minutes: Numbers, form: str) -> pa.StringArray:
    """Local times in a strftime form; a file has few different minutes."""
    used, inverse = np.unique(np.asarray(minutes, dtype=np.int64), return_inverse=True)
    told = [moment(asked, minute).strftime(form) for minute in used.tolist()]
    return pa.array(told, pa.string()).take(pa.array(inverse))


def dates(asked: Parameters, days: Numbers, form: str) -> pa.StringArray:
    used, inverse = np.unique(np.asarray(days, dtype=np.int64), return_inverse=True)
    told = [(asked.first_day + timedelta(days=day)).strftime(form) for day in used.tolist()]
    return pa.array(told, pa.string()).take(pa.array(inverse))


def quoted(column: pa.Array) -> pa.StringArray:
    """As JSON writes it; the city's words need no escapes."""
    told = pc.binary_join_element_wise('"', plain(column), '"', "")
    return pc.fill_null(told, "null")


def joined(*pieces: pa.Array | str) -> pa.StringArray:
    return pc.binary_join_element_wise(*pieces, "", null_handling="replace", null_replacement="")


def cells(*columns: pa.Array | str, comma: str = ",", end: str = "\r\n") -> pa.StringArray:
    """One line a row; no cell of the city's needs quoting. A null is an empty cell."""
    pieces: list[pa.Array | str] = []
    for column in columns:
        pieces += [plain(column) if isinstance(column, pa.Array) else column, comma]
    return joined(*pieces[:-1], end)


def content(rows: pa.StringArray) -> bytes:
    """All rows one after the other: what the array holds already."""
    if not len(rows):
        return b""
    offsets = np.frombuffer(rows.buffers()[1], dtype=np.int32)
    first, last = int(offsets[rows.offset]), int(offsets[rows.offset + len(rows)])
    return memoryview(rows.buffers()[2])[first:last].tobytes()
