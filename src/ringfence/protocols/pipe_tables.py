"""Small tables as people write them: a header row, then rows, cells between pipes."""

from __future__ import annotations

import re

from ringfence.errors import DataError

_RULER = re.compile(r":?-{2,}:?")


def parse_pipe_table(text: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Columns and rows. A row of dashes under the header (Markdown) is skipped."""
    lines = [
        (number, line.strip())
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    ]
    if not lines:
        raise DataError("the table has no header row", "表格没有表头")
    rows = [(number, _cells(line, number)) for number, line in lines]
    columns = rows[0][1]
    if "" in columns or len(set(columns)) < len(columns):
        raise DataError(
            "every column of a table has a name of its own", "表格各列必须有各自不同的名称"
        )
    body = rows[1:]
    if body and all(_RULER.fullmatch(cell) for cell in body[0][1]):
        body = body[1:]
    for number, cells in body:
        if len(cells) != len(columns):
            raise DataError(
                f"row {number} of the table has {len(cells)} cells, the header {len(columns)}",
                f"表格第 {number} 行有 {len(cells)} 格，表头有 {len(columns)} 格",
            )
    return columns, tuple(cells for _, cells in body)


def _cells(line: str, number: int) -> tuple[str, ...]:
    if "|" not in line:
        raise DataError(
            f"row {number} of the table has no pipe (|)", f"表格第 {number} 行没有竖线（|）"
        )
    return tuple(cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|"))
