"""Calendar days of a home's zone as instants: offsets count whole local days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def day_start(day: date, zone: str) -> datetime:
    """The first instant of a local day."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def day_end(day: date, zone: str) -> datetime:
    """The first instant after a local day."""
    return day_start(day + timedelta(days=1), zone)


def last_day(end: datetime, zone: str) -> date:
    """The local day of the last moment before `end`: an end at midnight is the day before."""
    return local_day(end - timedelta(microseconds=1), zone)


def closing(at: datetime, precision: str | None, zone: str) -> datetime:
    """When something that is known to the day is over: with that day. Else at its instant."""
    return day_end(local_day(at, zone), zone) if precision == "day" else at
