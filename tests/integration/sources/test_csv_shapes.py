"""Whatever a CSV file looks like: exact row numbers, all rows accounted for, no traceback."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ringfence.errors import UserError
from ringfence.records import TABLES
from ringfence.sources import csv_files, read_text
from ringfence.sources.csv_files import read_csv

NOW = datetime(2022, 7, 20, tzinfo=UTC)
TABLE = TABLES["jurisdiction"]
HEADER = "code,parent,level,name_zh,name_en"

Row = tuple[int, ...]

values = st.sampled_from(
    ["", "a", "城市", "x y", '"', '"quoted, with comma"', '"say ""hi"""', "a\x00"]
)
records = st.lists(st.lists(values, max_size=7).map(",".join), max_size=40)
line_ends = st.sampled_from(["\n", "\r\n", "\r"])
blocks = st.sampled_from([256, 300, 1000, 1 << 20])


def as_read(content: bytes, block: int = 1 << 20) -> tuple[list[object], list[int]]:
    rows: list[object] = []
    rejects: list[int] = []
    seen: list[bytes] = []
    usual, csv_files.BLOCK = csv_files.BLOCK, block
    try:
        for chunk in read_csv(io.BytesIO(content), TABLE, "file.csv", seen.append):
            columns = [column.to_pylist() for column in chunk.columns.values()]
            rows += zip(chunk.rows.to_pylist(), *columns, strict=True)
            rejects += [reject.row for reject in chunk.rejects]
    finally:
        csv_files.BLOCK = usual
    assert b"".join(seen) == content
    return rows, rejects


def as_python_reads(text: str) -> tuple[list[object], list[int]]:
    rows: list[object] = []
    rejects: list[int] = []
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
        if number == 1 or not any(cells):
            continue
        if len(cells) == 5:
            rows.append((number, *cells))
        else:
            rejects.append(number)
    return rows, rejects


def leaves_a_quote_open(line: str) -> bool:
    return len(list(csv.reader([line, "", ""]))) < 3


def test_a_byte_order_mark_is_accepted() -> None:
    rows, _ = as_read(b"\xef\xbb\xbf" + f"{HEADER}\n1,,city,,\n".encode())
    assert rows == [(2, "1", "", "city", "", "")]


@given(records, line_ends, blocks, st.booleans())
def test_rows_and_their_numbers(lines: list[str], end: str, block: int, ended: bool) -> None:
    if any(leaves_a_quote_open(line) for line in lines):
        lines = [line.replace('"', "") for line in lines]
    text = end.join([HEADER, *lines]) + (end if ended else "")
    assert as_read(text.encode(), block) == as_python_reads(text)


@given(
    records, records, blocks, st.sampled_from([b"\xff", b"\xc4\xe3", b"\xe5\x8c", b"\xed\xa0\x80"])
)
def test_the_row_that_is_not_utf8(
    before: list[str], after: list[str], block: int, bad: bytes
) -> None:
    before = [line.replace('"', "") for line in before]
    text = "\n".join([HEADER, *before, "1,,city,"]).encode() + bad + b",x\n"
    text += "\n".join(after).encode()
    with pytest.raises(UserError, match=f"row {len(before) + 2}: the text is not UTF-8"):
        as_read(text, block)


@given(records, blocks, st.integers(2000, 9000))
def test_the_row_that_does_not_end(before: list[str], block: int, length: int) -> None:
    before = [line.replace('"', "") for line in before]
    text = "\n".join([HEADER, *before, "1,,city,," + "z" * length]) + "\n"
    if block > 1000:
        as_read(text.encode(), block)
        return
    with pytest.raises(UserError, match=f"row {len(before) + 2}: the row does not end"):
        as_read(text.encode(), block)


@given(
    st.lists(st.sampled_from(["1,,city,,", "a,b", "", '1,,city,"x",']), max_size=30),
    st.lists(st.sampled_from(["1,,city,,", "a,b", "", '1,,city,"x",']), max_size=30),
    st.sampled_from(['1,,"city,,', '1,,city,,"', '"1,,city,,']),
    blocks,
)
def test_the_row_whose_quotation_mark_stays_open(
    before: list[str], after: list[str], faulty: str, block: int
) -> None:
    text = "\n".join([HEADER, *before, faulty, *after]) + "\n"
    with pytest.raises(UserError, match=f"row {len(before) + 2}: "):
        as_read(text.encode(), block)


@settings(max_examples=300)
@given(st.binary(max_size=400), st.sampled_from([b"", f"{HEADER}\n".encode()]))
@example(b'"', f"{HEADER}\n".encode())
@example(b"\x00" * 100, b"")
@example(b"\r\r\n\n\r", f"{HEADER}\n".encode())
def test_arbitrary_bytes_give_rows_or_a_message(content: bytes, head: bytes) -> None:
    try:
        rows, rejects = as_read(head + content)
    except UserError as error:
        assert error.text.en
        assert error.text.zh
        return
    numbers = sorted([row[0] for row in rows if isinstance(row, tuple)] + rejects)
    assert len(set(numbers)) == len(numbers)
    assert all(number > 1 for number in numbers)


@settings(max_examples=200)
@given(st.lists(st.lists(st.text(max_size=6), min_size=4, max_size=4), max_size=20))
def test_each_row_is_accepted_or_set_aside(cells: list[list[str]]) -> None:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["subject", "place", "start", "end"])
    writer.writerows(cells)
    try:
        rows, rejects = read_text("presence", file.getvalue(), "Asia/Shanghai", NOW)
    except (UserError, UnicodeEncodeError):
        return
    filled = sum(any(row) for row in cells)
    assert rows.num_rows + len(rejects) == filled


def test_a_file_of_ragged_rows_only_ends_in_time() -> None:
    content = f"{HEADER}\n".encode() + b"a\n" * (csv_files.MOST_RAGGED + 1000)
    with pytest.raises(UserError, match="check the separator"):
        as_read(content)
