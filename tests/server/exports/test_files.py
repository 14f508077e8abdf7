"""Files for spreadsheets: nothing in them is run, nothing is lost, and little of them is held."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.sources.text_workbook import workbook_in_parts, write_workbook
from ringfence_server.exports.files import _csv
from ringfence_server.exports.neutralising import plain

DANGEROUS = "=+-@\t\r\n＝＋－＠"
_CELLS = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from(
    [
        f"{space}{sign}{rest}"
        for sign in DANGEROUS
        for space in ("", " ", "　")
        for rest in ("", "1+1")
    ]
)


@given(_CELLS)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    told = plain(text)
    assert not told.startswith(tuple(DANGEROUS))
    assert not told.lstrip(" 　\u00a0\ufeff").startswith(tuple(DANGEROUS))
    assert told in (text, f"'{text}"), "and nothing else of it is changed"
    assert plain(told) == told


@given(st.lists(st.lists(_CELLS, min_size=1, max_size=4), max_size=6))
def test_csv_is_read_back_cell_by_cell(rows: list[list[str]]) -> None:
    told = [[plain(cell) for cell in row] for row in rows]
    content = b"".join(_csv(told)).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content, newline=""))) == told


@given(st.lists(st.lists(_CELLS, min_size=1, max_size=4), min_size=1, max_size=6))
@settings(max_examples=40)
def test_a_workbook_in_parts_is_the_same_workbook(rows: list[list[str]]) -> None:
    told = [[plain(cell) for cell in row] for row in rows]
    whole = io.BytesIO()
    write_workbook(whole, told)
    parts = io.BytesIO(b"".join(workbook_in_parts(told)))
    one, other = (
        [
            [(cell.value, cell.data_type, cell.number_format) for cell in row]
            for row in openpyxl.load_workbook(file).active.iter_rows()
        ]
        for file in (whole, parts)
    )
    assert one == other
    assert all(kind != "f" for row in other for _, kind, _ in row)


def test_of_many_rows_little_is_held() -> None:
    """Whatever their number: the first parts leave before the last rows are made."""
    made: list[int] = []

    def rows() -> Iterator[list[str]]:
        for number in range(20_000):
            made.append(number)
            yield [f"p{number}-{column}" for column in range(11)]

    for parts in (_csv, workbook_in_parts):
        made.clear()
        tracemalloc.start()
        stream = parts(rows())
        size = len(next(stream))
        assert made[-1] < 10_000
        size += sum(len(part) for part in stream)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert size > 500_000
        assert most < 3_000_000, f"{most} bytes held for {size}"
