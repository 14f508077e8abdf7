"""What is true in the city, as arrays that the evaluation of rules works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ringfence.records.vocabularies import CERTAINTIES, PLACE_KINDS, RELATIONS, ROLES, VENTILATIONS
from ringfence.records.vocabularies import Setting as Settings
from ringfence_city.answers.arrays import Bool, Int, Real, Runs, Small
from ringfence_city.answers.reading import Keys
from ringfence_city.answers.rides import Rides
from ringfence_city.answers.vehicles import Seated

SETTING_WORDS = tuple(str(setting) for setting in Settings)
ROLE_WORDS = tuple(ROLES)
VENTILATION_WORDS = tuple(VENTILATIONS)
RELATION_WORDS = tuple(RELATIONS)
KIND_WORDS = tuple(PLACE_KINDS)
CERTAINTY_WORDS = tuple(CERTAINTIES)

RELATION_SETTINGS: Small = np.array(
    [SETTING_WORDS.index(setting) for setting, _ in RELATIONS.values()], dtype=np.int8
)
ENCOUNTER_SETTING = SETTING_WORDS.index(Settings.ENCOUNTER)


@dataclass(frozen=True)
class Moment:
    """An instant in seconds of UTC, or the local day that begins then."""

    second: int
    is_day: bool


@dataclass(frozen=True)
class Case:
    """`events` by kind. `symptomatic`: None where nobody said."""

    case: str
    person: int
    symptomatic: bool | None
    events: Mapping[str, Moment]


@dataclass(frozen=True)
class Spell:
    """A symptom, or an order that isolates, from start to end (None: it has not ended)."""

    start: Moment
    end: Moment | None


@dataclass(frozen=True)
class Places:
    """By code of the place; -1: nobody knows."""

    kind: Small
    setting: Small
    ventilation: Small


@dataclass(frozen=True)
class Stays:
    """Someone was somewhere. `instant`: only that moment is known, and a protocol gives the rest.

    `place`, `zone` (-1: none), `role` and `mask` are codes.
    """

    person: Int
    place: Int
    zone: Int
    start: Int
    end: Int
    role: Small
    mask: Small
    assumed: Bool
    instant: Bool

    def __len__(self) -> int:
        return len(self.person)

    def only(self, rows: Bool | Int) -> Stays:
        return Stays(**{name: column[rows] for name, column in vars(self).items()})

    def with_more(self, other: Stays) -> Stays:
        theirs = vars(other)
        return Stays(**{n: np.concatenate([c, theirs[n]]) for n, c in vars(self).items()})


@dataclass(frozen=True)
class Meetings:
    """Measured encounters, each from both sides."""

    person: Int
    other: Int
    start: Int
    end: Int
    distance: Real
    physical: Small
    indoor: Small
    mask: Small
    other_mask: Small
    of_person: Runs


@dataclass(frozen=True)
class Links:
    """Declared relations, each from both sides."""

    person: Int
    other: Int
    relation: Small
    start: Int
    end: Int
    ppe: Small
    of_person: Runs


@dataclass(frozen=True)
class Doses:
    """Vaccinations: `key` is disease * persons + person; sorted by key and day."""

    diseases: tuple[str, ...]
    persons: int
    key: Int
    day: Int


@dataclass(frozen=True)
class Facts:
    """All that is true, as of an instant (seconds of UTC): nothing later counts."""

    as_of: int
    person_names: Keys
    place_names: Keys
    places: Places
    roles: Small
    stays: Stays
    meetings: Meetings
    links: Links
    rides: Rides
    seated: Seated
    doses: Doses
    cases: tuple[Case, ...]
    symptoms: Mapping[int, tuple[Spell, ...]]
    isolating: Mapping[int, tuple[Spell, ...]]
    positive: Mapping[int, int]
    """First positive sample of a person, seconds of UTC."""
