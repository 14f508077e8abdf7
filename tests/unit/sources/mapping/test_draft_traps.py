"""Drafts of files that lead a hurried reader astray: counted times, spoilt numbers, parents."""

from __future__ import annotations

import json

import pytest

from .drafts import ID, channel, columns, doubts, drafted, table


@pytest.mark.parametrize(
    ("form", "counted"), [("epoch_ms", [1663574400123, 1663576620123]), ("epoch", [1663574400])]
)
@pytest.mark.parametrize("name", ["openedAt", "开箱时间", "time"])
def test_moments_counted_since_1970(form: str, counted: list[int], name: str) -> None:
    rows = [{"身份证号": ID, "site": {"id": "L7"}, name: moment} for moment in counted]
    made = drafted(json.dumps(rows), "file.json")
    at = channel(made).fields["at"]
    assert (at.kind, at.forms) == ("datetime", (form,))
    assert channel(made).tables == ("subject", "event")


def test_how_an_unused_moment_is_written_is_said() -> None:
    made = drafted(json.dumps([{"phone": "15400000001", "openedAt": 1663574400123}]), "file.json")
    told = '"openedAt" looks like a date and time (forms: [epoch_ms]), and no record uses it'
    assert told in doubts(made)


@pytest.mark.parametrize(
    "number", ["1363574400123", "1963574400123", "0663574400", "9999999999999"]
)
def test_numbers_of_another_age_are_no_moments(number: str) -> None:
    made = drafted(f"身份证号,门店,单号\n{ID},7,{number}\n")
    assert "单号" in channel(made).ignored


@pytest.mark.parametrize(
    "spoilt", ["1.01201E+17", "0001*********2156", "000101198503122000", "3.10101198503122E+17"]
)
def test_numbers_that_were_spoilt_stay_the_numbers_of_the_file(spoilt: str) -> None:
    rows = "".join(f"{number},15400000001\n" for number in [spoilt] * 4 + [ID])
    made = drafted(f"身份证件号,电话\n{rows}")
    assert columns(made)["id"] == ("身份证件号",)
    told = doubts(made)
    assert "80 % of the values are no id_number; those rows are set aside" in told
    assert any("rounded by a spreadsheet or masked" in doubt for doubt in told)


def test_a_column_of_other_values_is_no_number_whatever_its_name() -> None:
    made = drafted("身份证件号,电话\n无需登记,15400000001\n无需登记,15400000002\n")
    assert "id" not in columns(made)


@pytest.mark.parametrize("header", ["监护人电话", "家长手机", "emergency_phone", "Parent mobile"])
def test_a_parents_telephone_is_not_the_childs(header: str) -> None:
    made = drafted(f"身份证号,{header}\n{ID},15400000001\n")
    assert "phone" not in columns(made)
    assert channel(made).ignored == (header,)


def test_who_is_known_by_a_telephone_alone_is_asked_about() -> None:
    told = "whoever has the same telephone is taken for one person"
    assert any(told in doubt for doubt in doubts(drafted("姓名,电话\n王小敏,15400000001\n")))
    assert not any(told in doubt for doubt in doubts(drafted(f"身份证号,电话\n{ID},15400000001\n")))


@pytest.mark.parametrize("word", ["合计 TOTAL", "总 计", "合计：", "Grand Total", "总计/合计"])
def test_a_totals_row_of_other_words_is_no_row(word: str) -> None:
    rows = table("姓名,入场", *["王小敏,2022-09-19 08:00"] * 3)
    made = drafted(f"{rows}{word},3,,\n制表人：李芳,,船长签字：,\n")
    assert (made.rows, channel(made).form.totals) == (3, ("合计", "总计", "Total", word))
    assert not [doubt for doubt in doubts(made) if "%" in doubt]


@pytest.mark.parametrize("word", ["合计王小敏", "Total Fitness", "统计", "小计"])
def test_words_that_may_be_anything_end_no_table(word: str) -> None:
    made = drafted(f"店名,身份证号\n甲,{ID}\n{word},{ID}\n")
    assert (made.rows, channel(made).form.totals) == (2, ("合计", "总计", "Total"))
