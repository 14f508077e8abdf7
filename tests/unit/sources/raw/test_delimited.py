"""CSV and TSV as agencies write them: rows and their numbers, whatever the layout."""

from __future__ import annotations

import codecs
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.sources.raw.delivering import read, refused

from ringfence.errors import DataError, UserError
from ringfence.sources import csv_files
from ringfence.sources.csv_stream import CheckedStream
from ringfence.sources.raw.headers import MOST_COLUMNS

HEADER = ["姓名", "证件号码", "备注"]
words = st.text(
    st.sampled_from("abcXYZ019 ,;|\t\"'张三李四王五赵六，。éß\U00020000"), max_size=8
).filter(lambda word: word == word.strip())
tables = st.lists(st.lists(words, min_size=3, max_size=3).filter(any), min_size=1, max_size=30)


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return file.getvalue()


@given(
    tables,
    st.sampled_from([",", "\t", ";", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]),
    st.integers(0, 6),
)
def test_what_is_written_is_read(
    rows: list[list[str]], delimiter: str, encoding: str, above: int
) -> None:
    text = "\r\n" * above + written([HEADER, *rows], delimiter)
    content = text.encode(encoding)
    form = {"encoding": encoding.removesuffix("-sig"), "delimiter": delimiter}
    got = read(content, header_row=above + 1, **form)
    want = {
        number: [cell or None for cell in row] for number, row in enumerate(rows, start=above + 2)
    }
    assert {number: list(row.values()) for number, row in got.rows.items()} == want
    assert not got.rejects


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_form_is_found(encoding: str, delimiter: str) -> None:
    rows = [[f"张{i}", f"00000019{i:02d}", "住客"] for i in range(40)]
    above = "旅馆住宿登记表\r\n填报单位：某旅馆\r\n\r\n"
    got = read((above + written([HEADER, *rows], delimiter)).encode(encoding))
    assert got.raw.columns == tuple(HEADER)
    assert got.form.delimiter == delimiter
    assert got.form.header_row == 4
    assert got.form.encoding in (encoding.removesuffix("-sig"), "utf-16-le")
    assert list(got.rows) == list(range(5, 45))
    assert got.rows[5] == {"姓名": "张0", "证件号码": "0000001900", "备注": "住客"}


def test_header_in_row_seven() -> None:
    above = "市旅馆业治安管理信息系统\n导出时间：2022-09-19 08:30:00\n操作员：甲\n\n,,\n共 2 条\n"
    got = read((above + "姓名,证件号码,备注\n张三,1,\n李四,2,\n").encode())
    assert got.form.header_row == 7
    assert list(got.rows) == [8, 9]


def test_header_is_the_row_with_the_expected_names() -> None:
    content = "甲,乙,丙\n姓名,证件号码,备注\n张三,1,\n".encode()
    assert read(content).form.header_row == 1
    assert read(content, expected=HEADER).form.header_row == 2


def test_header_that_is_given_is_taken() -> None:
    got = read("甲,乙\n1,2\n姓名,备注\n张三,\n".encode(), header_row=3)
    assert got.raw.columns == ("姓名", "备注")
    assert list(got.rows) == [4]


def test_line_break_in_a_name_of_the_header() -> None:
    got = read('"入住\n日期",姓名\n2022-07-01,张三\n'.encode(), header_row=1)
    assert got.raw.columns == ("入住日期", "姓名")
    assert list(got.rows) == [2]


def test_totals_row_ends_the_table() -> None:
    text = "姓名,证件号码,备注\n张三,1,a\n李四,2,合计\n合计,2,\n\n制表人：甲,,\n审核,乙\n"
    got = read(text.encode("gb18030"), totals=("合计", "总计"))
    assert (list(got.rows), got.rejects) == ([2, 3], {})
    text = "姓名,证件号码,备注\n张三,1,a\n,总计,2\n"
    assert list(read(text.encode(), totals=("合计", "总计")).rows) == [2]


def test_row_below_the_totals_is_set_aside() -> None:
    text = "姓名,证件号码,备注\n张三,1,a\n合计,1,\n李四,2,b\n总计,2,\n王五,3,c,d\n"
    got = read(text.encode(), totals=("合计", "总计"))
    assert list(got.rows) == [2]
    assert set(got.rejects) == {4, 6}
    assert "below the totals row" in got.rejects[4]


def test_totals_row_that_has_too_few_cells() -> None:
    text = "姓名,证件号码,备注\n张三,1,a\n合计：1\n制表：甲\n"
    assert set(read(text.encode()).rejects) == {3, 4}
    got = read(text.encode(), totals=("合计：1",))
    assert (list(got.rows), got.rejects) == ([2], {})


def test_value_without_a_name_in_the_header() -> None:
    got = read("姓名,,备注,\n张三,,a,\n李四,b,a,\n王五,,,\n".encode(), header_row=1)
    assert got.raw.columns == ("姓名", "备注")
    assert list(got.rows) == [2, 4]
    assert got.rejects == {3: "has a value in column 2, which the header does not name"}


def test_ragged_rows_are_set_aside_with_their_numbers() -> None:
    got = read("姓名,证件号码\n张三,1\n李四\n\n王五,2,3\n赵六,4\n".encode())
    assert list(got.rows) == [2, 6]
    assert set(got.rejects) == {3, 5}


