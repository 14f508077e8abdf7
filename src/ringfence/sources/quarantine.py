"""Quarantined rows as a file that people can put right (CSV or workbook), and its way back.

The file has the columns as they came, with the part, row and reasons before them. A cell that a
spreadsheet would take for a formula gets an apostrophe in front, which the way back takes off.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from ringfence.errors import DataError, StorageError, UsageError
from ringfence.lake import Reject
from ringfence.lake.lineage import part_and_row, source_row
from ringfence.records.formulas import guarded, restored
from ringfence.sources.raw.model import Part, RawChunk
from ringfence.sources.text_workbook import fits, write_workbook

PART, ROW, REASONS = "ringfence_part", "ringfence_row", "ringfence_reasons"
OWN_COLUMNS = (PART, ROW, REASONS)
CSV, WORKBOOK = ".csv", ".xlsx"


def check_ending(path: Path) -> None:
    """A spreadsheet goes by the ending of a name: the file must be what its name says."""
    if path.suffix.lower() not in (CSV, WORKBOOK):
        raise UsageError(
            f"the name of the file ends in {CSV} or {WORKBOOK}: that says what it will be",
            f"文件名须以 {CSV} 或 {WORKBOOK} 结尾，以确定文件格式",
        )


def write_rows(
    path: Path, kept: Iterable[tuple[int, str]], rejects: Iterable[Reject], language: str
) -> int:
    """Write refused rows, readable by their owner alone; how many. An existing file is kept."""
    check_ending(path)
    reasons: dict[int, list[str]] = {}
    for reject in rejects:
        reasons.setdefault(reject.row, []).append(
            f"{reject.field} {reject.reason.to(language)}".strip()
        )
    rows = {number: json.loads(cells) for number, cells in kept if number in reasons}
    columns = list(dict.fromkeys(name for cells in rows.values() for name in cells))
    header = [*OWN_COLUMNS, *(guarded(name) for name in columns)]

    def lines() -> Iterator[list[str]]:
        yield header
        for number in sorted(reasons):
            part, row = part_and_row(number)
            cells = [guarded(rows.get(number, {}).get(name, "")) for name in columns]
            yield [str(part), str(row), guarded("; ".join(reasons[number])), *cells]

    as_workbook = path.suffix.lower() == WORKBOOK
    if as_workbook:
        longest = max(len(cell) for line in lines() for cell in line)
        if not fits(len(reasons) + 1, len(header), longest):
            raise UsageError(
                f"the rows are too many, or too long, for a workbook: use a name in {CSV}",
                f"行数或单元格内容超出工作簿的上限：请使用 {CSV} 文件名",
            )
    with _created(path) as file:
        if as_workbook:
            write_workbook(file, lines())
        else:
            with io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
                csv.writer(text).writerows(lines())
    return len(reasons)


def _created(path: Path) -> BinaryIO:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(f"{path} exists already", f"{path} 已存在") from None
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {error.strerror}", f"无法写入 {path}：{error.strerror}"
        ) from None
    return os.fdopen(handle, "w+b")


def put_right(
    chunks: Iterable[RawChunk], file: str, open_rows: frozenset[int]
) -> Iterator[RawChunk]:
    """The rows of a corrected file under the numbers that they had in the file they came in."""
    seen: set[int] = set()
    for chunk in chunks:
        by_part: dict[int, list[int]] = {}
        numbers = []
        for index, number in enumerate(_numbers(chunk, file)):
            row = chunk.rows[index].as_py()
            if number not in open_rows:
                raise _refused(file, row, "names no row that is in quarantine", "不是隔离中的行")
            if number in seen:
                raise _refused(file, row, "names a row for the second time", "重复指向同一行")
            seen.add(number)
            numbers.append(number)
            by_part.setdefault(part_and_row(number)[0], []).append(index)
        columns = {
            name: pa.array([cell and restored(cell) for cell in cells.to_pylist()], pa.string())
            for name, cells in chunk.columns.items()
            if name not in OWN_COLUMNS
        }
        columns = {restored(name): cells for name, cells in columns.items()}
        for part, places in by_part.items():
            at = pa.array(places, pa.int64())
            rows = [part_and_row(numbers[place])[1] for place in places]
            yield RawChunk(
                Part(part, ""),
                {name: cells.take(at) for name, cells in columns.items()},
                pa.array(rows, pa.int64()),
            )


def own_columns(names: Sequence[str], file: str) -> list[str]:
    """The columns that the rows came with."""
    if ROW not in names:
        raise DataError(
            f"{file} has no column `{ROW}`: replay the file that `quarantine export` wrote",
            f"{file} 没有 {ROW} 列：请使用 `quarantine export` 导出的文件",
        )
    return [restored(name) for name in names if name not in OWN_COLUMNS]


def _numbers(chunk: RawChunk, file: str) -> Iterator[int]:
    for reject in chunk.rejects:
        raise DataError(
            f"{file}, row {reject.row}: {reject.reason.en}",
            f"{file} 第 {reject.row} 行：{reject.reason.zh}",
        )
    cells: Mapping[str, pa.StringArray] = chunk.columns
    parts = cells[PART].to_pylist() if PART in cells else ["0"] * len(chunk.rows)
    for index, (part, row) in enumerate(zip(parts, cells[ROW].to_pylist(), strict=True)):
        if not (part or "").isdecimal() or not (row or "").isdecimal() or len(part + row) > 15:
            raise _refused(
                file,
                chunk.rows[index].as_py(),
                f"has no whole numbers under {PART} and {ROW}",
                f"的 {PART} 和 {ROW} 不是整数",
            )
        yield source_row(int(part), int(row))


def _refused(file: str, row: int, en: str, zh: str) -> DataError:
    return DataError(
        f"{file}, row {row} {en}. Nothing was stored", f"{file} 第 {row} 行{zh}。未保存任何数据"
    )
