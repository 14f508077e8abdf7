"""What the truth keeps of those who were ever infected: where they were, whom they met."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ringfence_city.truth import contacts, days, transport
from ringfence_city.truth.city import City, Int8, Int32, Met, Stays, Truths
from ringfence_city.truth.journeys import Occupancies, Rides
from ringfence_city.truth.relations import Relations, relations

Rows = TypeVar("Rows", Stays, Met, Relations, Rides, Occupancies)


@dataclass(frozen=True)
class Watched:
    """Where infected people are on a day: places, runs and vehicles."""

    places: Int32
    runs: Int32
    vehicles: Int32


@dataclass(frozen=True)
class Near:
    """The day of all who were where infected people were."""

    stays: Stays
    rides: Rides
    occupancies: Occupancies


def watched(city: City, persons: Int32, day: int, confined: Int8) -> Watched:
    told = days.lived(city, persons, day, confined)
    return Watched(
        np.unique(told.stays.place),
        np.unique(told.rides.run),
        np.unique(told.occupancies.vehicle),
    )


def near(city: City, told: days.Day, where: Watched | None) -> Near:
    """`where`: None for everywhere."""
    if where is None:
        return Near(told.stays, told.rides, told.occupancies)
    marked = np.zeros(city.places.count, dtype=bool)
    marked[where.places] = True
    return Near(
        taken(told.stays, np.flatnonzero(marked[told.stays.place])),
        taken(told.rides, np.isin(told.rides.run, where.runs)),
        taken(told.occupancies, np.isin(told.occupancies.vehicle, where.vehicles)),
    )


def together(parts: list[Near]) -> Near:
    return Near(
        joined([part.stays for part in parts]),
        joined([part.rides for part in parts]),
        joined([part.occupancies for part in parts]),
    )


def meetings(city: City, told: Near, day: int) -> Met:
    """Whoever talked: in a place, aboard, in a taxi."""
    return joined(
        [
            contacts.met(city, told.stays, day),
            transport.met_aboard(city, told.rides, day),
            transport.met_in_vehicles(city, told.occupancies, day),
        ]
    )


@dataclass(frozen=True)
class Kept:
    """Stays of the followed; whom they met, and the masks of both (-1: not known)."""

    stays: Stays
    met: Met
    mask_a: NDArray[np.int8]
    mask_b: NDArray[np.int8]
    relations: Relations


def keep(city: City, stays: Stays, met: Met, of: Whose) -> Kept:
    """Of one day."""
    related = relations(city, met, stays)
    masks = MasksWorn(city, stays)
    met = taken(met, of.pairs(met.person_a, met.person_b))
    related = taken(related, of.pairs(related.person_a, related.person_b))
    if of.persons is not None:
        stays = taken(stays, np.isin(stays.person, of.persons))
    mask_a, mask_b = masks.worn(met.person_a, met.place), masks.worn(met.person_b, met.place)
    return Kept(stays, met, mask_a, mask_b, related)


@dataclass(frozen=True)
class Whose:
    """What is kept: of `persons` (ascending; None: of everybody), without pairs of those `but`,
    which have been kept already.
    """

    persons: Int32 | None
    but: Int32 | None = None

    def pairs(self, one: Int32, two: Int32) -> Truths:
        if self.persons is None:
            return np.ones(len(one), dtype=np.bool_)
        kept = np.isin(one, self.persons) | np.isin(two, self.persons)
        if self.but is not None:
            kept &= ~(np.isin(one, self.but) | np.isin(two, self.but))
        return kept


def taken(rows: Rows, where: NDArray[np.bool_] | NDArray[np.int64]) -> Rows:
    """Some of the rows."""
    return type(rows)(*(getattr(rows, field.name)[where] for field in fields(rows)))


def joined(parts: list[Rows]) -> Rows:
    first = parts[0]
    return type(first)(
        *(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(first))
    )


class MasksWorn:
    """Whether a person wore a mask at a place, by the first stay there."""

    def __init__(self, city: City, stays: Stays) -> None:
        self._places = city.places.count
        told = stays.person.astype(np.int64) * self._places + stays.place
        self._keys, first = np.unique(told, return_index=True)
        self._masks = stays.mask[first]

    def worn(self, person: Int32, place: Int32) -> NDArray[np.int8]:
        """1 yes, 0 no, -1 not known."""
        if not len(self._keys):
            return np.full(len(person), -1, dtype=np.int8)
        wanted = person.astype(np.int64) * self._places + place
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        known = (self._keys[at] == wanted) & (np.asarray(place) >= 0)
        return np.where(known, self._masks[at], -1).astype(np.int8)
