"""From when to when each event was: as its words say, and what may be assumed where they do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ringfence.narratives.clocks import Clock, Vague
from ringfence.narratives.dating import Day
from ringfence.narratives.model import Event, EventKind

_HOURS: Mapping[Vague, tuple[int, int]] = {
    Vague.EARLY: (0, 6),
    Vague.MORNING: (6, 12),
    Vague.NOON: (11, 14),
    Vague.AFTERNOON: (12, 18),
    Vague.EVENING: (18, 24),
    Vague.NIGHT: (20, 30),
    Vague.ALL_DAY: (0, 24),
    Vague.DAY_SHIFT: (8, 18),
    Vague.NIGHT_SHIFT: (20, 32),
}
"""Hours of the day in which a part of it lies; those past 24 are of the day after."""
_WHOLE_DAYS = frozenset({"home", "hotel", "isolation_site"})
"""Places at which somebody is who is said to be there for days."""


@dataclass(frozen=True)
class Lasting:
    """[start, end) with the zone's offset; None: not told, and nothing may be assumed. `told`: both
    are as the words say; else an end, or both, are assumed.
    """

    start: datetime | None = None
    end: datetime | None = None
    told: bool = True


def lasting(events: Sequence[Event], zone: str) -> list[Lasting]:
    """Of each event. A stay whose end is not told ends at the latest when the next thing that is
    told of that day begins.
    """
    own = [_of_words(event, ZoneInfo(zone)) for event in events]
    starts = sorted(
        one.start
        for event, one in zip(events, own, strict=True)
        if one.start is not None and event.start is not None and event.kind is not EventKind.ONSET
    )
    return [_closed(one, starts) for one in own]


def moment(event: Event, when: Lasting) -> date | datetime | None:
    """When something was that has no length: the day; of a sample and of isolation the clock, where
    it is told. None: no day is known.
    """
    if event.kind is not EventKind.ONSET and event.start is not None and when.start is not None:
        return when.start
    return _date(event.day)


def _of_words(event: Event, zone: ZoneInfo) -> Lasting:
    day = _date(event.day)
    if day is None or (event.last is not None and _date(event.last) is None):
        return Lasting()
    last = _date(event.last) or day
    start, end = _instant(day, event.start, zone), _instant(last, event.end, zone)
    if start is not None or end is not None:
        sound = start is None or end is None or start < end
        return Lasting(start, end) if sound else Lasting(start)
    hours = _HOURS.get(event.vague) if event.vague is not None else None
    if hours is not None:
        first, until = (_at(on, hour, zone) for on, hour in zip((day, last), hours, strict=True))
        return Lasting(first, until, told=event.vague is Vague.ALL_DAY)
    if event.last is not None:
        stays = event.kind is EventKind.ISOLATION or event.place_kind in _WHOLE_DAYS
        return Lasting(_at(day, 0, zone), _at(last, 24, zone), told=stays)
    return Lasting()


def _closed(one: Lasting, starts: Sequence[datetime]) -> Lasting:
    if one.start is None or one.end is not None:
        return one
    later = (at for at in starts if at > one.start and at.date() == one.start.date())
    following = next(later, None)
    return one if following is None else replace(one, end=following, told=False)


def _date(day: Day | None) -> date | None:
    if day is None or day.year is None or not day.real:
        return None
    return date(day.year, day.month, day.day)


def _instant(day: date, clock: Clock | None, zone: ZoneInfo) -> datetime | None:
    if clock is None or not clock.real:
        return None
    return _at(day, 0, zone) + timedelta(minutes=clock.minutes)


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=hour // 24), time(hour % 24), zone)
