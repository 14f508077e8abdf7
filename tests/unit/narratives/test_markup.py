"""Texts copied from a page: tags and entities are read as their reader saw them."""

from __future__ import annotations

import pytest

from ringfence.narratives.telling import read
from ringfence.narratives.text import Narrative


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<p>7月5日</p>", "\n7月5日\n"),
        ("8:00&mdash;9:00", "8:00-9:00"),
        ("8&nbsp;am &lt;home&gt;", "8 am <home>"),
        ("<td class='x'>甲</td><TD>乙", "甲乙"),
        ("A&amp;B, A&B; &bogus;", "A&B, A&B; &bogus;"),
        ("&#26411; &#x672b; &#0;", "末 末 \ufffd"),
        ("T<37.3, <someone>, a < b", "T<37.3, <someone>, a < b"),
        ("<b", "<b"),
    ],
)
def test_what_a_reader_saw(text: str, seen: str) -> None:
    assert Narrative(text).plain == seen


def test_spans_are_of_the_text_as_it_was_written() -> None:
    text = "7月5日<b>9:00&mdash;10:00</b>到<i>惠丰</i>超市购物。"
    (event,) = read(text, None).events
    assert event.place == "惠丰超市"
    assert text[slice(*event.span)] == text.removesuffix("。")


def test_a_name_between_tags_is_hidden() -> None:
    reading = read("患者<b>单雄信</b>，电话<i>138</i>00138001，7月5日到惠丰超市。", None)
    assert "雄" not in reading.shown
    assert "138" not in reading.shown
    (known,) = reading.people
    assert (known.name, known.phone) == ("单雄信", "13800138001")
