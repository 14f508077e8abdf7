"""Times as programs write them: a calendar day of the home, or an instant with its offset."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from ringfence.errors import Text
from ringfence_server.api.refusals import Invalid
from ringfence_server.cases.moments import When, read_when
from ringfence_server.cases.refusals import FieldErrors

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_NO_TIME = Text(
    "write a day, 2022-07-05, or an instant with its offset, 2022-07-05T14:30:00+08:00",
    "请填写日期（2022-07-05）或带时区偏移的时刻（2022-07-05T14:30:00+08:00）",
)
_TO_COME = Text("it lies in the future", "时间晚于现在")
_TOO_EARLY = Text("it lies before 1900", "时间早于 1900 年")


def whens(told: Mapping[str, str | None], under: str, zone: str, now: datetime) -> dict[str, When]:
    """Those that are there. Invalid: all that are none."""
    found: dict[str, When] = {}
    wrong: dict[str, Text] = {}
    for name, text in told.items():
        try:
            if text is not None:
                found[name] = _when(name, text, zone, now)
        except FieldErrors as error:
            wrong |= {f"{under}.{name}": reason for reason in error.fields.values()}
    if wrong:
        raise Invalid(wrong)
    return found


def instants(told: Mapping[str, str], under: str) -> dict[str, datetime]:
    """In UTC; of the past or to come. Invalid: all that are none."""
    found: dict[str, datetime] = {}
    wrong: dict[str, Text] = {}
    for name, text in told.items():
        try:
            found[name] = _instant(name, text)
        except FieldErrors as error:
            wrong |= {f"{under}.{name}": reason for reason in error.fields.values()}
    if wrong:
        raise Invalid(wrong)
    return found


def _when(name: str, text: str, zone: str, now: datetime) -> When:
    if _DAY.fullmatch(text) and (day := read_when(name, text, zone, now)) is not None:
        return day
    at = _instant(name, text)
    if at > now:
        raise FieldErrors({name: _TO_COME})
    return When(at, "instant")


def _instant(name: str, text: str) -> datetime:
    if not _INSTANT.fullmatch(text):
        raise FieldErrors({name: _NO_TIME})
    try:
        at = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise FieldErrors({name: _NO_TIME}) from None
    if at.year < 1900:
        raise FieldErrors({name: _TOO_EARLY})
    return at
