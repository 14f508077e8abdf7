"""What a narrative tells of a case as records of the home would say it: proposals, until somebody
has looked at them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ringfence.audit import append
from ringfence.engines.question import Engine, EngineMaker
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.narratives.identities import Named
from ringfence.narratives.lasting import Lasting, lasting
from ringfence.narratives.model import Confidence, Doubt, Event, EventKind, Reading
from ringfence.narratives.telling import read
from ringfence.operations.narrating.timetable import aboard
from ringfence.sources.normalise.place_review import place_book
from ringfence.sources.normalise.places import Alike, PlaceBook, PlaceMatch, match_places
from ringfence.trace.case_files import read_cases

HOMES = frozenset({"home", "dormitory"})
_OWN_HOME = frozenset(
    {"家", "家中", "家里", "自家", "住处", "居住地", "住所", "home", "residence", "house"}
)
_WITHOUT_A_NAME = "家（病例 {case}）"


@dataclass(frozen=True)
class Proposal:
    """`event`: with the doubts that the home's timetable raises. `when`: from when to when.
    `place`: the key of a known place, or the name as it is written; `known` False: a name of which
    no place is known, None: somebody has to say which it is. `service`: the key of the run.
    """

    event: Event
    when: Lasting
    place: str | None = None
    known: bool | None = None
    alike: tuple[Alike, ...] = ()
    service: str | None = None


@dataclass(frozen=True)
class Proposed:
    """Of one narrative. `subject`: of the case. `people`: who else is named, for the vault."""

    case: str
    subject: str
    zone: str
    reading: Reading
    proposals: tuple[Proposal, ...]

    @property
    def people(self) -> tuple[Named, ...]:
        return self.reading.people


@dataclass(frozen=True)
class Of:
    """Whom narratives are about, and what the home knows that they may speak of."""

    case: str
    subject: str
    engine: Engine
    book: PlaceBook
    home: str | None

    @property
    def zone(self) -> str:
        return self.engine.snapshot.zone


def about(
    home: Home, case: str, *, make_engine: EngineMaker, now: datetime, by: str | None = None
) -> Of:
    """`by`: who reads, for the audit; None: it knows already.

    NotFound: no such case. NotAllowed: discarded or withdrawn. DataError: sources name different
    persons.
    """
    engine = make_engine(snapshot(home, now))
    (file,) = read_cases(engine, [case])
    if by is not None:
        append(home, "narrative.read", by=by, at=now, about={"case": file.case})
    return of_person(home, engine, file.case, file.subject, now)


def of_person(home: Home, engine: Engine, case: str, subject: str, now: datetime) -> Of:
    """The same of a case that is known to stand."""
    return Of(case, subject, engine, place_book(home, now), _home_of(engine, subject))


def propose(of: Of, text: str, written: date | None) -> Proposed:
    reading = read(text, written)
    when = lasting(reading.events, of.zone)
    matches = match_places([event.place for event in reading.events], of.book)
    proposals = tuple(
        _proposal(of, event, one, match)
        for event, one, match in zip(reading.events, when, matches, strict=True)
    )
    events = tuple(one.event for one in proposals)
    return Proposed(of.case, of.subject, of.zone, replace(reading, events=events), proposals)


def _proposal(of: Of, event: Event, when: Lasting, match: PlaceMatch) -> Proposal:
    if event.kind is EventKind.RIDE:
        found = aboard(of.engine, event, when)
        if found is None:
            return Proposal(event, when)
        told = replace(event, origin=found.origin, to=found.to)
        return Proposal(doubted(told, found.doubts), when, service=found.service)
    if event.place is None:
        return Proposal(event, when)
    if event.place.lower() in _OWN_HOME and Doubt.ANOTHER_PERSON not in event.doubts:
        own = of.home or _WITHOUT_A_NAME.format(case=of.case)
        return Proposal(event, when, own, known=of.home is not None)
    if match.key is not None:
        return Proposal(event, when, match.key, known=True)
    return Proposal(event, when, event.place, None if match.review else False, match.review)


def doubted(event: Event, doubts: Sequence[Doubt]) -> Event:
    if not doubts:
        return event
    together = tuple(dict.fromkeys((*event.doubts, *doubts)))
    return replace(event, doubts=together, confidence=Confidence.DOUBTFUL)


def _home_of(engine: Engine, subject: str) -> str | None:
    """The one home at which records say that the case stayed."""
    stays = engine.rows("presence", "subject", [subject])
    keys = sorted(set(stays["place"].to_pylist()))
    places = engine.rows("place", "place", keys).to_pylist()
    homes = {row["place"] for row in places if row["kind"] in HOMES}
    return homes.pop() if len(homes) == 1 else None
