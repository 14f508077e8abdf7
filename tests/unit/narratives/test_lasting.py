"""From when to when an event was: as told, or as may be assumed."""

from __future__ import annotations

from datetime import date

import pytest

from ringfence.narratives.lasting import lasting
from ringfence.narratives.telling import read

CASES = [
    ("7月8日9:00至10:00在南桥超市购物。", [("07-08 09:00", "07-08 10:00", True)]),
    ("7月8日9时到南桥超市购物。", [("07-08 09:00", None, True)]),
    (
        "7月8日9时到南桥超市购物，11时到老巷面馆就餐。",
        [("07-08 09:00", "07-08 11:00", False), ("07-08 11:00", None, True)],
    ),
    ("7月8日下午在南桥超市购物。", [("07-08 12:00", "07-08 18:00", False)]),
    ("7月8日全天居家。", [("07-08 00:00", "07-09 00:00", True)]),
    ("7月8日至9日居家。", [("07-08 00:00", "07-10 00:00", True)]),
    ("7月6日22时至次日1时在夜航KTV唱歌。", [("07-06 22:00", "07-07 01:00", True)]),
    ("7月8日20时至24时在夜航KTV唱歌。", [("07-08 20:00", "07-09 00:00", True)]),
    ("7月8日在南桥超市购物。", [(None, None, True)]),
    ("2月30日9时至10时在南桥超市购物。", [(None, None, True)]),
    ("7月8日9:00-8:00在南桥超市购物。", [("07-08 09:00", None, True)]),
    ("9时在南桥超市购物。", [(None, None, True)]),
]


@pytest.mark.parametrize(("text", "told"), CASES, ids=[text for text, _ in CASES])
def test_from_when_to_when(text: str, told: list[tuple[str | None, str | None, bool]]) -> None:
    found = lasting(read(text, date(2022, 7, 12)).events, "Asia/Shanghai")
    shown = [
        (
            None if one.start is None else f"{one.start:%m-%d %H:%M}",
            None if one.end is None else f"{one.end:%m-%d %H:%M}",
            one.told,
        )
        for one in found
    ]
    assert shown == told


def test_without_a_year_no_instant_is_known() -> None:
    (one,) = lasting(read("7月8日9时到南桥超市购物。", None).events, "Asia/Shanghai")
    assert (one.start, one.end) == (None, None)
