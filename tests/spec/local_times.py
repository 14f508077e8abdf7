"""Short times of the manual's tables: `07-01 09:00` is 2022-07-01 09:00 on the home's clocks."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

YEAR = 2022
_DAY = re.compile(r"(?:(\d{4})-)?(\d\d)-(\d\d)")
_MOMENT = re.compile(r"(?:(\d{4})-)?(\d\d)-(\d\d) (\d\d):(\d\d)(?::(\d\d))?( second time)?")
_FULL = re.compile(r"\d{4}-\d\d-\d\dT.*")


def read_day(text: str) -> date | None:
    """The calendar day, or None where the text is not one."""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups()
    return date(int(year or YEAR), int(month), int(day))


def read_instant(text: str, zone: str) -> datetime | None:
    """The instant in UTC, or None where the text is not one.

    `second time` tells the second of two equal hours when clocks are put back.
    """
    if _FULL.fullmatch(text):
        return datetime.fromisoformat(text).astimezone(UTC)
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, again = match.groups()
    local = datetime(
        int(year or YEAR),
        int(month),
        int(day),
        int(hour),
        int(minute),
        int(second or 0),
        tzinfo=ZoneInfo(zone),
        fold=int(again is not None),
    )
    return local.astimezone(UTC)


def read_moment(text: str, zone: str) -> datetime | None:
    """An instant, or the start of a calendar day."""
    day = read_day(text)
    if day is None:
        return read_instant(text, zone)
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def in_full(text: str, zone: str) -> str:
    """A short time as a file has it; any other text as it is."""
    day = read_day(text)
    if day is not None:
        return day.isoformat()
    instant = read_instant(text, zone)
    return text if instant is None else instant.astimezone(ZoneInfo(zone)).isoformat()


def show_day(day: date) -> str:
    return day.strftime("%m-%d") if day.year == YEAR else day.isoformat()


def show_instant(instant: datetime, zone: str) -> str:
    local = instant.astimezone(ZoneInfo(zone))
    clock = local.strftime(" %H:%M:%S" if local.second else " %H:%M")
    return show_day(local.date()) + clock + (" second time" if local.fold else "")
