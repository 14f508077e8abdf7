"""What was read of a text so far: the days spoken of, and the events as they stand."""

from __future__ import annotations

from dataclasses import dataclass, field

from ringfence.narratives import facts
from ringfence.narratives.dating import Day
from ringfence.narratives.drafts import Draft
from ringfence.narratives.model import Doubt, EventKind
from ringfence.narratives.pieces import Piece
from ringfence.narratives.places import Name
from ringfence.narratives.times import When, as_end


@dataclass
class Story:
    """What was read so far. `days`: those spoken of; `window`: a clock that waits for its act."""

    plain: str
    drafts: list[Draft] = field(default_factory=list)
    unread: list[tuple[int, int]] = field(default_factory=list)
    days: tuple[Day, ...] = ()
    last: Day | None = None
    waiting: When | None = None
    apart: bool = False
    sentence: int = 0
    """The first draft of this sentence."""
    first_case: str | None = None
    other: bool = False
    """What is told now is of another person than before."""
    advice: bool = False
    """This sentence tells readers what to do."""


def new(story: Story, piece: Piece, kind: EventKind) -> Draft:
    when = piece.when
    draft = Draft(kind, piece.start, piece.end, story.days, story.last)
    if story.waiting is not None:
        draft.first = min(draft.first, story.waiting.start)
    windows = story.waiting.windows if story.waiting is not None else ()
    if when is not None and when.windows:
        windows = when.windows
    if when is not None and when.until:
        windows = as_end(windows)
    draft.windows = windows
    several = bool(windows) and (len(windows) > 1 or (windows[0].start and windows[0].end))
    draft.apart = story.apart or bool(story.last and several)
    heading = story.waiting is not None and piece.opens
    waited = story.waiting is not None and bool(story.waiting.days)
    draft.day_told = bool(when and when.days) or (waited and not heading)
    draft.companions = facts.companions(piece)
    if piece.has("as_before") and not draft.companions:
        draft.companions = _told_last(story)
    draft.mask = facts.said(piece, "masked")
    if story.other or of_another(piece):
        draft.doubt(Doubt.ANOTHER_PERSON)
    if when is not None and when.lost and not when.days:
        draft.days = ()
    story.drafts.append(draft)
    return draft


def _told_last(story: Story) -> tuple[str, ...]:
    """两人均居家: with whom the case was before."""
    return next((one.companions for one in reversed(story.drafts) if one.companions), ())


def spoken_of(story: Story, piece: Piece) -> None:
    """The days of a piece hold until others are told."""
    when = piece.when
    if when is not None and (when.days or when.last):
        story.days, story.last, story.apart = when.days, when.last, False
    if when is not None and (when.days or when.last or when.windows):
        story.waiting = None
    story.apart = story.apart or piece.has("every") or bool(when and when.each)


def sentence(story: Story) -> None:
    """A list of days is of one sentence; the next one goes on from the last of them. A clock that
    found no act is of none in the next one.
    """
    for draft in [one for one in story.drafts[story.sentence :] if one.bare]:
        if not draft.days and not draft.windows:
            story.drafts.remove(draft)
            story.unread.append((draft.first, draft.end))
    if story.waiting is not None and not story.waiting.days:
        story.waiting = None
    if story.waiting is None and (len(story.days) > 1 or story.last is not None):
        story.days, story.last = (story.last or story.days[-1],), None
    if story.waiting is None:
        story.apart = False
    story.sentence = len(story.drafts)


def person(story: Story, piece: Piece) -> None:
    for mark in piece.marks("case"):
        number = mark.parts.get("number") or mark.parts.get("second") or ""
        if story.first_case is None:
            story.first_case = "" if story.drafts else number
        if piece.opens and not piece.has("with", "together"):
            story.other = number != story.first_case


def of_another(piece: Piece) -> bool:
    """Whether it begins with somebody who is not said to be with the case."""
    first = next(iter(piece.items[:2]), None)
    some = [item for item in piece.items[:2] if not isinstance(item, (When, Name))]
    mark = some[0] if some else None
    return bool(first and mark and mark.name == "relation" and not piece.has("with", "together"))
