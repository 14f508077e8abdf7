"""An event while its words are still being read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from ringfence.narratives.dating import Day
from ringfence.narratives.model import Confidence, Doubt, Event, EventKind
from ringfence.narratives.text import Narrative
from ringfence.narratives.times import Window

_KIND_BY_ACT = {
    "work": "work",
    "dining": "restaurant",
    "shopping": "shop",
    "lodging": "hotel",
    "study": "school",
    "clinic": "clinic",
    "exercise": "venue",
    "entertainment": "venue",
    "worship": "venue",
    "grooming": "shop",
}
"""Of a place whose name does not tell."""
MOST_DAYS = 60
"""A range of days is told day by day up to here."""


@dataclass
class Draft:
    """As `Event`, of [first, end) of the plain text. `days`: it was on each of them; `last`: from
    the only one of them to this one. `apart`: each day of the range is an event of its own.
    """

    kind: EventKind
    first: int
    end: int
    days: tuple[Day, ...] = ()
    last: Day | None = None
    windows: tuple[Window, ...] = ()
    apart: bool = False
    bare: bool = False
    """A name alone at the beginning of an English line: it counts once a day or a clock follows."""
    day_told: bool = False
    means: str | None = None
    service: str | None = None
    carriage: str | None = None
    row: str | None = None
    seat: str | None = None
    origin: str | None = None
    to: str | None = None
    to_kind: str | None = None
    place: str | None = None
    place_kind: str | None = None
    activity: str | None = None
    companions: tuple[str, ...] = ()
    mask: str | None = None
    result: str | None = None
    doubts: list[Doubt] = field(default_factory=list)

    def doubt(self, *doubts: Doubt) -> None:
        self.doubts += [one for one in doubts if one not in self.doubts]


def events_of(draft: Draft, text: Narrative) -> Iterator[Event]:
    """One for each day and each window of it."""
    if draft.place is not None and draft.place_kind is None:
        draft.place_kind = _KIND_BY_ACT.get(draft.activity or "")
    days: list[Day | None] = list(draft.days) or [None]
    last = draft.last
    if last is not None and draft.apart:
        days, last = list(_through(days[0], last)), None
    for day in days:
        for window in draft.windows or (Window(),):
            yield _event(draft, text, day, last, window)


def _through(first: Day | None, last: Day) -> Iterator[Day | None]:
    day = first
    for _ in range(MOST_DAYS):
        yield day
        if day is None or not day.real or day.written == last.written:
            return
        day = day.after(1)


def _event(
    draft: Draft, text: Narrative, day: Day | None, last: Day | None, window: Window
) -> Event:
    ends_on = window.ends_on or last
    if ends_on is not None and day is not None and ends_on.written == day.written:
        ends_on = None
    doubts = list(draft.doubts) + list(_doubts(day, ends_on, window))
    return Event(
        draft.kind,
        day,
        ends_on,
        window.start,
        window.end,
        window.vague,
        draft.means,
        draft.service,
        draft.carriage,
        draft.row,
        draft.seat,
        draft.origin,
        draft.to,
        draft.place,
        draft.place_kind,
        draft.activity,
        draft.companions,
        draft.mask,
        draft.result,
        text.span(draft.first, draft.end),
        _confidence(draft, day, doubts),
        tuple(dict.fromkeys(doubts)),
    )


def _doubts(day: Day | None, last: Day | None, window: Window) -> Iterator[Doubt]:
    if day is None:
        yield Doubt.NO_DAY
    elif day.year is None:
        yield Doubt.YEAR_UNKNOWN
    if any(one is not None and not one.real for one in (day, last)):
        yield Doubt.NO_SUCH_DAY
    if any(one is not None and not one.real for one in (window.start, window.end)):
        yield Doubt.NO_SUCH_TIME
    start, end = window.start, window.end
    same_day = last is None and start is not None and end is not None
    if (same_day and start is not None and end is not None and end.minutes < start.minutes) or (
        last is not None and day is not None and _as_date(last) < _as_date(day)
    ):
        yield Doubt.ENDS_BEFORE_START


def _as_date(day: Day) -> date:
    return date(day.year or 2000, day.month, day.day) if day.real else date.max


def _confidence(draft: Draft, day: Day | None, doubts: list[Doubt]) -> Confidence:
    if set(doubts) - {Doubt.NO_DAY, Doubt.YEAR_UNKNOWN}:
        return Confidence.DOUBTFUL
    if day is None or not any((draft.place, draft.to, draft.origin, draft.service, draft.result)):
        return Confidence.WEAK
    return Confidence.CERTAIN if draft.day_told else Confidence.LIKELY
