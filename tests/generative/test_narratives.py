"""Whatever stands in a text: spans lie in it, nothing is told twice, and reading ends."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.narratives.told import told_in

from ringfence.narratives.model import Reading
from ringfence.narratives.telling import LONGEST_NUMBER, MOST_CHARACTERS, read

WRITTEN = date(2022, 7, 12)
PARTS = (
    *(
        "7月8日",
        "2月30日",
        "次日",
        "（5日）",
        "当晚",
        "8时30分",
        "25时",
        "22:00-1:30",
        "至",
        "约",
        "许",
    ),
    *(
        "从",
        "到",
        "在",
        "柳园小区",
        "老巷面馆",
        "临江南站",
        "乘坐",
        "G1234次",
        "3车厢",
        "12F",
        "（",
        "）",
    ),
    *(
        "核酸检测",
        "阳性",
        "发热",
        "隔离",
        "与同事",
        "未戴口罩",
        "就餐",
        "，",
        "。",
        "、",
        "\n",
        "\u200b",
    ),
    *(
        "以上均",
        "病例2",
        "未",
        "On 5 July",
        "at 8:30 am",
        "took train",
        "to ",
        "Old Lane Market",
        ". ",
    ),
)
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=3)), max_size=40).map("".join),
)


def check(reading: Reading) -> None:
    text = reading.shown
    for first, last in (
        *(event.span for event in reading.events),
        *(one.span for one in reading.not_understood),
    ):
        assert 0 <= first < last <= len(text)
    for one in reading.not_understood:
        assert one.text == text[slice(*one.span)]


@given(TEXTS)
def test_spans_lie_in_the_text_and_values_are_its_words(text: str) -> None:
    reading = read(text, WRITTEN)
    assert len(reading.shown) == len(text)
    check(reading)
    plain = re.sub(r"\s", "", text)
    for event in reading.events:
        for name in (event.place, event.origin, event.to):
            assert name is None or re.sub(r"\s", "", name)[0] in plain


@given(TEXTS)
def test_the_same_text_tells_the_same(text: str) -> None:
    assert read(text, WRITTEN) == read(text, WRITTEN)


@given(st.integers(0, 400))
def test_a_text_that_ends_anywhere_is_read_as_far(end: int) -> None:
    for told in told_in("develop")[:5]:
        check(read(told.text[:end], WRITTEN))


@pytest.mark.parametrize(
    "part",
    [
        "床前明月光疑是地上霜",
        "12",
        "8:30",
        "(",
        "7月8日",
        "到 at 去 from ",
        " ",
        "and ",
        "Aa of the ",
        "7月3、",
    ],
)
def test_hostile_texts_are_bounded(part: str) -> None:
    """Of a text that is too long the rest is listed; a form that costs more than its length would
    take minutes here."""
    text = part * (MOST_CHARACTERS // len(part) + 10)
    reading = read(text, WRITTEN)
    check(replace(reading, not_understood=reading.not_understood[:-1]))
    first, last = reading.not_understood[-1].span
    assert MOST_CHARACTERS - LONGEST_NUMBER <= first <= MOST_CHARACTERS
    assert last == len(text)
