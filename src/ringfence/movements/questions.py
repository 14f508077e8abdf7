"""What to ask next, that which settles most first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ringfence.movements.model import (
    Confidence,
    Conflict,
    ConflictKind,
    Episode,
    Gap,
    Sphere,
    Where,
)
from ringfence.movements.reading import Ridden
from ringfence.movements.sites import Sites
from ringfence.rides.legs import NOT_ABOARD

LEAST_WAKING = 60


class QuestionKind(StrEnum):
    CONFLICT = "conflict"
    GAP = "gap"
    BOARDED = "boarded"
    SEAT = "seat"
    TIMES = "times"
    PLACE = "place"


@dataclass(frozen=True)
class Question:
    """`number`: of the conflict or gap that it is about, as they are listed, from 1."""

    kind: QuestionKind
    where: Where | None = None
    number: int | None = None
    start: int | None = None


_FIRST = (ConflictKind.CONCEALED, ConflictKind.DECLARED, ConflictKind.TICKET, ConflictKind.BORROWED)
_ANSWERED = frozenset({ConflictKind.DELAY, ConflictKind.POSTING, ConflictKind.DRIFT})


def questions_of(
    conflicts: Sequence[Conflict],
    gaps: Sequence[Gap],
    episodes: Iterable[Episode],
    rides: Iterable[Ridden],
    sites: Sites,
) -> list[Question]:
    """Journeys that were kept silent, then time of which nothing is known while the case was
    infectious, then what records do not decide, then what is missing of rides and places.
    """
    asked = [
        (_rank(one), Question(QuestionKind.CONFLICT, None, number, one.start))
        for number, one in enumerate(conflicts, 1)
        if one.kind not in _ANSWERED
    ]
    asked += [
        (1 if gap.infectious else 4, Question(QuestionKind.GAP, gap.before, number, gap.start))
        for number, gap in enumerate(gaps, 1)
        if gap.waking >= LEAST_WAKING and not gap.settled
    ]
    asked += [(3, one) for one in _about_rides(rides, episodes)]
    asked += [(5, one) for one in _about_places(episodes, sites)]
    return [question for _, question in sorted(asked, key=lambda pair: pair[0])]


def _rank(one: Conflict) -> int:
    if one.kind is ConflictKind.CONCEALED:
        return 0
    return 2 if one.likelier is None or one.kind in _FIRST else 4


def _about_rides(rides: Iterable[Ridden], episodes: Iterable[Episode]) -> Iterator[Question]:
    weak = {
        one.where
        for one in episodes
        if one.where.sphere is Sphere.RUN and one.confidence is Confidence.WEAK
    }
    done: set[tuple[QuestionKind, Where | None]] = set()
    for one in rides:
        if one.status in NOT_ABOARD:
            continue
        where = one.told.where
        for kind, holds in (
            (QuestionKind.BOARDED, where in weak and one.status == "ticketed"),
            (QuestionKind.SEAT, not one.leg.seat.named),
            (QuestionKind.TIMES, not one.timed),
        ):
            if holds and (kind, where) not in done:
                done.add((kind, where))
                yield Question(kind, where, None, one.told.start)


def _about_places(episodes: Iterable[Episode], sites: Sites) -> Iterator[Question]:
    done: set[Where] = set()
    for one in episodes:
        if one.where.sphere is Sphere.PLACE and one.where not in done:
            done.add(one.where)
            if one.where.key not in sites or sites[one.where.key].kind is None:
                yield Question(QuestionKind.PLACE, one.where, None, one.start)
