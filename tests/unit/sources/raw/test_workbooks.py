"""Workbooks: what a person sees in a sheet, with its row numbers; and nothing that takes all."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.unit.sources.raw.delivering import read, refused
from tests.unit.sources.raw.sheets import (
    saved,
    sheet_xml,
    text_cell,
    with_member,
    with_sheet,
    workbook,
)

from ringfence.errors import DataError, NotFound, UserError
from ringfence.sources.raw import sheet_slices

HEADER = ["姓名", "证件号码", "时间"]
# Cells of a workbook have no zone.
moment = dt.datetime.fromisoformat
RESIDENT = "000101199001010015"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (RESIDENT, RESIDENT),
        ("007", "007"),
        (13800000000, "13800000000"),
        (123456789012345, "123456789012345"),
        (1234567890123456, "1.23456789012346E+15"),
        (110105194912310021, "1.1010519491231E+17"),
        (-12, "-12"),
        (1.0, "1"),
        (36.5, "36.5"),
        (1e-7, "1E-07"),
        (True, "true"),
        (moment("2022-09-19T08:30"), "2022-09-19T08:30:00"),
        (moment("2022-09-19T08:30:15.600"), "2022-09-19T08:30:16"),
        (moment("2022-09-19"), "2022-09-19T00:00:00"),
        (dt.date(2022, 9, 19), "2022-09-19"),
        (dt.time(8, 30), "08:30:00"),
        (dt.timedelta(hours=30, minutes=5), "30:05:00"),
        ("", None),
        ("a\nb", "a\nb"),
        ("=1+1", None),
    ],
)
def test_cells_as_text(value: object, text: str | None) -> None:
    got = read(workbook(HEADER, ["张三", value, "x"]))
    assert got.rows[2]["证件号码"] == text


def test_error_in_a_cell_is_not_an_empty_cell() -> None:
    rows = f'<row r="1">{text_cell("A1", "a")}{text_cell("B1", "b")}</row>'
    rows += f'<row r="2"><c r="A2" t="e"><v>#N/A</v></c>{text_cell("B2", "x")}</row>'
    assert read(with_sheet(sheet_xml(rows))).rows[2] == {"a": "#N/A", "b": "x"}


def test_midnight_is_told_only_where_a_time_is_shown() -> None:
    def formatted(sheet: Worksheet) -> None:
        for number, code in enumerate(["yyyy-mm-dd hh:mm", "yyyy-mm-dd", 'm"月"d"日"'], 2):
            sheet.cell(number, 1, moment("2022-09-19")).number_format = code

    got = read(workbook(["时间", "x"], *([None, 1] for _ in range(3)), then=formatted))
    assert got.column("时间") == ["2022-09-19T00:00:00", "2022-09-19", "2022-09-19"]


def test_header_in_row_seven_with_a_merged_title() -> None:
    above: list[list[Any]] = [
        ["某市旅馆住宿登记表"],
        [],
        ["填报单位", "甲", "日期 2022-09-19"],
        [],
        [],
        [],
    ]
    content = workbook(
        *above, HEADER, ["张三", RESIDENT, 1], then=lambda sheet: sheet.merge_cells("A1:C2")
    )
    got = read(content)
    assert got.form.header_row == 7
    assert got.raw.columns == tuple(HEADER)
    assert list(got.rows) == [8]


def test_header_over_two_rows() -> None:
    def merged(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")

    content = workbook(
        ["姓名", "入住", None], [None, "日期", "时间"], ["张三", "1", "2"], then=merged
    )
    assert read(content, header_row=2).raw.columns == ("姓名", "日期", "时间")


def test_merged_cells_are_filled_downwards() -> None:
    def merged(sheet: Worksheet) -> None:
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("B5:C5")

    rows: list[list[Any]] = [
        ["甲", "1", "x"],
        [None, "2", "y"],
        [None, "3", None],
        ["乙", "4", None],
        [None, "5"],
    ]
    got = read(workbook(HEADER, *rows, then=merged))
    assert got.column("姓名") == ["甲", "甲", "甲", "乙", None]
    assert got.rows[5] == {"姓名": "乙", "证件号码": "4", "时间": None}


def test_merged_cells_make_no_row_of_a_blank_one() -> None:
    got = read(workbook(HEADER, ["甲", "1", "x"], then=lambda sheet: sheet.merge_cells("A2:A9")))
    assert list(got.rows) == [2]


def test_totals_row_and_what_stands_below_it() -> None:
    rows: list[list[Any]] = [
        ["张三", "1", "x"],
        ["合计", 1],
        [],
        ["制表人：甲"],
        ["李四", "2", "y"],
    ]
    got = read(workbook(HEADER, *rows), totals=("合计",))
    assert list(got.rows) == [2]
    assert list(got.rejects) == [6]


def test_value_right_of_the_header_is_set_aside() -> None:
    got = read(workbook(HEADER, ["张三", "1", "x", None, "note"], ["李四", "2", "y"]))
    assert list(got.rows) == [3]
    assert got.rejects == {2: "has a value in column 5, which the header does not name"}


def test_blank_rows_keep_the_numbers() -> None:
    got = read(workbook([], [], HEADER, [], ["张三", "1", None], [], [], ["李四"]))
    assert got.form.header_row == 3
    assert list(got.rows) == [5, 8]


def test_first_visible_sheet_is_read_and_others_are_told() -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title, first.sheet_state = "字典", "hidden"
    for name in ("住宿", "退房"):
        sheet = book.create_sheet(name)
        sheet.append(HEADER)
        sheet.append([name, "1", "2"])
    got = read(saved(book))
    assert got.raw.parts[0].name == "住宿"
    assert got.raw.found[0].sheets == ("字典", "住宿", "退房")
    assert "2 more sheets" in got.doubts[0]
    assert read(saved(book), sheet="退房").rows[2]["姓名"] == "退房"
    with pytest.raises(NotFound, match="it has 3 sheets"):
        read(saved(book), sheet="无")


def months(*more: tuple[str, list[list[Any]]], hidden: str = "") -> bytes:
    """A workbook of two months, and other sheets."""
    book = Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    both = [("1月", [HEADER, ["张三", "1", "2"]]), ("2月", [HEADER, [], ["李四", "3", "4"]])]
    for name, rows in [*both, *more]:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name == hidden:
            sheet.sheet_state = "hidden"
    return saved(book)


Sheet = tuple[str, list[list[Any]]]
NOTES: Sheet = ("说明", [["填表说明"], ["每日上报"]])
OTHERS: tuple[Sheet, ...] = (NOTES, ("空表", []), ("旧", [HEADER, ["王五", "5", "6"]]))


def has_header(names: Sequence[str]) -> bool:
    return "姓名" in names


def test_visible_sheets_with_values_that_are_not_read_are_named() -> None:
    assert read(months(*OTHERS, hidden="旧")).raw.unread == ("2月", "说明")
    assert read(months(*OTHERS), sheet="2月").raw.unread == ()
    assert read(workbook(HEADER)).raw.unread == ()


def test_all_sheets_with_the_header_are_read_each_with_its_own_rows() -> None:
    got = read(months(*OTHERS, hidden="旧"), expected=HEADER, takes=has_header, sheet="*")
    assert [(part.number, part.name) for part in got.raw.parts] == [(0, "1月"), (1, "2月")]
    assert [(*place, row["姓名"]) for place, row in got.rows.items()] == [
        (0, 2, "张三"),
        (1, 3, "李四"),
    ]
    assert got.raw.unread == ("说明",)


def test_sheets_of_members_are_parts_one_after_the_other() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("甲.xlsx", months(NOTES))
        packed.writestr("乙.csv", ",".join(HEADER) + "\n赵六,7,8\n")
        packed.writestr("丙.xlsx", months())
    got = read(made.getvalue(), expected=HEADER, takes=has_header, sheet="*")
    names = ["甲.xlsx/1月", "甲.xlsx/2月", "乙.csv", "丙.xlsx/1月", "丙.xlsx/2月"]
    assert [part.name for part in got.raw.parts] == names
    assert list(got.rows) == [(0, 2), (1, 3), (2, 2), (3, 2), (4, 3)]
    assert got.raw.unread == ("甲.xlsx/说明",)


def test_where_no_sheet_has_the_header_the_first_shows_it() -> None:
    got = read(months(), takes=lambda names: "车牌" in names, sheet="*")
    assert [part.name for part in got.raw.parts] == ["1月"]
    assert got.raw.unread == ("2月",)


def test_a_sheet_with_the_header_that_cannot_be_read_stops_all() -> None:
    doubled = ("3月", [[*HEADER, HEADER[0]], ["赵六", "7", "8", "9"]])
    with pytest.raises(DataError, match="3月, row 1: columns 1 and 4 have the same name"):
        read(months(doubled), takes=has_header, sheet="*")
    damaged = with_member(months(), "xl/worksheets/sheet2.xml", "<worksheet>")
    with pytest.raises(DataError):
        read(damaged, takes=has_header, sheet="*")
    assert read(damaged).raw.unread == ("2月",)


def test_all_sheets_of_a_workbook_that_has_none() -> None:
    with pytest.raises(DataError, match="is empty"):
        read(workbook(), sheet="*")


@pytest.mark.parametrize("content", [workbook(), workbook([None, None])])
def test_empty_workbook(content: bytes) -> None:
    assert "is empty" in refused(content)


def many_rows(count: int) -> list[list[Any]]:
    begin = moment("2022-07-01")
    return [[f"张三{i}", i * 1.5, begin + dt.timedelta(hours=i)] for i in range(count)]


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_slices, "_SLICE", 2_000)
    monkeypatch.setattr(sheet_slices, "_PIECE", 700)


@pytest.mark.usefixtures("small_slices")
def test_slices_give_what_the_whole_gives() -> None:
    rows = many_rows(300)
    rows[100:140] = [[] for _ in range(40)]

    def merged(sheet: Worksheet) -> None:
        sheet.merge_cells("A20:A90")

    content = workbook(HEADER, *rows, then=merged)
    got = read(content)
    assert list(got.rows) == [n for n in range(2, 302) if not 102 <= n < 142]
    assert got.rows[301]["证件号码"] == "448.5"
    assert {got.rows[n]["姓名"] for n in range(20, 91)} == {"张三18"}


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_rows_without_numbers_and_names_with_prefixes(prefix: str) -> None:
    def row(*texts: str) -> str:
        cells = "".join(
            f'<{prefix}c t="inlineStr"><{prefix}is><{prefix}t>{text}</{prefix}t></{prefix}is>'
            f"</{prefix}c>"
            for text in texts
        )
        return f"<{prefix}row>{cells}</{prefix}row>"

    xml = sheet_xml(row("a", "b") + row() + row("1", "2") + row("3"), prefix=prefix)
    got = read(with_sheet(xml))
    assert got.rows == {3: {"a": "1", "b": "2"}, 4: {"a": "3", "b": None}}


@pytest.mark.usefixtures("small_slices")
def test_rows_without_numbers_in_slices() -> None:
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'
    rows = "".join(f"<row>{cell.format(f'v{i}')}</row>" for i in range(1, 201))
    got = read(with_sheet(sheet_xml(rows)), header_row=1)
    assert got.rows == {n: {"v1": f"v{n}"} for n in range(2, 201)}


@pytest.mark.parametrize("address", ["Aoooooooooooooooooooo1", "A1A", "A99999999999", "甲1"])
def test_a_cell_beyond_every_sheet_is_damage(address: str) -> None:
    rows = f'<row r="1">{text_cell("A1", "a")}{text_cell("B1", "b")}</row>'
    rows += f'<row r="2">{text_cell(address, "1")}</row>'
    assert "damaged" in refused(with_sheet(sheet_xml(rows)))


def test_one_cell_in_the_last_corner_takes_no_memory() -> None:
    rows = f'<row r="1">{text_cell("A1", "a")}{text_cell("B1", "b")}</row>'
    rows += f'<row r="2">{text_cell("A2", "1")}</row>'
    rows += f'<row r="1048576">{text_cell("A1048576", "2")}{text_cell("XFD1048576", "x")}</row>'
    got = read(with_sheet(sheet_xml(rows)))
    assert got.rows == {2: {"a": "1", "b": None}}
    assert got.rejects == {1048576: "has a value in column 16384, which the header does not name"}


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="3"/><row r="2"/>',
        '<row r="2"/><row r="2"/>',
        '<row r="1048577"/>',
        '<row r="0"/>',
        "<!-- <row r='2'/> --><row r='3'/>",
        '<row r="2"><c r="A2"><v><![CDATA[</row>]]></v></c></row>',
    ],
)
def test_rows_that_no_spreadsheet_writes(rows: str) -> None:
    head = f'<row r="1">{text_cell("A1", "a")}</row>'
    assert "damaged" in refused(with_sheet(sheet_xml(head + rows)))


def test_entities_are_refused() -> None:
    doctype = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    content = with_member(
        workbook(HEADER),
        "xl/workbook.xml",
        f'<?xml version="1.0"?>{doctype}<workbook>&b;</workbook>',
    )
    assert "damaged" in refused(content)


def test_row_without_end_is_named() -> None:
    rows = f'<row r="1">{text_cell("A1", "a")}</row><row r="2"><c r="A2"><v>'
    xml = sheet_xml(rows + "1" * (sheet_slices.LONGEST_ROW + (3 << 20)))
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["x"]))) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new,
    ):
        for info in old.infolist():
            text = xml if info.filename.endswith("sheet1.xml") else old.read(info)
            new.writestr(info.filename, text)
    assert "row 2: the row does not end within 8 MiB" in refused(made.getvalue())


# Made once: a workbook tells when it was written.
WHOLE = workbook(HEADER, *many_rows(5))


@settings(max_examples=60)
@given(st.data())
def test_damaged_workbook_gives_rows_or_a_message(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        read(bytes(content), "a.xlsx")
    except UserError as error:
        assert error.text.en
        assert error.text.zh


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_truncated_workbook(share: float) -> None:
    content = workbook(HEADER, *many_rows(50))
    cut = content[: int(len(content) * share)]
    assert "is not a whole ZIP archive or workbook" in refused(cut, "a.xlsx")


def test_workbook_of_the_old_form_or_with_a_password() -> None:
    assert "old form (.xls) or protected" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100)


def test_two_hundred_columns() -> None:
    names = [f"字段{chr(0x4E00 + place)}" for place in range(200)]
    got = read(workbook(names, list(range(200))))
    assert got.raw.columns == tuple(names)
    assert got.rows[2][names[199]] == "199"


def test_styles_that_are_no_xml() -> None:
    content = with_member(workbook(HEADER, ["张三", 1, 2]), "xl/styles.xml", b"<no")
    assert "rows 1 to 2: the workbook is damaged" in refused(content)
