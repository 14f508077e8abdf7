"""What each protocol would list for each case if everything were known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ringfence.protocols.model import Outcome, Protocol
from ringfence_city.answers.arrays import Int
from ringfence_city.answers.facts import Case, Facts
from ringfence_city.answers.judging import may_count_at
from ringfence_city.answers.loading import Shelf
from ringfence_city.answers.rings import OUTCOMES, Filed, Ring, Rings
from ringfence_city.answers.windows import Isolations, Window

_AT_A_TIME = 200
"""Cases: bounds memory."""


@dataclass(frozen=True)
class Evaluation:
    """One protocol on some cases. Rows are sorted by case, order and person."""

    protocol: Protocol
    cases: tuple[Case, ...]
    windows: tuple[Window | None, ...]
    case: Int
    person: Int
    order: Int
    outcome: Int
    first: Int
    last: Int
    seconds: Int

    def __len__(self) -> int:
        return len(self.case)


@dataclass(frozen=True)
class Contact:
    """A contact as a trace would list it. Times are seconds of UTC."""

    order: int
    outcome: Outcome
    first: int
    last: int
    seconds: int


def evaluate(
    facts: Facts, protocols: Iterable[Protocol], cases: Sequence[Case], filed: Filed | None = None
) -> Iterator[Evaluation]:
    """Each protocol in turn, and some cases at a time, in their order."""
    filed = filed or Filed.without_instants(facts)
    isolations = Isolations.of(facts)
    for protocol in protocols:
        own = filed.with_dwell(protocol)
        for first in range(0, len(cases), _AT_A_TIME):
            some = tuple(cases[first : first + _AT_A_TIME])
            rings = Rings(facts, protocol, some, own, isolations)
            yield _evaluation(rings, list(rings.each()))


def needed(shelf: Shelf, protocols: Sequence[Protocol], cases: Sequence[Case]) -> Facts:
    """The facts without the stays and rides that no evaluation of these cases can look at.

    First the places, runs and vehicles of the cases: they show who is in the first ring. Then those
    places of its seeds where a rule of order 2 may count, their vehicles, and their runs where one
    asks for rides.
    """
    persons = np.zeros(len(shelf.bare.person_names), dtype=np.bool_)
    persons[[case.person for case in cases]] = True
    places = shelf.places_of(persons)
    near = replace(
        shelf.facts(places), rides=shelf.rides_with(persons), seated=shelf.seated_with(persons)
    )
    filed = Filed.without_instants(near)
    seeds = np.zeros(len(persons), dtype=np.bool_)
    may, ridden = np.zeros(len(places), dtype=np.bool_), False
    for protocol in protocols:
        second = protocol.of_order(2)
        if second:
            own = filed.with_dwell(protocol)
            ring = Rings(near, protocol, tuple(cases), own, Isolations({})).first
            seeds[ring.person[ring.seeds]] = True
            may |= may_count_at(second, near.places)
            ridden |= any("ride" in rule.evidence for rule in second)
    more = shelf.places_of(seeds) & may
    facts = shelf.facts(places | more) if (more & ~places).any() else near
    rides = shelf.rides_with(persons | seeds) if ridden else near.rides
    return replace(facts, rides=rides, seated=shelf.seated_with(persons | seeds))


def _evaluation(rings: Rings, found: list[Ring]) -> Evaluation:
    def joined(name: str) -> Int:
        return np.concatenate([getattr(ring, name) for ring in found])

    order = np.concatenate([np.full(len(r.case), r.order, dtype=np.int64) for r in found])
    case, person = joined("case"), joined("person")
    rows = np.lexsort([person, order, case])
    return Evaluation(
        rings.protocol,
        rings.cases,
        rings.windows,
        case[rows],
        person[rows],
        order[rows],
        joined("outcome")[rows],
        joined("first")[rows],
        joined("last")[rows],
        joined("seconds")[rows],
    )


def listed_together(found: Evaluation, cases: Sequence[str], orders: int = 2) -> dict[int, Contact]:
    """Contacts of several cases traced at once, by person: merged at the lowest order.

    Traced cases are not listed. Class, minutes and times are those of the lowest order; minutes
    with different cases are not united here, so `seconds` is the longest of them.
    """
    traced = [n for n, case in enumerate(found.cases) if case.case in cases]
    persons = {found.cases[n].person for n in traced}
    merged: dict[int, Contact] = {}
    for row in np.flatnonzero(np.isin(found.case, traced) & (found.order <= orders)).tolist():
        person = int(found.person[row])
        if person in persons:
            continue
        new = Contact(
            int(found.order[row]),
            OUTCOMES[int(found.outcome[row])],
            int(found.first[row]),
            int(found.last[row]),
            int(found.seconds[row]),
        )
        merged[person] = _merged(merged[person], new) if person in merged else new
    return merged


def _merged(one: Contact, two: Contact) -> Contact:
    if one.order != two.order:
        return one if one.order < two.order else two
    gravest = min(one.outcome, two.outcome, key=OUTCOMES.index)
    return Contact(
        one.order,
        gravest,
        min(one.first, two.first),
        max(one.last, two.last),
        max(one.seconds, two.seconds),
    )
