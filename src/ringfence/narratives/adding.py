"""Words that add to what was told before them: people, masks, seats, hours, what held for all."""

from __future__ import annotations

from ringfence.narratives import facts
from ringfence.narratives.drafts import Draft
from ringfence.narratives.model import Doubt, EventKind
from ringfence.narratives.pieces import Piece
from ringfence.narratives.story import Story
from ringfence.narratives.times import When, ended
from ringfence.narratives.travelling import fill, with_end

_OFF_WORK = frozenset({"下班", "收工", "放学"})
_UNNUMBERED = frozenset({"taxi", "car", "ambulance"})
"""Vehicles whose seats no ticket names."""


def details(story: Story, piece: Piece) -> bool:
    """Words that add to the event before them."""
    if not story.drafts:
        return False
    last = story.drafts[-1]
    board = facts.aboard(piece)
    told = False
    if board.seated and not board.carried:
        ride = next(
            (
                one
                for one in reversed(story.drafts[-4:])
                if one.kind is EventKind.RIDE and one.means not in _UNNUMBERED
            ),
            None,
        )
        if ride is not None:
            fill(ride, board)
            ride.end = max(ride.end, piece.end)
            told = True
    people = facts.companions(piece)
    if last.companions and len(story.drafts) > story.sentence:
        people = people or facts.relations(piece)
    if people:
        last.companions = facts.company((*last.companions, *people))
        told = True
    mask = facts.said(piece, "masked")
    if mask:
        last.mask = last.mask or mask
        told = True
    if piece.has("ends") and piece.when and piece.when.windows and piece.when.windows[0].start:
        left = _left(story, piece, last)
        if left is not None:
            day = piece.when.days[0] if piece.when.days else None
            left.windows = with_end(left.windows, piece.when.windows[0], day, left.days)
            left.end = max(left.end, piece.end)
        told = True
    if told:
        last.end = max(last.end, piece.end)
    return told or piece.has("no_symptoms", "class", "alone", "local_time")


def _left(story: Story, piece: Piece, last: Draft) -> Draft | None:
    """The stay that ends: 下班 ends work, wherever lunch was."""
    words = {story.plain[mark.start : mark.end] for mark in piece.marks("ends")}
    if words & _OFF_WORK:
        recent = reversed(story.drafts[-4:])
        return next((one for one in recent if one.activity in {"work", "study"}), None)
    return last if last.kind is EventKind.STAY else None


def above(story: Story, piece: Piece) -> bool:
    """以上均为…: what holds for all that was told before."""
    board, mask = facts.aboard(piece), facts.said(piece, "masked")
    apart = "".join(story.plain[mark.start : mark.end] for mark in piece.marks("above"))
    for draft in story.drafts:
        if _set_apart(draft, apart):
            continue
        if board.means and draft.kind is EventKind.RIDE and draft.means is None:
            draft.means = board.means
        elif board.means and draft.kind is EventKind.STAY and draft.origin:
            draft.means = draft.means or board.means
        if mask and draft.kind in {EventKind.RIDE, EventKind.STAY}:
            draft.mask = draft.mask or mask
        if _other_zone(story, piece):
            draft.doubt(Doubt.TIME_ZONE)
    return bool(board.means or mask or piece.has("local_time"))


def _dated(story: Story, when: When) -> None:
    """Train G1, A to B, 10 April 07:58-09:10: the day of what this sentence told before it."""
    for draft in story.drafts[story.sentence :]:
        if not draft.day_told:
            draft.days, draft.last, draft.day_told = when.days, when.last, True
    last = story.drafts[-1]
    last.windows = last.windows or when.windows
    last.end = max(last.end, when.end)


def _set_apart(draft: Draft, words: str) -> bool:
    """除就餐和居家外均…: what it does not hold for."""
    if not words.startswith("除"):
        return False
    eating = draft.activity == "dining" and any(sign in words for sign in "餐饭吃")
    return eating or (draft.place_kind == "home" and "家" in words)


def hours_after(story: Story, piece: Piece, when: When) -> bool:
    """Old Lane Noodles, 7pm to 9.40pm: the hours of the place before them."""
    last = story.drafts[-1] if len(story.drafts) > story.sentence else None
    if last is None or piece.names:
        return False
    english = story.plain[piece.start : piece.end].isascii()
    if when.days and english and not last.day_told:
        _dated(story, when)
        return True
    if when.days or not when.windows:
        return False
    return close(last, piece, when) or _time(last, piece, when, english=english)


def close(last: Draft, piece: Piece, when: When) -> bool:
    """…到十点: the end of what has only a start."""
    if not when.until or len(last.windows) != 1 or last.windows[0].end is not None:
        return False
    last.windows, last.end = (ended(last.windows[0], when.windows[0]),), piece.end
    return True


def _time(last: Draft, piece: Piece, when: When, *, english: bool) -> bool:
    """A clock alone is, in Chinese, of what follows it."""
    moved = last.kind in {EventKind.STAY, EventKind.RIDE}
    if last.windows or not moved or not (when.windows[0].end or english):
        return False
    last.windows, last.end = when.windows, piece.end
    return True


def _other_zone(story: Story, piece: Piece) -> bool:
    """Beijing time is the one that a Chinese text is in."""
    told = {story.plain[one.start : one.end].lower() for one in piece.marks("local_time")}
    return bool(told - {"北京时间", "beijing time"})
