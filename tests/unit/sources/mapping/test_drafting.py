"""Drafts of files that nobody has seen before: what is recognised, and what is asked."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from tests.unit.sources.raw.sheets import workbook

from ringfence.errors import DataError

from .drafts import ID, channel, columns, doubts, drafted, table


def test_the_moment_that_mostly_is_later_is_the_end() -> None:
    made = drafted(
        table(
            "上机时间,下机时间",
            "2022年9月19日 8时14分,2022年9月19日 9时00分",
            "2022年9月19日 8时14分,",
            "2022年9月19日 8时14分,2022年9月19日 7时00分",
            "2022年9月19日 22时14分,2022年9月20日 1时00分",
        )
    )
    assert columns(made)["start"] == ("上机时间",)
    assert columns(made)["end"] == ("下机时间",)
    assert channel(made).tables == ("subject", "presence")
    assert any('mostly later than "上机时间"' in doubt for doubt in doubts(made))


def test_a_second_moment_that_is_not_later_is_asked_about() -> None:
    made = drafted(table("来店时间,办卡时间", "2022-09-19 08:00,2022-09-01 08:00"))
    assert columns(made)["at"] == ("来店时间",)
    assert channel(made).ignored == ("办卡时间",)
    assert '"办卡时间" looks like a date and time, and no record uses it' in doubts(made)


@pytest.mark.parametrize("header", ["openedAt", "甲", "amount", "备注", "Service", "座位号"])
@pytest.mark.parametrize(
    "value",
    [
        "2022-09-19T21:34:04",
        "2022年9月19日 8时30分",
        "20220919083000",
        "19.09.2022 08:30",
        "2022-09-19T21:34:04+08:00",
    ],
)
def test_times_are_known_by_their_values(header: str, value: str) -> None:
    made = drafted(table(header, value, value))
    assert columns(made)["at"] == (header,)
    assert "found by its values, not by its header" in doubts(made)


def test_without_a_place_times_are_asked_about() -> None:
    made = drafted(
        f"身份证号,opened,day,clock,Time\n{ID},2022-09-19 08:00,2022-09-19,08:00,09:00\n"
    )
    assert columns(made) == {"id": ("身份证号",)}
    asked = [doubt for doubt in doubts(made) if "looks like" in doubt]
    assert '"opened" looks like a date and time, and no record uses it' in asked
    assert sorted(word for doubt in asked for word in doubt.split('"')[1::2] if word != " + ") == [
        *("Time", "clock", "day", "day", "opened"),
    ]
    assert any("no column tells the place" in doubt for doubt in doubts(made))


def test_one_day_goes_with_the_two_times_beside_it() -> None:
    made = drafted(table("Visit Date,Time In,Time Out", "2022/9/19,8:05,9:40", "2022/9/19,10:00,"))
    assert columns(made)["start"] == ("Visit Date", "Time In")
    assert columns(made)["end"] == ("Visit Date", "Time Out")


def test_ends_past_midnight_of_the_same_day() -> None:
    rows = ["2022/9/19,22:05,23:40", "2022/9/19,20:00,22:00", "2022/9/19,23:00,1:00"]
    made = drafted(table("日期,进,出", *rows))
    assert channel(made).fields["end"].next_day_if_before == "start"
    asked = "in 33 % of the rows before the start, and so taken for the day after: is it?"
    assert asked in doubts(made)


def test_each_time_goes_with_its_own_day() -> None:
    rows = "19/09/2022,20/09/2022,23:00,01:00"
    made = drafted(table("入住日期,离店日期,入住时间,离店时间", rows))
    assert columns(made)["start"] == ("入住日期", "入住时间")
    assert columns(made)["end"] == ("离店日期", "离店时间")
    assert channel(made).fields["start"].forms == ("%d/%m/%Y %H:%M",)


def test_cells_of_a_workbook_that_hold_dates_and_times() -> None:
    start = datetime(2022, 9, 19, 18)  # noqa: DTZ001
    rows = [(ID, "7", start.date(), start.time(), (start + timedelta(hours=1)).time())]
    made = drafted(workbook(["ID Card", "门店", "D", "In", "Out"], *rows * 3), "pool.xlsx")
    assert columns(made)["start"] == ("D", "In")
    assert columns(made)["end"] == ("D", "Out")


def test_days_that_are_written_with_midnight_are_days() -> None:
    made = drafted(table("day,clock", "2022-09-19T00:00:00,08:00", "2022-09-20T00:00:00,09:00"))
    assert columns(made)["at"] == ("day", "clock")


def test_dates_that_lie_years_apart_are_no_moments() -> None:
    made = drafted(table("甲,乙", "1985-03-12,2022-09-19 08:00", "2001-03-12,2022-09-19 08:00"))
    assert columns(made)["at"] == ("乙",)
    assert '"甲" looks like a date, and no record uses it' in doubts(made)


def test_numbers_are_no_times() -> None:
    made = drafted(table("card,price,no", "44823,44823.5,20229999", "44824,0.5,20221301"))
    assert not [doubt for doubt in doubts(made) if "looks like" in doubt]


def test_a_vehicle_is_seen_when_it_came_where_no_other_moment_is_told() -> None:
    made = drafted(
        "车牌,门店,入场时间,离场时间\n浙A12345,7,2022-09-19 08:00,2022-09-19 09:00\n" * 1
    )
    assert channel(made).tables == ("sighting",)
    assert columns(made)["start"] == ("入场时间",)
    assert '"离场时间" looks like a date and time, and no record uses it' in doubts(made)


@pytest.mark.parametrize("word", ["合计", "总计", "Total"])
def test_totals_are_no_rows(word: str) -> None:
    rows = table("姓名,入场", *["王小敏,2022-09-19 08:00"] * 3)
    made = drafted(f"{rows}{word},,3人次,\n制表人,,,\n")
    assert made.rows == 3
    assert not channel(made).fields["id"].optional
    assert channel(made).form.totals == ("合计", "总计", "Total")
    assert not [doubt for doubt in doubts(made) if "%" in doubt]


def test_a_doubt_says_what_will_happen() -> None:
    rows = [f"{ID},7,王小敏,15400000001,2022-09-19 08:00" for _ in range(199)]
    rows.append("12,7,1,2,2022-09-19 25:00")
    rows.append(f"{ID},,王小敏,15400000001,2022-09-19 08:00")
    made = drafted("身份证号,门店,姓名,手机,入场\n" + "\n".join(rows))
    assert "under 1 % of the values are no id_number; those rows are set aside" in doubts(made)
    assert "under 1 % of the values are no name; they are left out" in doubts(made)
    assert "under 1 % of the values are no datetime; those rows are set aside" in doubts(made)
    assert "under 1 % of the rows have no value here; those rows are set aside" in doubts(made)


@pytest.mark.parametrize("header", ["Guest", "recipient.name", "visitor_name"])
def test_names_of_which_some_are_masked(header: str) -> None:
    made = drafted(
        table(f"{header},入场", *["王小敏,2022-09-19 08:00", "王**,2022-09-19 08:00"] * 2)
    )
    assert columns(made)["name"] == (header,)


@pytest.mark.parametrize("header", ["Hall seat", "room table", "座位号", "桌号", "包房间座"])
def test_a_seat_or_table_is_no_zone(header: str) -> None:
    made = drafted(table(f"{header},开始时间", "A01,2022-09-19 08:00"))
    assert "zone" not in columns(made)


def test_doubts_in_chinese() -> None:
    made = drafted(table("甲,乙", "1985-03-12,12", "2001-03-12,12"), language="zh")
    lines = [line.strip() for line in made.text.splitlines() if "#" in line]
    assert made.doubts == len(lines) == made.text.count("# 存疑：")
    assert "# 存疑：“甲”像是日期，但没有记录使用它" in lines
    assert "DOUBT" not in made.text


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "  # Where it does not, and all are of your jurisdiction, add `within: home`.\n"),
        ("zh", "  # 若未写明且均在本辖区内，请加 `within: home`。\n"),
    ],
)
def test_an_address_is_asked_about_in_two_lines(language: str, told: str) -> None:
    made = drafted(f"身份证号,住址\n{ID},江苏省南京市鼓楼区中山路1号\n", language=language)
    assert told in made.text


def test_a_name_of_several_lines_ends_no_doubt() -> None:
    row = {"身份证号": ID, "opened\nmore: 1": "2022-09-19 08:00"}
    made = drafted(json.dumps(row), "file.ndjson")
    assert '"opened more: 1" looks like a date and time, and no record uses it' in doubts(made)


def test_a_file_that_tells_of_nobody() -> None:
    with pytest.raises(DataError, match="no column was recognised"):
        drafted("a,b\n1,2\n")
