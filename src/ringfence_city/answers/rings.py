"""Rings of contacts around each case, for one protocol."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ringfence.protocols.model import Outcome, Protocol, Rule
from ringfence_city.answers.arrays import Bool, Int, Small, numbered
from ringfence_city.answers.facts import KIND_WORDS, Case, Facts, Stays
from ringfence_city.answers.judging import Judge, may_count_at, needs_same_zone, reads_stays
from ringfence_city.answers.minutes import most_within, together
from ringfence_city.answers.overlaps import (
    Overlaps,
    Presences,
    Sources,
    aboard,
    encounters,
    in_vehicles,
    relations,
)
from ringfence_city.answers.windows import Isolations, Window, symptomatic_of, window_of

OUTCOMES = tuple(Outcome)
"""Gravest first."""


@dataclass(frozen=True)
class Hits:
    """Overlaps that surely count for a rule. `timed`: they have minutes (a link has none)."""

    rule: Int
    source: Int
    other: Int
    start: Int
    end: Int
    timed: Bool

    def only(self, rows: Bool) -> Hits:
        return Hits(**{name: column[rows] for name, column in vars(self).items()})

    @staticmethod
    def joined(parts: list[Hits]) -> Hits:
        none = np.zeros(0, dtype=np.int64)
        empty = Hits(none, none, none, none, none, none.astype(np.bool_))
        columns = [vars(part) for part in [empty, *parts]]
        return Hits(**{n: np.concatenate([c[n] for c in columns]) for n in vars(empty)})


@dataclass(frozen=True)
class Ring:
    """Contacts, one row for each case and person; seconds. `case`: place in the list of cases.

    `outcome`: place in OUTCOMES. `seeds`: contacts of them are traced too.
    """

    order: int
    case: Int
    person: Int
    outcome: Int
    first: Int
    last: Int
    seconds: Int
    seeds: Bool


@dataclass(frozen=True)
class Filed:
    """All stays, filed in the ways that rules look them up; shared by protocols."""

    facts: Facts
    stays: Stays

    @staticmethod
    def without_instants(facts: Facts) -> Filed:
        return Filed(facts, facts.stays.only(~facts.stays.instant))

    def with_dwell(self, protocol: Protocol) -> Filed:
        """Instants too, as long as the protocol takes people to have been there."""
        if not any(rule.accepts_assumed for rule in protocol.rules):
            return self  # what rests on a dwell is never sure
        stays = self.facts.stays.only(self.facts.stays.instant)
        dwells = [protocol.dwell_of(kind) for kind in (*KIND_WORDS, None)]
        kind = self.facts.places.kind[stays.place]
        before = np.array([60 * dwell.before if dwell else 0 for dwell in dwells])[kind]
        after = np.array([60 * dwell.after if dwell else 0 for dwell in dwells])[kind]
        end = np.minimum(stays.end + after, self.facts.as_of)
        dwelt = replace(stays, start=stays.start - before, end=end)
        dwelt = dwelt.only(dwelt.start < dwelt.end)
        if not len(dwelt):
            return self  # filed already, and not once more for each protocol
        return Filed(self.facts, self.stays.with_more(dwelt))

    @cached_property
    def by_zone(self) -> Presences:
        return Presences.file(self.stays, by_zone=True)

    @cached_property
    def by_place(self) -> Presences:
        return Presences.file(self.stays, by_zone=False)


@dataclass(frozen=True)
class Rings:
    """The evaluation of one protocol for some cases."""

    facts: Facts
    protocol: Protocol
    cases: tuple[Case, ...]
    filed: Filed
    isolations: Isolations

    @cached_property
    def windows(self) -> tuple[Window | None, ...]:
        return tuple(window_of(case, self.protocol, self.facts) for case in self.cases)

    def each(self) -> Iterator[Ring]:
        """The first ring of all cases, then the second ring of each."""
        ring = self.first
        yield ring
        if self.protocol.of_order(2):
            for case in np.unique(ring.case[ring.seeds]).tolist():
                yield self._second(case, ring)

    @cached_property
    def first(self) -> Ring:
        """The first ring of all cases."""
        known = [n for n, window in enumerate(self.windows) if window is not None]
        windows = [window for window in self.windows if window is not None]
        case = np.array(known, dtype=np.int64)
        sources = Sources(
            np.array([self.cases[n].person for n in known], dtype=np.int64),
            np.array([window.start for window in windows], dtype=np.int64),
            np.array([window.end for window in windows], dtype=np.int64),
        )
        hits = self._hits(1, case, sources, None)
        return self._ring(1, case[hits.source], hits)

    def _second(self, case: int, ring: Ring) -> Ring:
        own = ring.case == case
        seeds = own & ring.seeds
        start = ring.first[seeds]
        person = ring.person[seeds]
        ends = [
            self.isolations.first_after(who, exposed)
            for who, exposed in zip(person.tolist(), start.tolist(), strict=True)
        ]
        end = np.array([self.facts.as_of if at is None else at for at in ends], dtype=np.int64)
        sources = Sources(person, start, np.minimum(end, self.facts.as_of))
        listed = np.zeros(len(self.facts.person_names), dtype=np.bool_)
        listed[ring.person[own]] = True
        listed[self.cases[case].person] = True
        cases = np.full(len(person), case, dtype=np.int64)
        hits = self._hits(2, cases, sources, listed)
        return self._ring(2, cases[hits.source], hits)

    def _hits(self, order: int, case: Int, sources: Sources, listed: Bool | None) -> Hits:
        judge = Judge(self.facts, self.protocol.disease, self._symptomatic[case])
        found = [
            self._counted(index, rule, overlaps, judge, listed)
            for rules, batches in self._looked_up(order, sources)
            for overlaps in batches
            for index, rule in rules
        ]
        hits = Hits.joined(found)
        return hits.only(self._long_enough(hits))

    @cached_property
    def _symptomatic(self) -> Small:
        told = [
            symptomatic_of(case, self.facts.symptoms.get(case.person, ())) for case in self.cases
        ]
        return np.array([-1 if said is None else int(said) for said in told], dtype=np.int8)

    def _looked_up(
        self, order: int, sources: Sources
    ) -> Iterator[tuple[list[tuple[int, Rule]], Iterator[Overlaps]]]:
        """Rules with the overlaps that they look at."""
        rules = [(n, rule) for n, rule in enumerate(self.protocol.rules) if rule.order == order]
        of_stays = [(n, rule) for n, rule in rules if reads_stays(rule)]
        for same_zone in (True, False):
            those = [(n, rule) for n, rule in of_stays if needs_same_zone(rule) is same_zone]
            if those:
                filed = self.filed.by_zone if same_zone else self.filed.by_place
                places = may_count_at(tuple(rule for _, rule in those), self.facts.places)
                lag = max(60 * rule.lag_minutes for _, rule in those)
                yield those, filed.shared(sources, places, lag, self.facts)
        yield rules, iter([encounters(sources, self.facts), relations(sources, self.facts)])
        yield rules, iter([in_vehicles(sources, self.facts)])
        of_rides = [(n, rule) for n, rule in rules if "ride" in rule.evidence]
        if of_rides:
            yield of_rides, iter([aboard(sources, self.facts)])

    def _counted(
        self, index: int, rule: Rule, overlaps: Overlaps, judge: Judge, listed: Bool | None
    ) -> Hits:
        lag = 60 * rule.lag_minutes if overlaps.kind in ("presence", "occupancy") else 0
        end = np.minimum(overlaps.other_end, overlaps.source_end + lag)
        good = judge.meets(rule, overlaps) & (overlaps.start < end)
        if listed is not None:
            good &= ~listed[overlaps.other]
        rows = np.flatnonzero(good)
        return Hits(
            np.full(len(rows), index, dtype=np.int64),
            overlaps.source[rows],
            overlaps.other[rows],
            overlaps.start[rows],
            end[rows],
            np.full(len(rows), overlaps.kind != "link"),
        )

    def _long_enough(self, hits: Hits) -> Bool:
        """Overlaps of rules that the pair satisfies, minutes and all."""
        kept = np.ones(len(hits.rule), dtype=np.bool_)
        for index, rule in enumerate(self.protocol.rules):
            if rule.minutes is None:
                continue
            rows = np.flatnonzero(hits.rule == index)
            pair, example = numbered(hits.source[rows], hits.other[rows])
            start, end = hits.start[rows], hits.end[rows]
            if rule.minutes.within_hours is None:
                held = together(len(example), pair, start, end)
            else:
                span = round(3_600 * rule.minutes.within_hours)
                held = most_within(len(example), pair, start, end, span)
            least = 60 * rule.minutes.least
            enough = held > least if rule.minutes.strict else held >= least
            kept[rows] = enough[pair]
        return kept

    def _ring(self, order: int, case: Int, hits: Hits) -> Ring:
        group, example = numbered(case, hits.other)
        count = len(example)
        outcomes = [OUTCOMES.index(rule.outcome) for rule in self.protocol.rules]
        seeding = [order == 1 and self.protocol.seeds_from(rule) for rule in self.protocol.rules]
        outcome = np.full(count, len(OUTCOMES), dtype=np.int64)
        np.minimum.at(outcome, group, np.array(outcomes, dtype=np.int64)[hits.rule])
        first = np.full(count, np.iinfo(np.int64).max)
        np.minimum.at(first, group, hits.start)
        last = np.full(count, np.iinfo(np.int64).min)
        np.maximum.at(last, group, hits.end)
        seeds = np.zeros(count, dtype=np.bool_)
        seeds[group[np.array(seeding, dtype=np.bool_)[hits.rule]]] = True
        timed = hits.timed
        seconds = together(count, group[timed], hits.start[timed], hits.end[timed])
        person = hits.other[example]
        return Ring(order, case[example], person, outcome, first, last, seconds, seeds)
