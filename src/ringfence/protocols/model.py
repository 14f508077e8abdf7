"""What a protocol can say: anchors of the infectious window, contact rules, measures.

Everything here is frozen data; `protocols.reading` makes it from YAML, the engines and `trace`
give it its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from ringfence.errors import Text
from ringfence.records.vocabularies import Setting


class Outcome(StrEnum):
    """Class of a contact, gravest first."""

    CLOSE = "close"
    GENERAL = "general"
    SECOND = "second"


class IfUnknown(StrEnum):
    """What a condition means where the fact is not known."""

    REVIEW = "review"
    MATCH = "match"
    NO_MATCH = "no_match"


class Fact(StrEnum):
    """A fact that a rule depends on, and that may have to be asked for."""

    SETTING = "setting"
    ZONE = "zone"
    VENTILATION = "ventilation"
    DISTANCE = "distance"
    PHYSICAL = "physical"
    INDOOR = "indoor"
    CASE_ROLE = "case_role"
    CONTACT_ROLE = "contact_role"
    SYMPTOMATIC = "symptomatic"
    DWELL = "dwell"  # the overlap rests on an assumed length of stay
    CASE_STAY = "case_stay"  # somebody denied the stay of the case (or of the via)
    CONTACT_STAY = "contact_stay"  # somebody denied the stay of the contact


class RideFact(StrEnum):
    """What would have to be known of a run, beside the facts of every rule."""

    SERVICE = "service"  # which run it was at all
    CASE_SEAT = "case_seat"
    CONTACT_SEAT = "contact_seat"
    CASE_RIDE = "case_ride"  # whether aboard, or from where to where
    CONTACT_RIDE = "contact_ride"
    TIMETABLE = "timetable"
    SEALED = "sealed"
    HEPA = "hepa"
    TRIP = "trip"


@dataclass(frozen=True)
class OneOf:
    """The fact (setting, ventilation, case_role, contact_role) is one of `words`."""

    fact: Fact
    words: tuple[str, ...]
    if_unknown: IfUnknown = IfUnknown.REVIEW


@dataclass(frozen=True)
class Is:
    """The fact (physical, indoor, symptomatic) is `wanted`."""

    fact: Fact
    wanted: bool
    if_unknown: IfUnknown = IfUnknown.REVIEW


@dataclass(frozen=True)
class Near:
    """The least distance is at most `metres` (`strict`: less than)."""

    metres: float
    strict: bool = False
    if_unknown: IfUnknown = IfUnknown.REVIEW
    fact: Fact = Fact.DISTANCE


@dataclass(frozen=True)
class SameZone:
    """Both stays are in the same zone. Both without a zone: the place is not divided, so they are.

    One without a zone: unknown.
    """

    if_unknown: IfUnknown = IfUnknown.REVIEW
    fact: Fact = Fact.ZONE


Condition = OneOf | Is | Near | SameZone


@dataclass(frozen=True)
class Minutes:
    """At least `least` minutes together (`strict`: more than), in any window of `within_hours`.

    Without `within_hours`: over the whole window of the case.
    """

    least: float
    strict: bool = False
    within_hours: float | None = None


@dataclass(frozen=True)
class Exemption:
    """An overlap is exempt where all that is stated here is known to hold.

    Where it is unknown, the match stays and is flagged `<id>_unknown`. masks: 'both' or 'either'
    wore one; ppe: protective equipment was worn (link); doses: the contact had had at least so many
    vaccinations against the disease before the overlap (no record at all: unknown); roles: both
    have one of these roles; indoor; apart_m: at least so many metres apart.
    """

    id: str
    masks: str | None = None
    ppe: bool = False
    doses: int | None = None
    roles: tuple[str, ...] = ()
    indoor: bool | None = None
    apart_m: float | None = None


@dataclass(frozen=True)
class RideRule:
    """Who of a conveyance: any of the seats (bays, staff) that are named; in which vehicle, on a
    trip of which length.

    `rows`: in the carriage, so many before and behind. `around`: so many seats in every direction.
    `reused`: whoever sat in the same seat later. `staff_of_zone`: crew of the zone or carriage.
    """

    rows: int | None = None
    same_carriage: bool = False
    same_compartment: bool = False
    adjacent_bays: bool = False
    everyone: bool = False
    staff_of_zone: bool = False
    around: int | None = None
    reused: bool = False
    sealed: bool | None = None
    hepa: bool | None = None
    trip_hours: float | None = None

    @property
    def everywhere(self) -> bool:
        """Whether it names no seat, bay or crew: everybody aboard is meant."""
        near = self.rows is not None or self.around is not None or self.reused
        parts = self.same_carriage or self.same_compartment or self.adjacent_bays
        return self.everyone or not (near or parts or self.staff_of_zone)


@dataclass(frozen=True)
class Rule:
    """Who is a contact: all conditions hold for one and the same overlap, and the minutes add up.

    `evidence`: kinds of records that it reads (presence, event, encounter, link, ride).
    `relations`: for links. `lag_minutes`: how long the air stays infectious after the case left.
    `accepts_assumed`: an overlap of certainty `assumed` need not be reviewed.
    """

    id: str
    order: int
    outcome: Outcome
    priority: int
    evidence: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    relations: tuple[str, ...] = ()
    minutes: Minutes | None = None
    lag_minutes: int = 0
    exemptions: tuple[Exemption, ...] = ()
    accepts_assumed: bool = False
    ride: RideRule | None = None
    title: Text | None = None
    source: str | None = None


@dataclass(frozen=True)
class EndTerm:
    """One end of the infectious window.

    After `event` (None: the anchor itself) plus whole local days; an event without offset ends at
    its own instant, or with its day. `symptom_free_days`: not before so many days after the last
    symptom.
    """

    event: str | None = None
    offset_days: int | None = None
    symptom_free_days: int | None = None


@dataclass(frozen=True)
class Anchor:
    """How a window hangs on an event of the case. `kind`: a case_event kind, or `sample`.

    `case_class`: symptomatic, asymptomatic or any. The window ends at the earliest of `ends` that
    is known, or is open. The first anchor of a protocol that a case can use gives its window.
    """

    case_class: str
    kind: str
    start_days: int
    ends: tuple[EndTerm, ...]


@dataclass(frozen=True)
class Measure:
    """An order for contacts of one class, by days counted from the last exposure (day 0)."""

    kind: str
    days: int
    tests: tuple[int, ...] = ()
    source: str | None = None


@dataclass(frozen=True)
class Dwell:
    """How long a person is assumed to have stayed around an event, in minutes."""

    before: int
    after: int


@dataclass(frozen=True)
class Source:
    """The primary source. Without issuer, number and date the protocol is a draft."""

    issuer: str | None = None
    number: str | None = None
    date: date | None = None
    title: str | None = None
    note: str | None = None


DEFAULT_CROWD_LIMIT = 200
NEVER_CROWDED: frozenset[str] = frozenset({Setting.HOUSEHOLD, Setting.ENCOUNTER})


@dataclass(frozen=True)
class Protocol:
    """One version of one protocol. `valid_to` is exclusive; None: still in force.

    `crowd_limits` and `dwells` are by setting and by place kind ('default' for every other kind,
    the unknown one too). `seeds`: ids of the rules of order 1 whose contacts seed ring 2 (None: all
    rules with outcome close). `digest`: of the file, for caches.
    """

    id: str
    version: int
    title: Text
    disease: str
    jurisdiction: str
    valid_from: date
    valid_to: date | None
    source: Source
    anchors: tuple[Anchor, ...]
    rules: tuple[Rule, ...]
    digest: str
    crowd_limit: int = DEFAULT_CROWD_LIMIT
    crowd_limits: Mapping[str, int] = field(default_factory=dict)
    dwells: Mapping[str, Dwell] = field(default_factory=dict)
    seeds: frozenset[str] | None = None
    measures: Mapping[Outcome, tuple[Measure, ...]] = field(default_factory=dict)
    retention_days: int | None = None

    @property
    def draft(self) -> bool:
        return not (self.source.issuer and self.source.number and self.source.date)

    def of_order(self, order: int) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.order == order)

    def rule(self, rule_id: str) -> Rule:
        return self._rule_of_id[rule_id]

    @cached_property
    def _rule_of_id(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    def seeds_from(self, rule: Rule) -> bool:
        """Whether contacts found by this rule of order 1 seed ring 2."""
        if rule.outcome is not Outcome.CLOSE:
            return False
        return self.seeds is None or rule.id in self.seeds

    def crowd_limit_of(self, setting: str | None) -> int | None:
        """Most people expanded through one stay; None: never limited."""
        if setting in NEVER_CROWDED:
            return None
        return (
            self.crowd_limit
            if setting is None
            else self.crowd_limits.get(setting, self.crowd_limit)
        )

    def dwell_of(self, place_kind: str | None) -> Dwell | None:
        default = self.dwells.get("default")
        return default if place_kind is None else self.dwells.get(place_kind, default)
