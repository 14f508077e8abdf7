"""Times in the home's zone and numbers, as the views write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

NO_FIGURE = "–"


def iso(moment: datetime, zone: str) -> str:
    """2022-07-01T20:00:00+08:00"""
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def clock(moment: datetime, zone: str) -> str:
    """2022-07-01 20:00"""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def brief(moment: datetime, zone: str) -> str:
    """07-01 20:00, where the year is said elsewhere"""
    return moment.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M")


def span(start: datetime, end: datetime, zone: str) -> tuple[str, str]:
    """Both ends; the second without its date where the day is the same."""
    first, last = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    shape = "%H:%M" if first.date() == last.date() else "%Y-%m-%d %H:%M"
    return first.strftime("%Y-%m-%d %H:%M"), last.strftime(shape)


def when(start: datetime, end: datetime, zone: str) -> str:
    """On one line: without the year, and the date once where the day is the same."""
    first, last = span(start, end, zone)
    return f"{first[5:]}–{last if len(last) == 5 else last[5:]}"


def number(minutes: float) -> int | float:
    """Whole minutes as a whole number, others to the hundredth (stored times are whole seconds)."""
    return int(minutes) if minutes == int(minutes) else round(minutes, 2)


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def offsets(start: datetime, end: datetime, zone: str) -> list[tuple[int, int]]:
    """(from second, seconds ahead of UTC) for every change of the zone's clock in the span."""
    home = ZoneInfo(zone)

    def ahead(second: int) -> int:
        there = datetime.fromtimestamp(second, UTC).astimezone(home).utcoffset()
        assert there is not None
        return int(there.total_seconds())

    day = int(timedelta(days=1).total_seconds())
    at, last = seconds(start), seconds(end)
    changes = [(at, ahead(at))]
    while at < last:
        following = min(at + day, last)
        if ahead(following) != changes[-1][1]:
            before, after = at, following
            while after - before > 1:
                middle = (before + after) // 2
                before, after = (
                    (middle, after) if ahead(middle) == changes[-1][1] else (before, middle)
                )
            changes.append((after, ahead(after)))
        at = following
    return changes
