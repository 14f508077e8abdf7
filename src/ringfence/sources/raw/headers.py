"""Which row is the header, and which columns it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from ringfence.errors import DataError, Text

LOOKED_AT = 50
MOST_COLUMNS = 2_000
_MOST_EMPTY = 16_384
_LONGEST_NAME = 200
_LINE_BREAK = re.compile(r"\s*[\r\n]+\s*")
_VALUE = re.compile(r"[\d\s.,:/+%年月日时分秒¥$-]*")
_DIGITS = re.compile(r"\d")

_UNNAMED = "\0column "

Cells = Sequence[str | None]


def find_header(rows: Sequence[Cells], expected: Collection[str] = ()) -> int | None:
    """The first row, counted from 1, that names columns; None where none plainly does.

    A header has about as many filled cells as the rows below it, and none is a number. Where the
    names are known, the row that holds most of them.
    """
    looked_at = rows[:LOOKED_AT]
    if expected:
        hits = [len(set(names_of(row)) & set(expected)) for row in looked_at]
        if hits and max(hits) * 2 >= min(len(expected), 4):
            return hits.index(max(hits)) + 1
    filled = sorted(count for row in rows if (count := _filled(row)))
    if not filled:
        return None
    usual = filled[len(filled) * 3 // 4]
    candidates = [
        (number, _filled(row))
        for number, row in enumerate(looked_at, start=1)
        if _filled(row) * 5 >= usual * 3 and _filled(row) >= min(usual, 2) and _are_names(row)
    ]
    # Above a narrow table a line such as "reported by" is nearly as wide as the header.
    as_wide = [candidate for candidate in candidates if candidate[1] >= usual]
    return next((number for number, _ in as_wide or candidates), None)


def header_row(rows: Sequence[Cells], expected: Collection[str], doubts: list[Text]) -> int:
    """As `find_header`; where none plainly names columns, the first filled row, with a doubt."""
    number = find_header(rows, expected)
    if number is not None:
        return number
    doubts.append(
        Text(
            "no row looks like a header; the first row with a value is taken for it",
            "没有看起来像表头的行；以第一个非空行作为表头",
        )
    )
    return first_filled(rows) or 1


def first_filled(rows: Sequence[Cells]) -> int | None:
    return next((number for number, row in enumerate(rows, start=1) if _filled(row)), None)


def names_of(row: Cells) -> list[str]:
    """One name a column; empty where the header says nothing."""
    return [_LINE_BREAK.sub("", cell or "").strip().removeprefix("\ufeff") for cell in row]


def keys_of(names: Sequence[str], width: int = 0) -> list[str]:
    """A key for each column, for those that the header does not name and those beyond it too."""
    wide = [*names, *[""] * (width - len(names))]
    return [name or f"{_UNNAMED}{place}" for place, name in enumerate(wide, start=1)]


def unnamed_of(keys: Sequence[str]) -> list[tuple[str, int]]:
    """Keys of the columns without a name, and where they stand."""
    return [(key, place) for place, key in enumerate(keys, start=1) if key[:1] == "\0"]


def checked_names(row: Cells, number: int, file: str) -> list[str]:
    """Names without doubles, and none for what is empty at the end. The message never shows one:
    where the header is not where it should be, it would be a person's data.
    """
    names = names_of(row)
    while names and not names[-1]:
        names.pop()
    if not names:
        raise no_header(file, number)
    if len(names) > MOST_COLUMNS or len(row) > _MOST_EMPTY:
        raise too_many_columns(file, len(row))
    if max(map(len, names)) > _LONGEST_NAME:
        raise DataError(
            f"{file}, row {number}: a cell of the header has more than {_LONGEST_NAME} characters; "
            "this is no header: say which row is",
            f"{file} 第 {number} 行：表头单元格超过 {_LONGEST_NAME} 个字符；"
            "该行不是表头，请指明表头所在的行",
        )
    doubled = next((name for name, count in Counter(names).items() if name and count > 1), None)
    if doubled is not None:
        places = [place for place, name in enumerate(names, start=1) if name == doubled]
        raise DataError(
            f"{file}, row {number}: columns {places[0]} and {places[1]} have the same name in the "
            'header; give each its own. Of a header in two rows ("Boarding" above "port, time") '
            'write one, in a copy: "boarding port", "boarding time"',
            f"{file} 第 {number} 行：表头中第 {places[0]} 列与第 {places[1]} 列同名；"
            "请改为不同的名称。若表头分两行（如“上船”下分“港口、时间”），"
            "请在副本中合为一行：“上船港口”“上船时间”",
        )
    return names


def no_header(file: str, number: int) -> DataError:
    return DataError(
        f"{file}, row {number}: there is no header; the row is empty or does not exist",
        f"{file} 第 {number} 行：没有表头；该行为空或不存在",
    )


def too_many_columns(file: str, count: int) -> DataError:
    return DataError(
        f"{file} has {count:,} columns, more than {MOST_COLUMNS:,}",
        f"{file} 有 {count:,} 列，超过 {MOST_COLUMNS:,} 列的上限",
    )


def _filled(row: Cells) -> int:
    return sum(1 for cell in row if cell and not cell.isspace())


def _are_names(row: Cells) -> bool:
    cells = [cell.strip() for cell in row if cell and not cell.isspace()]
    return all(
        len(cell) <= 60
        and not _VALUE.fullmatch(cell)
        and len(_DIGITS.findall(cell)) * 2 <= len(cell)
        and cell.lower() not in ("true", "false")
        for cell in cells
    )
