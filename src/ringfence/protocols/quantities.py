"""Readers of single values: names, days, durations, distances, yes or no."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from ringfence.errors import Text
from ringfence.protocols.fields import Value

_NAME = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
_CODE = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DURATION = re.compile(r"(\d{1,6})\s?([mhd])")
_OFFSET = re.compile(r"([+-]?\d{1,4})\s?d")
_DISTANCE = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)\s?(m|cm|ft)")
_NUMBER = re.compile(r"\d{1,6}(\.\d{1,6})?")

_MINUTES = {"m": 1, "h": 60, "d": 24 * 60}
_METRES = {"m": 1.0, "cm": 0.01, "ft": 0.3048}
_MOST_TEXT = 1000


def words(value: Value) -> str:
    """Any sentence."""
    text = value.text()
    if not text or len(text) > _MOST_TEXT:
        raise value.refused(
            f"a text of 1 to {_MOST_TEXT} characters is wanted",
            f"应为 1 至 {_MOST_TEXT} 个字符的文本",
        )
    return text


def name(value: Value) -> str:
    text = value.text()
    if not _NAME.fullmatch(text) or len(text) > 64:
        raise value.refused(
            "a name is wanted: small letters and digits, joined by - _ or . (covid-cn-9)",
            "应为名称：小写字母和数字，可用 - _ . 连接（如 covid-cn-9）",
        )
    return text


def code(value: Value) -> str:
    text = value.text()
    if not _CODE.fullmatch(text) or len(text) > 64:
        raise value.refused(
            "the code of a jurisdiction is wanted (CN, US-CA)", "应为管辖地代码（如 CN、US-CA）"
        )
    return text


def both_languages(value: Value) -> Text:
    section = value.section("en", "zh")
    return Text(section.need("en", words, ""), section.need("zh", words, ""))


def truth(value: Value) -> bool:
    text = value.text()
    if text not in ("true", "false"):
        raise value.refused("true or false is wanted", "应为 true 或 false")
    return text == "true"


def whole(least: int, most: int) -> Callable[[Value], int]:
    def read(value: Value) -> int:
        text = value.text()
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise value.refused(
                f"a whole number from {least} to {most} is wanted",
                f"应为 {least} 至 {most} 的整数",
            )
        return int(text)

    return read


def day(value: Value) -> date:
    text = value.text()
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise value.refused(
            "a calendar day is wanted (2022-06-28)", "应为日期（如 2022-06-28）"
        ) from None


def duration(value: Value) -> int:
    """Minutes of `45m`, `2h` or `1d`."""
    found = _DURATION.fullmatch(value.text())
    minutes = int(found[1]) * _MINUTES[found[2]] if found else -1
    if not 0 <= minutes <= 31 * _MINUTES["d"]:
        raise value.refused(
            "a length of time is wanted (45m, 2h, 1d; at most 31d)",
            "应为时长（如 45m、2h、1d，至多 31d）",
        )
    return minutes


def minutes(value: Value) -> float:
    """Minutes of a bare number, or of a length of time."""
    text = value.text()
    if _NUMBER.fullmatch(text):
        return float(text)
    return float(duration(value))


def offset(value: Value) -> int:
    """Days of `-2d` or `4d`."""
    found = _OFFSET.fullmatch(value.text())
    if not found or abs(int(found[1])) > 366:
        raise value.refused(
            "a number of days is wanted (-2d, 4d; at most 366d)",
            "应为天数（如 -2d、4d，至多 366d）",
        )
    return int(found[1])


def days(value: Value) -> int:
    found = offset(value)
    if found < 0:
        raise value.refused("days cannot be negative here", "此处天数不能为负")
    return found


def distance(value: Value) -> float:
    """Metres of `1m`, `150cm` or `6ft` (exactly 0.3048 m each)."""
    found = _DISTANCE.fullmatch(value.text())
    if not found:
        raise value.refused(
            "a distance with its unit is wanted (1m, 150cm, 6ft)",
            "应为带单位的距离（如 1m、150cm、6ft）",
        )
    return round(float(found[1]) * _METRES[found[2]], 6)
