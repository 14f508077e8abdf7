"""What a file looks like, as data for a first mapping."""

from __future__ import annotations

import pytest
from openpyxl import Workbook
from tests.unit.sources.raw.delivering import delivered
from tests.unit.sources.raw.sheets import saved, workbook
from tests.unit.sources.raw.test_archives import archive

from ringfence.sources.raw.detecting import detect, likely_sheets
from ringfence.sources.raw.model import Form

TEXT = "登记表\n\n姓名;证件号码\n" + "".join(f"张三{i};{i}\n" for i in range(3000))


def test_a_text() -> None:
    (found,) = detect(delivered(TEXT.encode("gb18030"), "a.csv"))
    assert found.found.form == Form("csv", "gb18030", ";", 3)
    assert found.found.columns == ("姓名", "证件号码")
    assert found.rows.to_pylist() == list(range(4, 1004))
    assert found.sample["姓名"][0].as_py() == "张三0"
    assert found.found.doubts == ()


def test_what_is_said_is_taken() -> None:
    (found,) = detect(delivered(TEXT.encode(), "a.csv"), Form(header_row=4), most=2)
    assert found.found.columns == ("张三0", "0")
    assert found.rows.to_pylist() == [5, 6]


def test_a_workbook_and_its_sheets() -> None:
    (found,) = detect(delivered(workbook(["姓名", "电话"], ["张三", 1]), "a.xlsx"))
    assert found.found.form == Form("xlsx", sheet="Sheet", header_row=1)
    assert found.found.sheets == ("Sheet",)
    assert found.sample["电话"].to_pylist() == ["1"]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b'{"data": [{"a": 1}]}', Form("json", "utf-8", records="data")),
        (b'{"a": 1}\n{"a": 2}\n', Form("ndjson", "utf-8")),
    ],
)
def test_json(content: bytes, form: Form) -> None:
    (found,) = detect(delivered(content))
    assert found.found.form == form
    assert found.sample["a"][0].as_py() == "1"


def test_an_archive_has_one_for_each_member() -> None:
    content = archive(("a.csv", b"a,b\n1,2\n"), ("b.csv", b"c;d\n1;2\n"))
    one, two = detect(delivered(content, "t.zip"))
    assert (one.part.name, two.part.name) == ("a.csv", "b.csv")
    assert (one.found.form.delimiter, two.found.form.delimiter) == (",", ";")
    assert one.found.members == ("a.csv", "b.csv")
    assert one.sample["a"].to_pylist() == ["1"]


def test_doubts_are_told() -> None:
    (found,) = detect(delivered(b"1,2\n3,4\n", "a.csv"))
    assert "no row looks like a header" in found.found.doubts[0].en
    assert found.found.form.header_row == 1


def test_a_file_without_rows() -> None:
    (found,) = detect(delivered(b"a,b\n", "a.csv"))
    assert found.rows.to_pylist() == []
    assert found.sample["a"].to_pylist() == []


def test_sheets_that_may_be_tables() -> None:
    book = Workbook()
    sheets: dict[str, list[list[object]]] = {
        "cover": [["Entries of a pool"]],
        "about": [["What", "How much"], ["rows", 3]],
        "hidden": [["a", "b", "c"], [1, 2, 3]],
        "rows": [["", ""], ["a", "b", "c"], [1, 2, 3]],
        "more": [["a", "b", "c"], [1, 2, 3]],
        "nothing": [],
    }
    for sheet, rows in sheets.items():
        made = book.create_sheet(sheet)
        for row in rows:
            made.append(row)
    book["hidden"].sheet_state = "hidden"
    assert likely_sheets(delivered(saved(book), "a.xlsx"), Form()) == ("rows", "more", "about")
    assert likely_sheets(delivered(b"a,b\n1,2\n", "a.csv"), Form()) == ()
