"""Outbreaks of the same city size with other seeds, in memory: infections, and nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfence_city.parameters import Parameters
from ringfence_city.truth import build, days, epidemic, followed, transmission
from ringfence_city.truth.city import DAY
from ringfence_city.truth.epidemic import Outbreak

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def outbreak(asked: Parameters) -> Outbreak:
    """All infections of a city, day after day."""
    city = build.city(asked)
    everybody = np.arange(city.people.count, dtype=np.int32)
    lived = epidemic.begin(city)
    for day in range(asked.days):
        confined, codes = epidemic.confined(lived, day)
        how = np.zeros(city.people.count, dtype=np.int8)
        how[confined] = codes
        persons = epidemic.followed(lived, day)
        where = followed.watched(city, persons, day, how[persons])
        near = followed.near(city, days.lived(city, everybody, day, how), where)
        met = followed.meetings(city, near, day)
        new = transmission.infections_of(lived, day, near.stays, met)
        lived = epidemic.found(epidemic.infect(lived, new), day)
    return lived


@dataclass(frozen=True)
class Chains:
    """What is told of several outbreaks together.

    `offspring`: people infected by each who was ill long enough before the end to have infected
    all whom they would. `serial`: days between the onsets of infector and infected, where both had
    symptoms. `before`: whether an infector with symptoms infected before their onset.
    """

    offspring: Counts
    serial: Floats
    incubation: Floats
    before: NDArray[np.bool_]
    symptomatic: NDArray[np.bool_]


def chains(outbreaks: Sequence[Outbreak]) -> Chains:
    parts = [_chains(told) for told in outbreaks]
    names = ("offspring", "serial", "incubation", "before", "symptomatic")
    return Chains(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _chains(told: Outbreak) -> Chains:
    rows, course = told.infections, told.course
    number = np.full(told.city.people.count, -1)
    number[rows.person] = np.arange(rows.count)
    inside = np.flatnonzero(rows.infector >= 0)
    parent = number[rows.infector[inside]]
    over = course.onset // DAY < told.city.asked.days - 6
    over &= rows.at // DAY >= -3
    offspring = np.bincount(parent, minlength=rows.count)[over]
    both = course.symptomatic[inside] & course.symptomatic[parent]
    serial = (course.onset[inside] - course.onset[parent])[both] / DAY
    shows = course.symptomatic[parent]
    return Chains(
        offspring,
        serial,
        (course.onset[inside] - rows.at[inside]) / DAY,
        (rows.at[inside] < course.onset[parent])[shows],
        course.symptomatic,
    )


def dispersion(offspring: Counts) -> float:
    """k of a negative binomial, by maximum likelihood over a grid: the mean is the sample's."""
    mean = float(offspring.mean())
    grid = np.exp(np.linspace(np.log(0.02), np.log(20), 400))
    values, times = np.unique(offspring, return_counts=True)
    best, found = -np.inf, 0.0
    for k in grid.tolist():
        steps = np.arange(int(values.max()))
        rising = np.concatenate([[0.0], np.cumsum(np.log(k + steps) - np.log1p(steps))])
        one = rising[values] + values * np.log(mean / (mean + k)) + k * np.log(k / (mean + k))
        likelihood = float((one * times).sum())
        if likelihood > best:
            best, found = likelihood, k
    return found
