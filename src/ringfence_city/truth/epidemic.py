"""An epidemic in the city: who infected whom, day after day.

A day depends on the days before it only through the infections, so the movement of the people can
be drawn in any order and by any number of workers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np

from ringfence_city.chance import Chance
from ringfence_city.truth import illness, travel
from ringfence_city.truth.city import (
    AT_HOME,
    DAY,
    IN_HOSPITAL,
    ISOLATED,
    City,
    Int8,
    Int32,
    Int64,
)


@dataclass(frozen=True)
class Infections:
    """One entry an infection, in the order of their days. `infector`, `place`, `setting`: -1 where
    the infection came from outside the city (place also aboard a run).
    """

    person: Int32
    infector: Int32
    at: Int32
    place: Int32
    setting: Int8
    generation: Int32

    @property
    def count(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Orders:
    """Households of reported cases, kept at home on the days [start, end)."""

    person: Int32
    start: Int32
    end: Int32


DAYS_BEFORE = 2
"""The index cases were infected in so many days before the first."""

INFECTED_IN_RISK_AREA = 10_000
"""Millionths of the visitors from there."""

Part = TypeVar("Part", Infections, illness.Courses, Orders)


@dataclass(frozen=True)
class Outbreak:
    """All that is known to fate by the end of a day. `course` has one entry an infection."""

    city: City
    infections: Infections
    course: illness.Courses
    orders: Orders

    @property
    def seed(self) -> int:
        return self.city.asked.seed


def begin(city: City) -> Outbreak:
    """Infections from elsewhere: before the first day, and brought along from the risk area."""
    parts = zip(_index(city), _brought(city), strict=True)
    persons, minutes = (np.concatenate(part) for part in parts)
    order = np.argsort(persons, kind="stable")
    person, at = persons[order].astype(np.int32), minutes[order].astype(np.int32)
    none = np.full(len(person), -1, dtype=np.int32)
    infections = Infections(
        person, none, at, none, none.astype(np.int8), np.zeros(len(person), np.int32)
    )
    empty = np.zeros(0, np.int32)
    course = illness.courses(city.asked.seed, person, at)
    outbreak = Outbreak(city, infections, course, Orders(empty, empty, empty))
    for day in range(-DAYS_BEFORE, 0):
        outbreak = found(outbreak, day)
    return outbreak


def _index(city: City) -> tuple[Int64, Int64]:
    """Grown-up residents with symptoms who spread much: an outbreak that is noticed had such."""
    seed, wanted = city.asked.seed, min(city.asked.index_cases, city.residents)
    draw = Chance.of(seed, "index case")
    few = np.unique(draw.below(city.residents, np.arange(24 * wanted)))
    grown = few[(city.people.age[few] >= 18) & (city.people.age[few] < 60)]
    among = grown if len(grown) >= wanted else np.arange(wanted, dtype=np.int64)
    at = draw.below(DAY, among, 1) - DAY - DAY * draw.below(DAYS_BEFORE, among, 2)
    course = illness.courses(seed, among.astype(np.int32), at.astype(np.int32))
    order = np.argsort(-course.spreading * course.symptomatic, kind="stable")[:wanted]
    return among[order], at[order]


def _brought(city: City) -> tuple[Int64, Int64]:
    """Visitors from the risk area, infected in the three days before they come."""
    visitors = np.arange(city.residents, city.people.count)
    draw = Chance.of(city.asked.seed, "brought")
    first, _ = travel.visits(city, visitors)
    comes = travel.from_risk_area(city, visitors) & (first >= 0) & (first < city.asked.days)
    comes &= draw.happens(INFECTED_IN_RISK_AREA, visitors)
    some = visitors[comes]
    return some, first[comes] * DAY - 3 * DAY + draw.below(3 * DAY, some, 1)


def infect(outbreak: Outbreak, new: Infections) -> Outbreak:
    """Add infections of people who were not infected before."""
    if not new.count:
        return outbreak
    course = illness.courses(outbreak.seed, new.person, new.at)
    return replace(
        outbreak,
        infections=_appended(outbreak.infections, new),
        course=_appended(outbreak.course, course),
    )


def _appended(old: Part, new: Part) -> Part:
    return type(old)(
        *(
            np.concatenate([getattr(old, field.name), getattr(new, field.name)])
            for field in fields(old)
        )
    )


def confined(outbreak: Outbreak, day: int) -> tuple[Int32, Int8]:
    """Who does not move freely on `day` (ascending, each once), and how."""
    cases, course, orders = outbreak.infections.person, outbreak.course, outbreak.orders
    draw = Chance.of(outbreak.seed, "illness")
    ordered = orders.person[(orders.start <= day) & (day < orders.end)]
    since_onset = day - course.onset // DAY
    unwell = course.symptomatic & (since_onset >= 1) & (since_onset < 7)
    unwell &= draw.happens(illness.STAYS_HOME, cases, 9)
    taken = isolated_from(course) // DAY
    away = (taken <= day) & (day < taken + illness.ISOLATION_DAYS)
    code = np.where(course.symptomatic, IN_HOSPITAL, ISOLATED)
    persons = np.concatenate([cases[away], ordered, cases[unwell]])
    codes = np.concatenate([code[away], np.full(len(ordered) + int(unwell.sum()), AT_HOME)])
    persons, first = np.unique(persons, return_index=True)
    return persons.astype(np.int32), codes[first].astype(np.int8)


def isolated_from(course: illness.Courses) -> Int32:
    """A reported case is taken away at the end of that day; NEVER where none was reported."""
    ends = (np.minimum(course.reported, illness.NEVER - 2 * DAY) // DAY + 1) * DAY
    return np.where(course.reported == illness.NEVER, illness.NEVER, ends).astype(np.int32)


def followed(outbreak: Outbreak, day: int) -> Int32:
    """People infected before `day` and not long well again, ascending: whom the truth looks at."""
    infections = outbreak.infections
    since = day - outbreak.course.onset // DAY
    some = (infections.at // DAY < day) & (since < len(illness.INFECTIOUS))
    return np.sort(infections.person[some])


def infected_soon(outbreak: Outbreak, day: int) -> Int32:
    """People infected on `day` or in the three days after it, ascending: what they did then may
    lie within the window of their case.
    """
    ahead = outbreak.infections.at // DAY - day
    return np.sort(outbreak.infections.person[(ahead >= 0) & (ahead <= 3)])


def strength(outbreak: Outbreak, day: int) -> tuple[Int32, Int64]:
    """Infectious people on `day` (ascending), and how infectious, in millionths of the mean."""
    infections, course = outbreak.infections, outbreak.course
    told = illness.infectious(course.onset, infections.at, day) * course.spreading
    some = np.flatnonzero(told > 0)
    some = some[np.argsort(infections.person[some], kind="stable")]
    return infections.person[some], told[some]


def found(outbreak: Outbreak, day: int) -> Outbreak:
    """What follows at the end of `day`: homes of the reported are ordered to stay in, and those
    already ordered are tested, which finds the infected among them.
    """
    cases, course = outbreak.infections.person, _tested(outbreak, day)
    reported = cases[course.reported // DAY == day]
    city = outbreak.city
    home = np.unique(city.people.home[reported])
    home = home[home < city.homes]  # guests of hotels have no household here
    first = city.first_of_home
    members = [np.arange(first[h], first[h + 1], dtype=np.int32) for h in home]
    asked = np.concatenate([*members, np.zeros(0, np.int32)])
    under = outbreak.orders.person[outbreak.orders.end > day + 1]
    asked = np.setdiff1d(asked, np.concatenate([under, reported])).astype(np.int32)
    start = np.full(len(asked), day + 1, dtype=np.int32)
    orders = Orders(asked, start, start + np.int32(illness.QUARANTINE_DAYS))
    return replace(outbreak, course=course, orders=_appended(outbreak.orders, orders))


def _tested(outbreak: Outbreak, day: int) -> illness.Courses:
    """Samples are taken at home on the first, third and fifth day of an order."""
    persons, sampled = samples(outbreak.orders, outbreak.seed, day)
    infections, course = outbreak.infections, outbreak.course
    order = np.argsort(persons, kind="stable")
    persons, sampled = persons[order], sampled[order]
    at = np.searchsorted(persons, infections.person)
    at = np.minimum(at, max(len(persons) - 1, 0))
    if not len(persons):
        return course
    hit = (persons[at] == infections.person) & (day - infections.at // DAY >= 2)
    hit &= (course.sampled > sampled[at]) & (day - course.onset // DAY < 8)
    draw = Chance.of(outbreak.seed, "illness")
    result = sampled[at] + illness.result_minutes(draw, infections.person)
    return replace(
        course,
        sampled=np.where(hit, sampled[at], course.sampled).astype(np.int32),
        reported=np.where(hit, result, course.reported).astype(np.int32),
    )


def samples(orders: Orders, seed: int, day: int) -> tuple[Int32, Int32]:
    """People under an order who are sampled on `day`, and when."""
    since = day - orders.start
    some = (day < orders.end) & np.isin(since, (0, 2, 4))
    persons = orders.person[some]
    minute = 480 + Chance.of(seed, "home sample").below(240, persons, day)
    return persons, (day * DAY + minute).astype(np.int32)
