"""Who is found, in the order of reports; who is sampled; how the ill feel: still all of it true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfence_city.chance import Chance
from ringfence_city.truth import epidemic, illness, travel
from ringfence_city.truth.city import DAY, Int8, Int32, Truths

SCREENED = 1_000
"""Millionths of the people who are sampled on a day for no reason of their own."""


@dataclass(frozen=True)
class Cases:
    """Cases C000001, C000002, … in the order of their reports. Minutes; NEVER: not yet."""

    person: Int32
    reported: Int32
    symptomatic: Truths
    onset: Int32
    isolated: Int32
    released: Int32

    @property
    def count(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Samples:
    person: Int32
    sampled: Int32
    known: Int32
    positive: Truths


@dataclass(frozen=True)
class Symptoms:
    """Days of the city, the last one included; `kind` is a number in illness.SYMPTOMS."""

    person: Int32
    kind: Int8
    first: Int32
    last: Int32


def cases(outbreak: epidemic.Outbreak) -> Cases:
    """Those reported before the last day ends."""
    end = outbreak.city.asked.days * DAY
    course = outbreak.course
    some = np.flatnonzero(course.reported < end)
    some = some[np.lexsort((outbreak.infections.person[some], course.reported[some]))]
    isolated = epidemic.isolated_from(course)[some]
    released = isolated + illness.ISOLATION_DAYS * DAY
    return Cases(
        outbreak.infections.person[some],
        course.reported[some],
        course.symptomatic[some] & (course.onset[some] < end),
        course.onset[some],
        isolated,
        np.where(released < end, released, illness.NEVER).astype(np.int32),
    )


def samples(outbreak: epidemic.Outbreak) -> Samples:
    """Positive samples of the infected; negative ones of homes under an order and of anybody."""
    city, course = outbreak.city, outbreak.course
    end = city.asked.days * DAY
    draw = Chance.of(outbreak.seed, "illness")
    found = np.flatnonzero(course.reported < end)
    parts = [(outbreak.infections.person[found], course.sampled[found])]
    for day in range(city.asked.days):
        parts.append(epidemic.samples(outbreak.orders, outbreak.seed, day))
        parts.append(_screened(outbreak, day))
    positive = np.concatenate(
        [np.ones(len(found), bool), *(np.zeros(len(who), bool) for who, _ in parts[1:])]
    )
    person = np.concatenate([who for who, _ in parts])
    sampled = np.concatenate([when for _, when in parts])
    known = sampled + illness.result_minutes(draw, person)
    kept = (known < end) & (positive | ~_ill(outbreak, person, sampled))
    order = np.flatnonzero(kept)
    order = order[np.lexsort((person[order], sampled[order]))]
    return Samples(
        person[order].astype(np.int32),
        sampled[order].astype(np.int32),
        known[order].astype(np.int32),
        positive[order],
    )


def _screened(outbreak: epidemic.Outbreak, day: int) -> tuple[Int32, Int32]:
    city = outbreak.city
    people = city.people.count
    draw = Chance.of(outbreak.seed, "screening")
    wanted = people * SCREENED // 1_000_000
    persons = np.unique(draw.below(people, np.arange(wanted), day)).astype(np.int32)
    comes, leaves = travel.visits(city, persons.astype(np.int64))
    persons = persons[(comes < day) & (day < leaves)]
    return persons, (day * DAY + 480 + draw.below(540, persons, day, 1)).astype(np.int32)


def _ill(outbreak: epidemic.Outbreak, person: Int32, sampled: Int32) -> Truths:
    """Whether the person was infected by then: such a sample would not have been negative."""
    infections = outbreak.infections
    order = np.argsort(infections.person, kind="stable")
    known = infections.person[order]
    if not len(known):
        return np.zeros(len(person), dtype=bool)
    at = np.minimum(np.searchsorted(known, person), len(known) - 1)
    ill: Truths = (known[at] == person) & (infections.at[order][at] <= sampled)
    return ill


def symptoms(outbreak: epidemic.Outbreak) -> Symptoms:
    """Symptoms that began before the last day ends: at least one of each symptomatic person."""
    course, end = outbreak.course, outbreak.city.asked.days * DAY
    some = np.flatnonzero(course.symptomatic & (course.onset < end))
    persons = outbreak.infections.person[some]
    draw = Chance.of(outbreak.seed, "symptoms")
    parts = []
    for kind, share in enumerate(illness.SYMPTOM_SHARES):
        has = draw.happens(share, persons, kind) | (kind == 1)
        delay = np.where(kind == 1, 0, draw.below(3, persons, kind, 1))
        first = course.onset[some] // DAY + delay
        last = first + 2 + draw.below(6, persons, kind, 2)
        parts.append((persons[has], np.full(int(has.sum()), kind), first[has], last[has]))
    person, kinds, first, last = (np.concatenate([part[i] for part in parts]) for i in range(4))
    kept = np.flatnonzero(first < outbreak.city.asked.days)
    order = kept[np.lexsort((kinds[kept], person[kept]))]
    return Symptoms(
        person[order].astype(np.int32),
        kinds[order].astype(np.int8),
        first[order].astype(np.int32),
        last[order].astype(np.int32),
    )
