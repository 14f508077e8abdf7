"""What a narrative tells: dated events that point to their words, and what was not understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ringfence.narratives.clocks import Clock, Vague
from ringfence.narratives.dating import Day
from ringfence.narratives.identities import Identity, Named


class EventKind(StrEnum):
    RIDE = "ride"
    STAY = "stay"
    TEST = "test"
    ONSET = "onset"
    ISOLATION = "isolation"
    OTHER = "other"


class Doubt(StrEnum):
    """Why an event needs somebody to look at it. Nothing is corrected for it."""

    NO_SUCH_DAY = "no_such_day"
    NO_SUCH_TIME = "no_such_time"
    ENDS_BEFORE_START = "ends_before_start"
    ANOTHER_PERSON = "another_person"
    UNSURE_CARRIAGE = "unsure_carriage"
    UNSURE_SEAT = "unsure_seat"
    TIME_ZONE = "time_zone"
    NO_DAY = "no_day"
    YEAR_UNKNOWN = "year_unknown"
    UNKNOWN_SERVICE = "unknown_service"
    NOT_ITS_STATION = "not_its_station"
    NOT_ITS_TIME = "not_its_time"


class Confidence(StrEnum):
    """How sure the reading is, not what it says. `certain`: its day stands beside it; `likely`: it
    follows from what was said before; `weak`: no day, or hardly a place; `doubtful`: with a doubt.
    """

    CERTAIN = "certain"
    LIKELY = "likely"
    WEAK = "weak"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class Event:
    """[start_at, end_at): characters of the original text. `last`: the day on which it ends, where
    it is another one, inclusive. `origin`, `to`: of a movement.
    """

    kind: EventKind
    day: Day | None
    last: Day | None = None
    start: Clock | None = None
    end: Clock | None = None
    vague: Vague | None = None
    means: str | None = None
    service: str | None = None
    carriage: str | None = None
    row: str | None = None
    seat: str | None = None
    origin: str | None = None
    to: str | None = None
    place: str | None = None
    place_kind: str | None = None
    activity: str | None = None
    companions: tuple[str, ...] = ()
    mask: str | None = None
    result: str | None = None
    span: tuple[int, int] = (0, 0)
    confidence: Confidence = Confidence.LIKELY
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Unread:
    """Words of which nothing became an event."""

    span: tuple[int, int]
    text: str


@dataclass(frozen=True)
class Reading:
    """`shown`: the text with other signs in place of those that name somebody, so that spans are
    the same in both. `identities`: these, for the vault only. `people`: what is said of each.
    """

    events: tuple[Event, ...] = ()
    not_understood: tuple[Unread, ...] = ()
    shown: str = ""
    identities: tuple[Identity, ...] = field(default=(), repr=False)
    people: tuple[Named, ...] = field(default=(), repr=False)

    def words(self, span: tuple[int, int]) -> str:
        return self.shown[slice(*span)]