def test_tab_of_tsv_needs_no_finding() -> None:
    assert read(b"a,b,c\n1,2,3\n", format="tsv").raw.columns == ("a,b,c",)


def test_two_hundred_columns() -> None:
    names = [f"字段{chr(0x4E00 + place)}" for place in range(200)]
    got = read((",".join(names) + "\n" + ",".join("1" * 200) + "\n").encode())
    assert got.raw.columns == tuple(names)
    assert len(got.rows[2]) == 200


def test_too_many_columns_are_refused() -> None:
    names = [f"c{chr(0x4E00 + place)}" for place in range(MOST_COLUMNS + 1)]
    assert "more than 2,000" in refused((",".join(names) + "\n").encode())


@pytest.mark.parametrize(
    "content",
    [b"", b"\xef\xbb\xbf", b"\n\n \n", "\ufeff".encode("utf-16-le")],
    ids=["nothing", "mark", "blank lines", "mark of UTF-16"],
)
def test_empty_file(content: bytes) -> None:
    assert "is empty: not even a header" in refused(content)


def test_two_columns_of_one_name() -> None:
    message = refused("姓名,电话,姓名\n张三,1,李四\n".encode())
    assert "row 1: columns 1 and 3 have the same name" in message
    assert "姓名" not in message


def test_header_row_that_is_not_there() -> None:
    assert "row 9: there is no header" in refused("姓名\n张三\n".encode(), header_row=9)


@pytest.mark.parametrize("number", [2, 3, 50, 4000])
@pytest.mark.parametrize(
    ("of_most", "of_one", "said"),
    [
        ("utf-8", "gb18030", "the text is not UTF-8; it looks like GB18030"),
        ("gb18030", "utf-8", "this row is UTF-8, those before are GB18030"),
        ("utf-8", "latin-1", "the text is not UTF-8; save it as CSV UTF-8"),
    ],
)
def test_mixed_encodings_are_told_with_the_row(
    number: int, of_most: str, of_one: str, said: str
) -> None:
    other = "André" if of_one == "latin-1" else "王五，张珊"
    lines = ["姓名,备注", *(f"张三{i},住客登记" for i in range(2, 5001))]
    encoded = [f"{line}\n".encode(of_most) for line in lines]
    encoded[number - 1] = f"{other},{other}\n".encode(of_one)
    message = refused(b"".join(encoded))
    assert f"row {number}: {said}" in message
    assert "王" not in message


def test_gb18030_of_rare_characters_is_not_taken_for_utf8() -> None:
    rows = [f"涓皋父{chr(0x3400 + i)},闫珺玥𠮷{i}" for i in range(3000)]
    got = read(("姓名,备注\n" + "\n".join(rows) + "\n").encode("gb18030"), encoding="gb18030")
    assert len(got.rows) == 3000


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le"])
def test_cut_within_a_character(encoding: str) -> None:
    content = "姓名,备注\n张三,甲\n李四,乙".encode(encoding)[:-1]
    assert "row 3: the text is not" in refused(content, encoding=encoding)


def test_an_encoding_that_was_not_recognised_is_a_doubt() -> None:
    rows = "".join(f"台灣{i},中華民國臺北市萬華區\n" for i in range(50))
    content = ("姓名,地址\n" + rows).encode("big5")
    assert "row 1: the text is not UTF-8" in refused(content)
    got = read(content, encoding="big5")
    assert got.rows[2]["地址"] == "中華民國臺北市萬華區"


def test_encoding_of_no_name() -> None:
    with pytest.raises(DataError, match="no encoding of that name; there are: utf-8"):
        read("姓名\n".encode(), encoding="klingon")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_endless_line_is_refused_in_bounded_memory(encoding: str) -> None:
    content = "姓名,备注\n张三,甲\n".encode(encoding) + "李".encode(encoding) * (4 << 20)
    assert "row 3: the row does not end" in refused(content, encoding=encoding)


def test_an_endless_header_is_refused() -> None:
    assert "row 1: the row does not end" in refused(b"a" * (3 << 20))


@settings(max_examples=200)
@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "gb18030", "utf-16-le", "big5"]))
def test_arbitrary_bytes_give_rows_or_a_message(content: bytes, encoding: str | None) -> None:
    try:
        read(b"a,b\n" + content, format="csv", encoding=encoding)
    except UserError as error:
        assert error.text.en
        assert error.text.zh


@given(st.binary(max_size=2000), st.sampled_from([1, 7, 64]))
def test_small_blocks_of_utf16_lose_nothing(noise: bytes, block: int) -> None:
    usual, csv_files.BLOCK = csv_files.BLOCK, 4096
    try:
        rows = [f"张三{i},{noise[i : i + 3].hex()}" for i in range(0, len(noise), block)]
        content = codecs.BOM_UTF16_BE + "\n".join(["姓名,备注", *rows]).encode("utf-16-be")
        got = read(content)
        assert len(got.rows) == len(rows)
    finally:
        csv_files.BLOCK = usual


def test_stream_says_what_is_bad() -> None:
    stream = CheckedStream(io.BytesIO(b"a,\xff\n"), 2, lambda _: None)
    assert stream.read(100) == b"a,?"
    assert stream.bad_byte == b"\xff\n"
