"""A chunk of a file becomes checked rows: columns first, then what the values say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import Text
from ringfence.lake.receipt import Reject
from ringfence.records import Kind, Table
from ringfence.sources import reasons
from ringfence.sources.columns import Converted, absent, convert
from ringfence.sources.frame import Frame

Arrays = dict[str, pa.Array]
Faults = dict[int, tuple[str, Text]]


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file: columns as read, their row numbers, and rows that cannot be split."""

    columns: Mapping[str, pa.Array]
    rows: pa.Int64Array
    rejects: tuple[Reject, ...] = ()


@dataclass(frozen=True)
class Checked:
    """Rows for the lake (stored columns and source_row), and the rows set aside, in order."""

    accepted: pa.RecordBatch
    rejects: tuple[Reject, ...] = field(default=())

    @property
    def rows_in(self) -> int:
        return int(self.accepted.num_rows) + len(self.rejects)


def check(table: Table, chunk: Chunk, frame: Frame) -> Checked:
    arrays: Arrays = {}
    faults: Faults = {}
    for column in table.lake_columns:
        values = chunk.columns.get(column.name)
        absent_here = values is None
        read = absent(column, len(chunk.rows)) if absent_here else convert(column, values, frame)
        _note(faults, column.name, read)
        if column.name in arrays:
            _settle_precision(table, arrays, read.arrays[0], faults, frame)
            continue
        names = (name for name, _ in column.stored)
        arrays.update(zip(names, read.arrays, strict=True))
    _check_together(table, arrays, faults, frame)
    if table.unordered:
        _put_in_order(arrays)
    arrays["source_row"] = chunk.rows
    batch = pa.RecordBatch.from_pydict(arrays)
    if not faults:
        return Checked(batch, chunk.rejects)
    numbers = chunk.rows.take(pa.array(list(faults), pa.int64())).to_pylist()
    found = [
        Reject(row, column, reason)
        for row, (column, reason) in zip(numbers, faults.values(), strict=True)
    ]
    rejects = tuple(sorted([*chunk.rejects, *found], key=lambda reject: reject.row))
    return Checked(_without(batch, faults), rejects)


def _without(batch: pa.RecordBatch, faults: Faults) -> pa.RecordBatch:
    faulty = pa.array(sorted(faults), pa.int64())
    wrong = pc.is_in(pa.array(range(batch.num_rows), pa.int64()), faulty)
    return batch.filter(pc.invert(wrong))


def _note(faults: Faults, name: str, read: Converted) -> None:
    for index, reason in read.faults.items():
        faults.setdefault(index, (name, reason))


def _note_where(faults: Faults, wrong: pa.BooleanArray, name: str, reason: Text) -> None:
    if pc.any(wrong).as_py():
        for index in pc.indices_nonzero(wrong).to_pylist():
            faults.setdefault(index, (name, reason))


def _settle_precision(
    table: Table, arrays: Arrays, given: pa.Array, faults: Faults, frame: Frame
) -> None:
    """Join the precision that a file states with the one that the form of its moment shows."""
    moment = next(c for c in table.columns if c.precision_column == "precision")
    shown = arrays["precision"]
    bare_day = pc.equal(shown, "day")
    finer = pc.is_in(given, pa.array(["minute", "instant"]))
    _note_where(
        faults, pc.fill_null(pc.and_(bare_day, finer), False), "precision", reasons.DAY_IS_DAY
    )
    arrays["precision"] = pc.coalesce(given, shown)
    to_day = pc.fill_null(pc.and_(pc.equal(shown, "instant"), pc.equal(given, "day")), False)
    if pc.any(to_day).as_py():
        instants = arrays[moment.name]
        numbers = instants.filter(to_day).cast(pa.int64()).to_pylist()
        days = [None if n is None else frame.day_start(frame.local_day(n)) for n in numbers]
        arrays[moment.name] = pc.replace_with_mask(instants, to_day, pa.array(days, instants.type))


def _check_together(table: Table, arrays: Arrays, faults: Faults, frame: Frame) -> None:
    if table.starts and table.ends:
        if table.column(table.ends).kind is Kind.MOMENT:
            _check_moments(table.starts, table.ends, arrays, faults, frame)
        else:
            wrong = pc.less_equal(arrays[table.ends], arrays[table.starts])
            _note_where(faults, pc.fill_null(wrong, False), table.ends, reasons.END_BEFORE_START)
    if table.unordered:
        same = pc.fill_null(pc.equal(arrays["subject_a"], arrays["subject_b"]), False)
        _note_where(faults, same, "subject_b", reasons.SAME_PERSON)
    if table.name == "ride":
        _check_stops(arrays, faults)
    if table.name == "place":
        _check_position(arrays, faults)
    if table.name == "fix" and frame.cases is not None:
        standing = pa.array(list(frame.cases()), pa.string())
        strange = pc.invert(pc.is_in(arrays["case"], value_set=standing))
        _note_where(faults, strange, "case", reasons.NO_CASE)


def _check_moments(starts: str, ends: str, arrays: Arrays, faults: Faults, frame: Frame) -> None:
    """An end that is a day ends with that day, so it may be the day of the start."""
    start, end = arrays[starts].cast(pa.int64()), arrays[ends].cast(pa.int64())
    ends_with_day = pc.equal(arrays[f"{ends}_precision"], "day")
    sooner = pc.fill_null(pc.less_equal(end, start), False)
    instants = pc.and_not(sooner, pc.fill_null(ends_with_day, False))
    _note_where(faults, instants, ends, reasons.END_BEFORE_START)
    doubtful = pc.and_(sooner, pc.fill_null(ends_with_day, False))
    if pc.any(doubtful).as_py():
        for index in pc.indices_nonzero(doubtful).to_pylist():
            day_after = frame.local_day(end[index].as_py()) + timedelta(days=1)
            if frame.day_start(day_after) <= start[index].as_py():
                faults.setdefault(index, (ends, reasons.END_IS_BEFORE))


def _check_stops(arrays: Arrays, faults: Faults) -> None:
    by_number = pc.and_(pc.is_valid(arrays["board_seq"]), pc.is_valid(arrays["alight_seq"]))
    by_station = pc.and_(pc.is_valid(arrays["from"]), pc.is_valid(arrays["to"]))
    neither = pc.invert(pc.or_(by_number, by_station))
    _note_where(faults, neither, "board_seq", reasons.NO_STOPS)
    backwards = pc.fill_null(pc.less_equal(arrays["alight_seq"], arrays["board_seq"]), False)
    _note_where(faults, backwards, "alight_seq", reasons.ALIGHTS_BEFORE)


def _check_position(arrays: Arrays, faults: Faults) -> None:
    for lacking, given in (("lat", "lon"), ("lon", "lat")):
        half = pc.and_(pc.is_null(arrays[lacking]), pc.is_valid(arrays[given]))
        _note_where(faults, half, lacking, reasons.HALF_POSITION)


def _put_in_order(arrays: Arrays) -> None:
    """Store pairs with subject_a < subject_b, what belongs to each person moving with them."""
    swapped = pc.greater(arrays["subject_a"], arrays["subject_b"])
    swapped = pc.fill_null(swapped, False)
    if not pc.any(swapped).as_py():
        return
    for name in [name for name in arrays if name.endswith("_a")]:
        other = f"{name[:-2]}_b"
        one, two = arrays[name], arrays[other]
        arrays[name] = pc.if_else(swapped, two, one)
        arrays[other] = pc.if_else(swapped, one, two)
