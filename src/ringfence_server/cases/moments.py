"""The times of a case: read from a form, judged together, and written as records have them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ringfence.errors import Text
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.cases.words import TIMES

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MINUTE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:00)?", re.ASCII)
_EARLIEST = 1900
_LONG = timedelta(days=60)
_NOT_A_TIME = Text(
    "write a day, like 2022-07-05, or a day and a time, like 2022-07-05 14:30",
    "请填写日期（如 2022-07-05）或日期与时间（如 2022-07-05 14:30）",
)
_TO_COME = Text("it lies in the future", "时间晚于现在")
_TOO_EARLY = Text("it lies before 1900", "时间早于 1900 年")
_NO_SUCH_TIME = Text(
    "there was no such time: the clocks were put forward then", "当地没有此时刻（时钟拨快）"
)


@dataclass(frozen=True)
class When:
    """An instant in UTC and how precisely it is known (day, minute, instant)."""

    at: datetime
    precision: str

    def written(self, zone: str) -> str:
        """As a canonical file has it."""
        local = self.at.astimezone(ZoneInfo(zone))
        return local.date().isoformat() if self.precision == "day" else local.isoformat()

    def in_form(self, zone: str) -> str:
        local = self.at.astimezone(ZoneInfo(zone))
        if self.precision == "day":
            return local.date().isoformat()
        return local.strftime("%Y-%m-%d %H:%M")


def read_when(field: str, text: str, zone: str, now: datetime) -> When | None:
    """None where nothing is written. FieldErrors: no time, or one to come."""
    text = text.strip()
    if not text:
        return None
    precision = "day" if _DAY.fullmatch(text) else "minute" if _MINUTE.fullmatch(text) else ""
    if not precision:
        raise FieldErrors({field: _NOT_A_TIME})
    try:
        local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        raise FieldErrors({field: _NOT_A_TIME}) from None
    if local.year < _EARLIEST:
        raise FieldErrors({field: _TOO_EARLY})
    at = local.astimezone(now.tzinfo)
    if precision == "minute" and at.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(
        tzinfo=None
    ):
        raise FieldErrors({field: _NO_SUCH_TIME})
    if at > now:
        raise FieldErrors({field: _TO_COME})
    return When(at, precision)


def doubts_of(times: Mapping[str, When]) -> list[Text]:
    """What is seldom so. Days are compared by their beginning, so a day with itself never."""
    found = []
    for earlier, later in (("onset", "sampled"), ("sampled", "reported"), ("onset", "reported")):
        if earlier in times and later in times and _after(times[earlier], times[later]):
            found.append(
                Text(
                    f"{TIMES[earlier].en} lies after {TIMES[later].en}.",
                    f"{TIMES[earlier].zh}时间晚于{TIMES[later].zh}时间。",
                )
            )
    if "onset" in times:
        last = max(when.at for when in times.values())
        if last - times["onset"].at > _LONG:
            found.append(
                Text(
                    "Onset lies more than 60 days before the other times.",
                    "发病时间比其他时间早 60 天以上。",
                )
            )
    return found


def _after(one: When, other: When) -> bool:
    end = other.at + timedelta(days=1) if other.precision == "day" else other.at
    return one.at >= end if other.precision == "day" else one.at > end
