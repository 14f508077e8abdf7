"""Stays at places, as pieces of a text tell them."""

from __future__ import annotations

from ringfence.narratives import facts
from ringfence.narratives.adding import close, details
from ringfence.narratives.drafts import Draft
from ringfence.narratives.facts import Aboard, Where
from ringfence.narratives.model import EventKind
from ringfence.narratives.pieces import Piece
from ringfence.narratives.places import Name
from ringfence.narratives.story import Story, new
from ringfence.narratives.times import When
from ringfence.narratives.travelling import fill, goes_on


def stay(story: Story, piece: Piece, board: Aboard, place: Where) -> bool:
    """Whether the piece is about being, arriving at or leaving a place."""
    last = story.drafts[-1] if len(story.drafts) > story.sentence else None
    riding = last if last is not None and last.kind is EventKind.RIDE else None
    window = next(iter(piece.when.windows), None) if piece.when else None
    if riding and goes_on(riding, piece, place, window):
        fill(riding, board)
        return True
    act = facts.activity(piece)
    names: list[Name] = [*((place.to,) if place.to else ()), *place.at]
    clock = riding is None and window is not None and window.start is not None
    if _sets_out(piece, place, clock=clock) and not names and not act:
        new(story, piece, EventKind.RIDE).origin = place.origin.text if place.origin else None
        return True
    if not _says_where(story, piece, names, act):
        return False
    if not same_stay(story, piece, names, act):
        _stays(story, piece, board, place, names)
    return True


def _sets_out(piece: Piece, place: Where, *, clock: bool) -> bool:
    if place.origin is not None:
        return piece.has("leaves", "from")
    return clock and piece.has("leaves")


def _says_where(story: Story, piece: Piece, names: list[Name], act: str | None) -> bool:
    """A name without a day, an act or a word of way is but mentioned."""
    if act is not None or piece.has("at_home"):
        return True
    last = story.drafts[-1] if len(story.drafts) > story.sentence else None
    arrived = last is not None and last.kind is EventKind.RIDE and last.to is not None
    if arrived and piece.has("does") and piece.when is not None:
        return True
    dated = bool(story.days) or piece.when is not None
    if not dated and names and _heads_a_line(story, piece, names[0]):
        return True
    return bool(names) and (dated or any(one.way for one in names))


def _heads_a_line(story: Story, piece: Piece, name: Name) -> bool:
    """Marlow Street Gym, 19/08/2021, 6.00pm-7.15pm."""
    words = story.plain[piece.start : piece.end]
    return piece.opens and name.kind is not None and words.isascii() and words.strip() == name.text


def _stays(story: Story, piece: Piece, board: Aboard, place: Where, names: list[Name]) -> None:
    """One at each of the places."""
    last = story.drafts[-1] if len(story.drafts) > story.sentence else None
    for name in (*names, *(() if names else (None,))):
        draft = new(story, piece, EventKind.STAY)
        draft.bare = name is not None and not story.days and _heads_a_line(story, piece, name)
        draft.activity = facts.activity(piece)
        draft.means = board.means
        draft.origin = place.origin.text if place.origin else None
        if name is not None:
            draft.place, draft.place_kind = name.text, name.kind
        elif piece.has("at_home"):
            draft.place_kind = "home"
            draft.place = words_of_home(piece, story.plain)
        elif last is not None and last.kind is EventKind.RIDE and last.to_kind != "station":
            draft.place, draft.place_kind = last.to, last.to_kind


def same_stay(story: Story, piece: Piece, names: list[Name], act: str | None) -> bool:
    """An act without a place or clock of its own is of the stay before it in the sentence."""
    last = story.drafts[-1] if len(story.drafts) > story.sentence else None
    if last is None or last.kind is not EventKind.STAY or names:
        return False
    when = piece.when
    if when is not None and close(last, piece, when):
        return True
    if when is not None and not _same_day(when, last, at_home=piece.has("at_home")):
        return False
    if act and last.activity and act != last.activity:
        return False
    if piece.has("at_home") and last.place_kind not in {"home", "hotel"}:
        return False
    last.activity = last.activity or act
    last.end = piece.end
    details(story, piece)
    return True


def words_of_home(piece: Piece, plain: str) -> str | None:
    mark = next((one for one in piece.marks("at_home")), None)
    written = plain[mark.start : mark.end] if mark else ""
    if "家" in written:
        return written.removeprefix("在").removeprefix("待在")
    return "home" if "home" in written.lower() else None


def _same_day(when: When, last: Draft, *, at_home: bool) -> bool:
    """Whether a time tells nothing new: 入住，当晚未外出."""
    if any(one.start for one in when.windows):
        return False
    days = [day.written for day in when.days]
    return not days or (at_home and days == [day.written for day in last.days])
