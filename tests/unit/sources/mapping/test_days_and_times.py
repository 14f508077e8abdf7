"""Moments of two columns: a day that has no time of day, and ends past midnight."""

from __future__ import annotations

import pytest

from ringfence.errors import DataError

from .channels import GOOD, INN, applied, channel, rows_of

LEAVES = "leaves: {column: 离店, as: datetime, optional: true}"
JOINED = "leaves: {columns: [日期, 离店], as: datetime, optional: true"
OPEN = INN.replace(LEAVES, JOINED + "}")
NEXT = INN.replace(LEAVES, JOINED + ", next_day_if_before: arrives}")


def row(start: str | None, end: str | None, day: str = "2022-09-19") -> dict[str, str | None]:
    return {**GOOD, "日期": day, "时间": start, "离店": end}


def stays(text: str, *rows: dict[str, str | None]) -> list[tuple[str, str]]:
    found = rows_of(applied(rows, text), "presence")
    return [(str(one["start"])[:16], str(one["end"])[:16]) for one in found]


def test_a_day_without_its_time_is_left_out_and_counted() -> None:
    found = applied([row("20:15", "21:00"), row("20:15", None)], OPEN)
    assert found.accepted == 2
    assert found.emptied == {"leaves": 1}
    assert rows_of(found, "presence")[1]["end"] is None


def test_what_is_wrong_in_other_ways_is_still_refused() -> None:
    rows = [row("20:15", "25:00"), row("20:15", None, day="2022-09-31"), row(None, "21:00")]
    found = applied(rows, OPEN)
    assert not found.emptied
    assert {reject.row for reject in found.rejects} == {2, 3, 4}


def test_a_day_without_its_time_in_a_form_of_its_own() -> None:
    forms = ', forms: ["%d/%m/%Y %H:%M"]'
    text = OPEN.replace(JOINED, JOINED + forms).replace(
        "arrives: {columns: [日期, 时间], as: datetime",
        "arrives: {columns: [日期, 时间], as: datetime" + forms,
    )
    rows = [row("20:15", None, "19/09/2022"), row("20:15", "x", "19/09/2022")]
    found = applied(rows, text)
    assert (found.accepted, found.emptied) == (1, {"leaves": 1})
    assert [reject.row for reject in found.rejects] == [3]


def test_one_column_that_should_tell_both_is_refused_without_a_time() -> None:
    assert applied([{**GOOD, "离店": "2022-09-20"}]).rejects


def test_an_end_past_midnight_is_on_the_next_day() -> None:
    assert stays(NEXT, row("20:15", "21:00"), row("23:00", "01:30"), row("20:15", None)) == [
        ("2022-09-19 12:15", "2022-09-19 13:00"),
        ("2022-09-19 15:00", "2022-09-19 17:30"),
        ("2022-09-19 12:15", "None"),
    ]
    assert [r.row for r in applied([row("23:00", "01:30")], OPEN).rejects] == [2]


@pytest.mark.parametrize(
    "wrong",
    [
        JOINED + ", next_day_if_before: nothing}",
        JOINED + ", next_day_if_before: leaves}",
        JOINED + ", next_day_if_before: inn}",
        "leaves: {columns: [其他日, 离店], as: datetime, next_day_if_before: arrives}",
        "leaves: {column: 离店, as: datetime, next_day_if_before: arrives}",
    ],
)
def test_the_next_day_is_for_two_moments_of_one_day(wrong: str) -> None:
    with pytest.raises(DataError, match="the same column of days"):
        channel(INN.replace(LEAVES, wrong))
