"""Tests, symptoms and isolation, as pieces of a text tell them."""

from __future__ import annotations

from ringfence.narratives import facts
from ringfence.narratives.drafts import Draft
from ringfence.narratives.facts import Where
from ringfence.narratives.model import EventKind
from ringfence.narratives.pieces import Piece
from ringfence.narratives.story import Story, new

_SAMPLED = frozenset({"clinic", "hospital"})


def test(story: Story, piece: Piece, place: Where) -> bool:
    """Whether its words are of a test: a new one, or the result of one before."""
    result = facts.said(piece, "result")
    last = next((one for one in reversed(story.drafts[-3:]) if one.kind is EventKind.TEST), None)
    told = story.plain[piece.start : piece.end]
    reports = "结果" in told or "result" in told.lower() or not piece.has("test")
    if last is not None and last.result is None and result and reports:
        last.result = result
        last.end = piece.end
        return True
    if not piece.has("test") and not (piece.when and piece.when.days):
        if last is not None and last.result is None:
            last.result, last.end = result, piece.end
        elif last is None:
            new(story, piece, EventKind.TEST).result = result
        return last is None or last.end == piece.end
    went = _went_for_it(story)
    draft = new(story, piece, EventKind.TEST)
    draft.result = result
    at(draft, place)
    if draft.place is None and went is not None:
        draft.place, draft.place_kind = went.place, went.place_kind
        if went.activity is None and piece.when is None:
            draft.first, draft.windows = went.first, went.windows
            story.drafts.remove(went)
    return True


def _went_for_it(story: Story) -> Draft | None:
    """The stay of this sentence at a place where tests are done."""
    last = story.drafts[-1] if len(story.drafts) > story.sentence else None
    sampled = last is not None and last.kind is EventKind.STAY and last.place_kind in _SAMPLED
    return last if sampled else None


def onset(story: Story, piece: Piece) -> None:
    """Symptoms that are told one after another began together."""
    last = story.drafts[-1] if len(story.drafts) > story.sentence else None
    if last is not None and last.kind is EventKind.ONSET and piece.when is None:
        last.end = piece.end
        return
    new(story, piece, EventKind.ONSET)


def isolation(story: Story, piece: Piece, place: Where) -> None:
    last = story.drafts[-1] if len(story.drafts) > story.sentence else None
    draft = new(story, piece, EventKind.ISOLATION)
    at(draft, place)
    if draft.place is None and any(
        "居家" in story.plain[m.start : m.end] for m in piece.marks("isolation")
    ):
        draft.place, draft.place_kind = "居家", "home"
    if draft.place is None and last is not None and last.kind is EventKind.RIDE and last.to:
        draft.place, draft.place_kind = last.to, last.to_kind


def at(draft: Draft, place: Where) -> None:
    name = next(iter((*place.at, *((place.to,) if place.to else ()))), None)
    if name is not None:
        draft.place, draft.place_kind = name.text, name.kind
