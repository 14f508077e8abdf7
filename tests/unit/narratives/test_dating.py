"""Which day a date is: by the one before it, by the order, and by the day of writing."""

from __future__ import annotations

from datetime import date

import pytest

from ringfence.narratives.dating import Day, day_of
from ringfence.narratives.marks import marks_of
from ringfence.narratives.text import Narrative

WRITTEN = date(2022, 7, 12)


def days(text: str, written: date | None = WRITTEN) -> list[str]:
    before: Day | None = None
    found = []
    for mark in marks_of(Narrative(text).plain):
        if mark.rule.kind == "dates" and mark.name in {"day", "bare_day", "refers"}:
            told = day_of(mark, before, written)
            if told is not None:
                found.append(told.written if told.real else f"{told.written}?")
                before = told
    return found


@pytest.mark.parametrize(
    ("text", "written", "wanted"),
    [
        ("7月8日…9日…次日", WRITTEN, ["2022-07-08", "2022-07-09", "2022-07-10"]),
        ("7月8日…当日…同日", WRITTEN, ["2022-07-08", "2022-07-08", "2022-07-08"]),
        ("12月30日…1月2日", date(2022, 1, 10), ["2021-12-30", "2022-01-02"]),
        ("2021年12月30日…1月2日", None, ["2021-12-30", "2022-01-02"]),
        ("7月30日…2日", date(2022, 8, 5), ["2022-07-30", "2022-08-02"]),
        ("7月8日…7月5日", WRITTEN, ["2022-07-08", "2022-07-05"]),
        ("2月30日", date(2022, 3, 5), ["2022-02-30?"]),
        ("2月29日", date(2022, 3, 5), ["2022-02-29?"]),
        ("2月29日", date(2020, 3, 5), ["2020-02-29"]),
        ("7月4日…次日（5日）", WRITTEN, ["2022-07-04", "2022-07-05"]),
        ("7月31日…次日", date(2022, 8, 5), ["2022-07-31", "2022-08-01"]),
        ("7月8日", None, ["07-08"]),
        ("8月1日", WRITTEN, ["2021-08-01"]),
        ("5日…8日", WRITTEN, ["2022-07-05", "2022-07-08"]),
        ("30日…2日", WRITTEN, ["2022-06-30", "2022-07-02"]),
        ("次日", WRITTEN, []),
        ("７月８日…９日", WRITTEN, ["2022-07-08", "2022-07-09"]),
        ("On 5 July … the next day", WRITTEN, ["2022-07-05", "2022-07-06"]),
        ("July 9 … 10 July … the same day", WRITTEN, ["2022-07-09", "2022-07-10", "2022-07-10"]),
    ],
)
def test_days(text: str, written: date | None, wanted: list[str]) -> None:
    assert days(text, written) == wanted


def test_no_span_loses_its_characters() -> None:
    text = "７月８\u200b日，当\u200b日"
    told = Narrative(text)
    first, second = marks_of(told.plain)
    assert told.words(first.start, first.end) == "７月８\u200b日"
    assert told.words(second.start, second.end) == "当\u200b日"
