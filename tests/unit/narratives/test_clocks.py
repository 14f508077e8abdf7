"""What time of day a clock says."""

from __future__ import annotations

import pytest

from ringfence.narratives.clocks import Vague, clock_of, vague_of
from ringfence.narratives.marks import marks_of
from ringfence.narratives.text import Narrative


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("8时30分", "08:30"),
        ("8时", "08:00"),
        ("下午15时", "15:00"),
        ("下午3点", "15:00"),
        ("晚8点半", "20:30"),
        ("晚上12点", "24:00"),
        ("凌晨1时30分", "01:30"),
        ("凌晨12点", "00:00"),
        ("中午12时", "12:00"),
        ("中午1点", "13:00"),
        ("24时", "24:00"),
        ("25时", "25:00?"),
        ("16时75分", "16:75?"),
        ("18:99", "18:99?"),
        ("9时许", "~09:00"),
        ("约10时", "~10:00"),
        ("13点多", "~13:00"),
        ("9时10分许", "~09:10"),
        ("12：15", "12:15"),
        ("２２:10分", "22:10"),
        ("上午9:05左右", "~09:05"),
        ("8:30 am", "08:30"),
        ("12 am", "00:00"),
        ("12:10 p.m.", "12:10"),
        ("11pm", "23:00"),
        ("noon", "12:00"),
        ("midnight", "24:00"),
    ],
)
def test_clocks(text: str, wanted: str) -> None:
    (mark,) = marks_of(Narrative(text).plain)
    told = clock_of(mark)
    assert f"{'~' * told.about}{told.written}{'' if told.real else '?'}" == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("晚饭后", Vague.AFTER_MEAL),
        ("夜班", Vague.NIGHT_SHIFT),
        ("全天", Vague.ALL_DAY),
        ("Early  Morning", Vague.EARLY),
    ],
)
def test_parts_of_the_day(text: str, wanted: Vague) -> None:
    plain = Narrative(text).plain
    mark = next(mark for mark in marks_of(plain) if mark.rule.kind == "clocks")
    assert vague_of(mark, plain) == wanted
