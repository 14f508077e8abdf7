"""Which row is the header: the first that names columns."""

from __future__ import annotations

import pytest

from ringfence.sources.raw.headers import find_header, first_filled, names_of

DATA = ["张三", "000101199001010015", "13800000000", "2022-09-19 08:30"]
NAMES = ["姓名", "证件号码", "联系电话", "入住时间"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([NAMES, DATA, DATA], 1),
        ([["登记表", None, None, None], [], NAMES, DATA, DATA], 3),
        ([["单位：甲", "日期：2022-09-19", None, None], NAMES, DATA, DATA, DATA], 2),
        ([["2022", "9", "19", "1"], NAMES, DATA, DATA], 2),
        ([["单位", "甲"], [], ["姓名", "号码", "时间"], ["张三", "1", "2"], ["李四", "1", "2"]], 3),
        ([["姓名", "电话", "备注", None], DATA, DATA], 1),
        ([DATA, DATA], None),
        ([], None),
        ([[None, " "], []], None),
        ([["姓名"], ["张三"], ["李四"]], 1),
        ([["姓名", "姓名", "电话", "备注"], ["张三", "李四", "甲", "乙"]], 1),
    ],
)
def test_found(rows: list[list[str | None]], expected: int | None) -> None:
    assert find_header(rows) == expected


def test_names_are_freed_of_line_breaks_and_spaces() -> None:
    assert names_of(["\ufeff姓名 ", "入住\r\n日期", None, "a b"]) == ["姓名", "入住日期", "", "a b"]


def test_first_filled() -> None:
    assert first_filled([[None], ["", " "], ["x"]]) == 3
    assert first_filled([[None]]) is None
