"""Rides, as pieces of a text tell them: what carried somebody, from where, to where, and when."""

from __future__ import annotations

from dataclasses import replace

from ringfence.narratives import facts
from ringfence.narratives.dating import Day
from ringfence.narratives.drafts import Draft
from ringfence.narratives.facts import Aboard, Where
from ringfence.narratives.illness import at, isolation
from ringfence.narratives.model import EventKind
from ringfence.narratives.pieces import Piece, without_time
from ringfence.narratives.story import Story, new
from ringfence.narratives.times import Window, ended

_DRY = frozenset({"station", "airport", None})
"""Ends of a vehicle's run, where arriving is not yet a stay."""


def ride(story: Story, piece: Piece, board: Aboard, place: Where) -> None:
    last = story.drafts[-1] if len(story.drafts) > story.sentence else None
    if last is not None and last.kind is EventKind.RIDE and last.means is None and not last.to:
        draft, windows = last, last.windows
        draft.end = piece.end
        if piece.when and piece.when.windows and not windows:
            draft.windows = piece.when.windows
    elif (
        last is not None
        and last.kind is EventKind.RIDE
        and not board.service
        and (
            last.means == board.means
            and not place.origin
            and not (piece.when and piece.when.windows)
        )
    ):
        draft = last
        draft.end = piece.end
    else:
        draft = new(story, piece, EventKind.RIDE)
        timed(draft, piece)
        if piece.has("changes") and last is not None and last.kind is EventKind.RIDE and last.to:
            draft.origin = last.to
    fill(draft, board)
    if place.origin:
        draft.origin = place.origin.text
    to = place.to or (next(iter(place.at), None) if not piece.has("in") else None)
    if to and draft.to is None:
        draft.to, draft.to_kind = to.text, to.kind
    act = facts.activity(piece)
    if piece.has("isolation"):
        isolation(story, without_time(piece), place if place.at else Where())
        return
    if act == "work" and to is None:
        draft.activity = act
    elif act is not None and (place.at or to):
        stay = new(story, without_time(piece), EventKind.STAY)
        stay.activity = act
        at(stay, place)
        if stay.place is None and to:
            stay.place, stay.place_kind = to.text, to.kind


def timed(draft: Draft, piece: Piece) -> None:
    """A clock at which a vehicle arrives is the end of the ride."""
    if len(draft.windows) != 1 or draft.windows[0].end or draft.windows[0].start is None:
        return
    window = draft.windows[0]
    when = piece.when
    boarded = [mark for mark in piece.marks("service", "means") if when and mark.end <= when.start]
    arrives = [mark for mark in piece.marks("arrives") if when and 0 <= mark.start - when.end <= 2]
    first = next(iter(piece.marks("arrives", "leaves", "service", "means")), None)
    if (boarded and arrives) or (first is not None and first.name == "arrives"):
        draft.windows = (replace(window, start=None, end=window.start),)


def goes_on(ride: Draft, piece: Piece, place: Where, window: Window | None) -> bool:
    """Leaving and arriving, told after the vehicle."""
    if facts.activity(piece):
        return False
    clocked = window is not None and window.start is not None
    whole = place.origin is not None and place.to is not None and not piece.has("arrives")
    if piece.has("leaves") and not place.to:
        if clocked:
            ride.windows = with_start(ride.windows, window)
    elif not _arrives(ride, piece, place, clocked=clocked):
        return False
    elif window is not None and clocked:
        ride.windows = _told(ride, piece, window, whole=whole)
    if place.origin and ride.origin is None:
        ride.origin = place.origin.text
    ride.mask = ride.mask or facts.said(piece, "masked")
    ride.companions = facts.company((*ride.companions, *facts.companions(piece)))
    ride.end = piece.end
    return True


def _told(ride: Draft, piece: Piece, window: Window, *, whole: bool) -> tuple[Window, ...]:
    """`whole`: from where to where it went is told beside the clock, which is then of leaving."""
    if window.end is not None:
        return (window,)
    if whole and not ride.windows:
        return with_start(ride.windows, window)
    ends_on = piece.when.days[0] if piece.when and piece.when.days else None
    return with_end(ride.windows, window, ends_on, ride.days)


def _arrives(ride: Draft, piece: Piece, place: Where, *, clocked: bool) -> bool:
    """Where the ride ends, if the piece says so: a station names a town more exactly."""
    ends = _DRY if piece.has("arrives") else {"home"}
    to = place.to or next((one for one in place.at if one.kind in ends), None)
    if to is None:
        return piece.has("arrives")
    if to.kind not in _DRY and (clocked or ride.to):
        return False
    ended = bool(ride.windows) and ride.windows[0].end is not None
    nearer = to.kind == "station" and clocked and not ended
    if ride.to and not nearer:
        return ride.to == to.text or piece.has("arrives")
    ride.to, ride.to_kind = to.text, to.kind
    return True


def fill(draft: Draft, board: Aboard) -> None:
    draft.means = draft.means or board.means
    draft.service = draft.service or board.service
    draft.carriage = draft.carriage or board.carriage
    draft.row = draft.row or board.row
    draft.seat = draft.seat or board.seat
    draft.doubt(*board.doubts)


def with_start(windows: tuple[Window, ...], told: Window | None) -> tuple[Window, ...]:
    if told is None:
        return windows
    old = windows[0] if windows else Window()
    return (replace(old, start=old.start or told.start, vague=old.vague or told.vague),)


def with_end(
    windows: tuple[Window, ...], told: Window, ends_on: Day | None, days: tuple[Day, ...]
) -> tuple[Window, ...]:
    old = windows[0] if windows else Window()
    end = told.start
    if end is not None and end.spoken and ends_on is None:
        return (ended(old, told),)
    if ends_on is None and old.start and end and end.minutes < old.start.minutes >= 18 * 60:
        ends_on = days[-1].after(1) if days else None
    return (replace(old, end=end, ends_on=ends_on, vague=old.vague or told.vague),)
