"""What is said of one person's movements. Times are epoch seconds, intervals half-open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sphere(StrEnum):
    """In what somebody was."""

    PLACE = "place"
    RUN = "run"
    VEHICLE = "vehicle"
    POSITION = "position"


@dataclass(frozen=True)
class Where:
    """`key`: of the place, of the run (its first key), of the vehicle; or the position as it is
    written: degrees, and metres within which.
    """

    sphere: Sphere
    key: str


@dataclass(frozen=True, eq=False)
class Told:
    """One row about the person, equal to itself alone. `end` equals `start` for an instant; `where`
    None: a fact without a place. `kind`: of an event (payment, scan, gate), or a ride's status.
    `certainty`: the evidence grade. `detail`: a seat, a stop. `shift`: seconds by which the
    source's clock was found to be ahead, already taken off. `alias`: the key of the place, or the
    position, in the row, where another one stands.
    """

    table: str
    source: str
    where: Where | None
    start: int
    end: int
    certainty: str
    batch: str
    row: int
    kind: str | None = None
    detail: str | None = None
    shift: int = 0
    alias: str | None = None

    @property
    def instant(self) -> bool:
        return self.start == self.end

    @property
    def denied(self) -> bool:
        return self.certainty == "denied"


class Confidence(StrEnum):
    """How far an episode can be relied on, surest first."""

    CERTAIN = "certain"
    LIKELY = "likely"
    WEAK = "weak"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class Episode:
    """One stay, ride or drive, however many rows tell of it. [start, end): by the strongest of
    them; [earliest, latest): by all. `told`: in the order of time.
    """

    where: Where
    start: int
    end: int
    earliest: int
    latest: int
    told: tuple[Told, ...]
    confidence: Confidence = Confidence.WEAK

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(sorted({one.source for one in self.told}))


class ConflictKind(StrEnum):
    """In what way records contradict each other."""

    SPEED = "impossible_speed"
    TWO_PLACES = "two_places"
    TICKET = "ticket_without_boarding"
    SEAT = "seat_swap"
    POSTING = "posting_time"
    CLOCK = "clock_skew"
    ZONE = "time_zone"
    MIDNIGHT = "midnight"
    BORROWED = "borrowed"
    COMPANION = "companion_scan"
    DRIFT = "cell_drift"
    ALIAS = "place_alias"
    DELAY = "delay"
    ONSET = "onset_revised"
    DECLARED = "declared_against_recorded"
    CONCEALED = "not_declared"


class Reason(StrEnum):
    """Why one side of a conflict is the likelier."""

    MORE_SOURCES = "more_sources"
    STRONGER = "stronger_evidence"
    PERSON_OVER_TOKEN = "person_over_token"  # noqa: S105
    FITS_NEIGHBOURS = "fits_neighbours"
    COARSE_POSITION = "coarse_position"
    TICKET_IS_NO_BOARDING = "ticket_is_no_boarding"
    STAY_BEFORE_POSTING = "stay_before_posting"
    CLOCK_AGREES_SHIFTED = "clock_agrees_shifted"
    DAY_AGREES_SHIFTED = "day_agrees_shifted"
    SAME_NAME = "same_name"
    SAME_POSITION = "same_position"
    REAL_TIMES = "real_times"
    BOARDED_SEAT = "boarded_seat"
    EARLIER_BY_CAUTION = "earlier_by_caution"


@dataclass(frozen=True)
class Conflict:
    """`these` against `those`, both shown. `likelier` None: not to be decided by records.
    `figure`: km/h of an impossible speed, km of a drift, minutes of a clock, a delay; days of an
    onset.
    """

    kind: ConflictKind
    these: tuple[Told, ...]
    those: tuple[Told, ...]
    likelier: str | None
    reasons: tuple[Reason, ...] = ()
    figure: float | None = None

    @property
    def unlikelier(self) -> tuple[Told, ...]:
        """The rows that are set aside."""
        if self.likelier is None:
            return ()
        return self.those if self.likelier == THESE else self.these

    @property
    def start(self) -> int:
        return min(one.start for one in (*self.these, *self.those))

    @property
    def at(self) -> int:
        """When they first contradict each other: of two places at once, when both were."""
        first = min(one.start for one in self.these)
        if self.kind not in {ConflictKind.TWO_PLACES, ConflictKind.DECLARED}:
            return first
        both = (
            max(one.start, other.start)
            for one in self.these
            for other in self.those
            if one.start <= other.end and other.start <= one.end
        )
        return min(both, default=first)


THESE, THOSE = "these", "those"


@dataclass(frozen=True)
class Gap:
    """A time of which nothing is known. `waking`: minutes between 06:00 and 24:00; `infectious`:
    those of them within the window of the case. `before`, `after`: where the person was; None: at
    an end of the time asked for. `apart_m`: between those; `reach_m`: how far away the person may
    have been. `settled`: a night between stays at one place where people sleep.
    """

    start: int
    end: int
    before: Where | None
    after: Where | None
    minutes: int
    waking: int
    infectious: int
    apart_m: int | None
    reach_m: int
    settled: bool
