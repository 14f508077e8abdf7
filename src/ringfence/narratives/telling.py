"""Pieces of a text become events, and what no event rests on is listed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ringfence.narratives import facts
from ringfence.narratives.adding import above, details, hours_after
from ringfence.narratives.drafts import events_of
from ringfence.narratives.facts import Where
from ringfence.narratives.identities import hidden, identities_in, people_in
from ringfence.narratives.illness import at, isolation, onset, test
from ringfence.narratives.marks import marks_of
from ringfence.narratives.model import EventKind, Reading, Unread
from ringfence.narratives.pieces import Piece, pieces_of
from ringfence.narratives.places import Name
from ringfence.narratives.staying import stay
from ringfence.narratives.story import Story, new, person, sentence, spoken_of
from ringfence.narratives.text import Narrative
from ringfence.narratives.times import times_of
from ringfence.narratives.travelling import ride

MOST_CHARACTERS = 200_000
"""Of one narrative; a fortnight of a case takes some thousands."""
LONGEST_NUMBER = 40
_REST = "…"
_NOTHING = re.compile(
    r"[\s\W_]*|(?:[\s\W_]*(?:病例|患者|感染者|男|女|岁|现住|具体|如下|轨迹|活动|行程|情况|主要|为|and|then|he|she|they|the|was)[\s\W_]*)+"
)

_ADVICE = re.compile(
    r"\s*(?:请(?![假客])|凡[是有曾在与]|如[您有果]|敬请|特此|提醒|广大)"
    r"|\s*(?:[Pp]lease|If you|Anyone who)\b"
)
_HEADLINE = re.compile(
    r"\s*\S{0,20}?(?:新增|发现|报告|通报|关于|检出)\S{0,12}?\d+\s?[例名]"
    r"|\S{0,30}(?:通报|通告|情况说明|轨迹说明)\s*(?:\(|$)"
)
"""How many were found, and what a text is called."""


def take(story: Story, piece: Piece) -> None:
    """Reads one piece; what it tells is an event, belongs to one, or is listed."""
    if piece.opens:
        sentence(story)
        story.advice = _ADVICE.match(story.plain, piece.start, piece.end) is not None
    if story.advice or _HEADLINE.match(story.plain, piece.start, piece.end):
        story.unread.append((piece.start, piece.end))
        return
    person(story, piece)
    spoken_of(story, piece)
    if piece.has("particulars") and piece.when is None:
        return
    denied = piece.has("not") and not piece.has("at_home")
    if not denied and _understood(story, piece):
        return
    words = story.plain[piece.start : piece.end]
    if denied or (not _NOTHING.fullmatch(words) and _says_more(piece, story.plain)):
        story.unread.append((piece.start, piece.end))


def _understood(story: Story, piece: Piece) -> bool:
    if piece.has("above") and story.drafts and above(story, piece):
        return True
    if acts(story, piece):
        story.waiting = None
        return True
    when = piece.when
    if details(story, piece) or (when is not None and hours_after(story, piece, when)):
        return True
    story.waiting = when or story.waiting
    return False


def _says_more(piece: Piece, plain: str) -> bool:
    """Than when: a time alone belongs to what follows."""
    acting = piece.has("from", "to", "in", "leaves", "arrives", "activity")
    return piece.when is None or acting or wordy(piece, plain)


def acts(story: Story, piece: Piece) -> bool:
    """Whether its words are an act, or belong to one."""
    count = len(story.drafts)
    board, place = facts.aboard(piece), facts.where(piece)
    sampled = piece.has("test") or (piece.has("result") and not piece.has("diagnosis"))
    if sampled and test(story, piece, place):
        return True
    if piece.has("onset") and not piece.has("no_symptoms"):
        onset(story, piece)
        if not (place.to or place.at or piece.has("activity")):
            return True
    for name in ("diagnosis", "vaccination", "discharge"):
        for mark in piece.marks(name)[:1]:
            draft = new(story, piece, EventKind.OTHER)
            draft.activity = str(mark.means["activity"])
            at(draft, place)
            return True
    if board.carried:
        ride(story, piece, board, place)
        return True
    if piece.has("isolation") or _taken_in(piece, place):
        isolation(story, piece, place)
        return True
    return stay(story, piece, board, place) or len(story.drafts) > count


def _taken_in(piece: Piece, place: Where) -> bool:
    """转运至隔离点: whoever is brought there is isolated."""
    names = (*place.at, *((place.to,) if place.to else ()))
    kept = any(name.kind == "isolation_site" or "定点" in name.text for name in names)
    return piece.has("transfer") and kept


def read(original: str, written: date | None) -> Reading:
    """What a text tells. `written`: the day on which it was written, if it is known.

    Of a text longer than `MOST_CHARACTERS` the rest is listed, and not read.
    """
    given = Narrative(_bounded(original))
    identities = identities_in(given)
    text = Narrative(hidden(given.original, identities)) if identities else given
    plain = text.plain
    marks = marks_of(plain)
    story = Story(plain)
    for piece in pieces_of(plain, marks, times_of(plain, marks, written)):
        take(story, as_written(piece, text))
    events = [event for draft in story.drafts for event in events_of(draft, text)]
    left = list(unread(story, text))
    if len(given.original) < len(original):
        left.append(Unread((len(given.original), len(original)), _REST))
    relations = [
        (*text.span(mark.start, mark.end), str(mark.means["relation"]))
        for mark in marks
        if mark.name == "relation"
    ]
    people = people_in(given.original, identities, relations)
    return Reading(tuple(events), tuple(left), text.original, tuple(identities), tuple(people))


def as_written(piece: Piece, text: Narrative) -> Piece:
    """With the names of places as they stand in the original."""
    items = [
        replace(item, text=text.name(item.start, item.end)) if isinstance(item, Name) else item
        for item in piece.items
    ]
    return replace(piece, items=items)


def _bounded(original: str) -> str:
    """No number is cut in two, of which half would not be known as one."""
    if len(original) <= MOST_CHARACTERS:
        return original
    return re.sub(rf"\w{{0,{LONGEST_NUMBER}}}\Z", "", original[:MOST_CHARACTERS])


def unread(story: Story, text: Narrative) -> Iterator[Unread]:
    for start, end in story.unread:
        inner = story.plain[start:end]
        first = start + len(inner) - len(inner.lstrip())
        last = end - (len(inner) - len(inner.rstrip()))
        if first < last:
            yield Unread(text.span(first, last), text.words(first, last))


def wordy(piece: Piece, plain: str) -> bool:
    covered = sum(item.end - item.start for item in piece.items)
    rest = piece.end - piece.start - covered
    return rest > 4 and not _NOTHING.fullmatch(without(piece, plain))


def without(piece: Piece, plain: str) -> str:
    kept, at = [], piece.start
    for item in piece.items:
        kept.append(plain[at : item.start])
        at = item.end
    return "".join([*kept, plain[at : piece.end]])
