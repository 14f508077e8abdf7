"""What time of day a clock says, in whichever way it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ringfence.narratives.marks import Mark


class Vague(StrEnum):
    """How a time is told that is no exact clock."""

    ABOUT = "about"
    EARLY = "early_morning"
    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"
    ALL_DAY = "all_day"
    NIGHT_SHIFT = "night_shift"
    DAY_SHIFT = "day_shift"
    AFTER_MEAL = "after_meal"


@dataclass(frozen=True)
class Clock:
    """`minutes` of the day, to 1440 (24:00). `about`: 许, 左右, 约. `real` False: there is no such
    time, as 25:00 or 16:75 (`over`: minutes past 59); it is kept as it was written. `spoken`: 九点,
    which may be of the evening too.
    """

    minutes: int
    about: bool = False
    real: bool = True
    spoken: bool = False
    over: int = 0

    @property
    def written(self) -> str:
        hour, minute = divmod(self.minutes - self.over, 60)
        return f"{hour:02}:{minute + self.over:02}"


_PARTS: Mapping[str, Vague] = {
    "凌晨": Vague.EARLY,
    "清晨": Vague.MORNING,
    "清早": Vague.MORNING,
    "一早": Vague.MORNING,
    "晨起": Vague.MORNING,
    "早上": Vague.MORNING,
    "早晨": Vague.MORNING,
    "早": Vague.MORNING,
    "上午": Vague.MORNING,
    "中午": Vague.NOON,
    "下午": Vague.AFTERNOON,
    "傍晚": Vague.EVENING,
    "晚上": Vague.EVENING,
    "晚间": Vague.EVENING,
    "晚": Vague.EVENING,
    "夜间": Vague.NIGHT,
    "深夜": Vague.NIGHT,
    "夜里": Vague.NIGHT,
    "午后": Vague.AFTERNOON,
    "午间": Vague.NOON,
    "夜班": Vague.NIGHT_SHIFT,
    "晚班": Vague.NIGHT_SHIFT,
    "日班": Vague.DAY_SHIFT,
    "早班": Vague.DAY_SHIFT,
    "中班": Vague.DAY_SHIFT,
    "白天": Vague.ALL_DAY,
    "一整天": Vague.ALL_DAY,
    "终日": Vague.ALL_DAY,
    "whole day": Vague.ALL_DAY,
    "entire day": Vague.ALL_DAY,
    "night shift": Vague.NIGHT_SHIFT,
    "day shift": Vague.DAY_SHIFT,
    "白班": Vague.DAY_SHIFT,
    "全天": Vague.ALL_DAY,
    "整天": Vague.ALL_DAY,
    "early morning": Vague.EARLY,
    "late morning": Vague.MORNING,
    "morning": Vague.MORNING,
    "early afternoon": Vague.AFTERNOON,
    "late afternoon": Vague.AFTERNOON,
    "afternoon": Vague.AFTERNOON,
    "early evening": Vague.EVENING,
    "late evening": Vague.NIGHT,
    "evening": Vague.EVENING,
    "early night": Vague.NIGHT,
    "late night": Vague.NIGHT,
    "night": Vague.NIGHT,
    "a.m.": Vague.MORNING,
    "p.m.": Vague.AFTERNOON,
    "all day": Vague.ALL_DAY,
}
_LATE = frozenset({Vague.AFTERNOON, Vague.EVENING, Vague.NIGHT, Vague.NIGHT_SHIFT})
_SAID = {"半": 30, "一刻": 15, "三刻": 45, "整": 0}
_SPOKEN = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_TOWARD = {"half past": 30, "half": 30, "quarter past": 15, "quarter to": -15}
_NOON, _MIDNIGHT = 12 * 60, 24 * 60


def vague_of(mark: Mark, plain: str) -> Vague:
    """Of a mark `part`."""
    written = " ".join(plain[mark.start : mark.end].lower().split())
    if written.startswith("after ") or written.endswith(("饭后", "餐后")):
        return Vague.AFTER_MEAL
    return _PARTS[written.removeprefix("the ").replace("shifts", "shift")]


def half_of(mark: Mark) -> Vague | None:
    """The part of the day that is written with a clock: 下午3时, 3 pm."""
    if "after" in mark.parts:
        late = mark.parts["after"].lower().startswith("p")
        return Vague.AFTERNOON if late else Vague.MORNING
    return _PARTS.get(mark.parts.get("half") or mark.parts.get("half2", ""))


def is_late(half: Vague | None) -> bool:
    return half in _LATE


def clock_of(mark: Mark, half: Vague | None = None) -> Clock:
    """Of a mark `clock`: 24 hours, or 12 with the part of the day in it or beside it (`half`)."""
    parts = mark.parts
    if "noon" in parts or "midnight" in parts:
        return Clock(_NOON if "noon" in parts else _MIDNIGHT)
    about = any(name in parts for name in ("before", "loose", "more"))
    minute = _minute(parts)
    minutes = 60 * _hour(parts, half_of(mark) or half) + minute
    over = max(0, minute - 59)
    half_told = half_of(mark) or half
    spoken = "oclock" in parts and half_told is None and 0 < _written_hour(parts) <= 12
    return Clock(minutes, about, minutes <= _MIDNIGHT and not over, spoken, over)


def twelve(mark: Mark) -> bool:
    """Whether its hour may be of the afternoon as well as of the morning."""
    return half_of(mark) is None and 0 < _written_hour(mark.parts) <= 12


def _minute(parts: Mapping[str, str]) -> int:
    written = parts.get("minute") or parts.get("minute2") or parts.get("minute3")
    if written is not None:
        return int(written)
    return _TOWARD.get(" ".join(parts.get("toward", "").lower().split()), 0) or _SAID.get(
        parts.get("said", ""), 0
    )


def _written_hour(parts: Mapping[str, str]) -> int:
    spoken = (parts.get("spoken") or parts.get("spoken2") or parts.get("spoken3") or "").lower()
    if spoken:
        return int(spoken) if spoken.isdigit() else _SPOKEN.index(spoken) + 1
    return int(parts.get("hour") or parts.get("hour2") or parts.get("hour3") or 0)


def _hour(parts: Mapping[str, str], half: Vague | None) -> int:
    hour = _written_hour(parts)
    if half is None or hour > 12:
        return hour
    if "after" in parts:
        return hour % 12 + 12 * (half is Vague.AFTERNOON)
    if half in _LATE:
        return hour + 12 if hour < 12 else 12 if half is Vague.AFTERNOON else 24
    if half is Vague.NOON:
        return hour + 12 if hour < 4 else hour
    return 0 if half is Vague.EARLY and hour == 12 else hour
