"""What a person said, against what records say: denials, and journeys that were not mentioned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from ringfence.movements.drifting import LASTING
from ringfence.movements.model import (
    THESE,
    Conflict,
    ConflictKind,
    Episode,
    Reason,
    Sphere,
    Told,
)
from ringfence.movements.sites import Sites, metres, site
from ringfence.trace.local_days import local_day
from ringfence.trace.seeds import instant

FAR_M = 20_000
"""So far from all that was declared of the day, a stay is one that an interview would name."""
_MOST_SAID = 100
"""Nobody tells of more in one day: what has more rows is no account of a day."""


def denials(told: Iterable[Told], episodes: Iterable[Episode]) -> Iterator[Conflict]:
    """Stays that were denied although others tell of them."""
    of_where: defaultdict[object, list[Episode]] = defaultdict(list)
    for episode in episodes:
        of_where[episode.where].append(episode)
    for one in told:
        if one.denied:
            for episode in of_where[one.where]:
                against = tuple(
                    other
                    for other in episode.told
                    if (other.start < one.end or other.start == one.start)
                    and other.end >= one.start
                )
                if against:
                    reasons = (Reason.STRONGER,)
                    yield Conflict(ConflictKind.DECLARED, against, (one,), THESE, reasons)


def concealed(
    told: Iterable[Told], episodes: Sequence[Episode], sites: Sites, zone: str
) -> list[Conflict]:
    """Journeys on days of which the person told, and of which the person said nothing: rides, and
    stays far from everything declared. Stretches that follow each other are one journey.
    """
    days = _declared(told, zone)
    found: list[list[Episode]] = []
    before: Episode | None = None
    for episode in episodes:
        if _unsaid(episode, days, sites, zone):
            if before is not None and found and found[-1][-1] is before:
                found[-1].append(episode)
            else:
                found.append([episode])
        before = episode
    return [_conflict(some, days, zone) for some in found if _journey(some)]


def _declared(told: Iterable[Told], zone: str) -> Mapping[date, Sequence[Told]]:
    """Local day → what was declared of it."""
    days: defaultdict[date, list[Told]] = defaultdict(list)
    for one in told:
        if one.certainty == "declared":
            for day in {local_day(instant(at), zone) for at in (one.start, one.end)}:
                days[day].append(one)
    return {day: rows for day, rows in days.items() if len(rows) <= _MOST_SAID}


def _unsaid(episode: Episode, days: Mapping[date, Sequence[Told]], sites: Sites, zone: str) -> bool:
    if any(one.certainty == "declared" for one in episode.told):
        return False
    said = _about(episode, days, zone)
    if not said:
        return False
    if episode.where.sphere not in {Sphere.PLACE, Sphere.POSITION}:
        return episode.where.sphere is Sphere.RUN
    here = site(sites, episode.where)
    apart = [metres(here, site(sites, one.where)) for one in said]
    return all(far is not None and far > FAR_M for far in apart) and here is not None


def _about(episode: Episode, days: Mapping[date, Sequence[Told]], zone: str) -> tuple[Told, ...]:
    """All that was declared of the days of an episode; nothing where one of them was left out."""
    spanned = {local_day(instant(at), zone) for at in (episode.start, episode.end)}
    if any(not days.get(day) for day in spanned):
        return ()
    return tuple(dict.fromkeys(one for day in sorted(spanned) for one in days[day]))


def _journey(some: Sequence[Episode]) -> bool:
    """More than one payment by a card that may be somebody else's, or than a position."""
    if any(one.where.sphere is Sphere.RUN for one in some):
        return True
    sources = {one.told[0].source for one in some}
    return len(sources) > 1 or any(_stayed(one) for one in some)


def _stayed(episode: Episode) -> bool:
    if episode.where.sphere is Sphere.POSITION:
        return episode.end - episode.start >= LASTING
    return any(not row.instant for row in episode.told)


def _conflict(some: Sequence[Episode], days: Mapping[date, Sequence[Told]], zone: str) -> Conflict:
    said = tuple(dict.fromkeys(one for episode in some for one in _about(episode, days, zone)))
    return Conflict(
        ConflictKind.CONCEALED,
        tuple(row for episode in some for row in episode.told),
        said,
        THESE,
        (Reason.STRONGER,),
    )
