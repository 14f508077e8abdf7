"""Households and ages as China's census of 2020 found them (`truth.census` names the tables)."""

from __future__ import annotations

from functools import cache

import numpy as np

from ringfence_city.parameters import Parameters
from ringfence_city.truth import build, census
from ringfence_city.truth.city import KIND_OF, City, Int64


@cache
def city() -> City:
    return build.city(Parameters(100_000, 3, 5))


def sizes() -> Int64:
    own = city()
    size = np.diff(own.first_of_home).astype(np.int64)
    told: Int64 = size[own.places.kind[: own.homes] == KIND_OF["home"]]
    return told


def test_the_mean_household_has_two_and_a_half_persons() -> None:
    assert abs(sizes().mean() - census.MEAN_HOUSEHOLD) < 0.05


def test_shares_of_household_sizes() -> None:
    counts = np.bincount(np.minimum(sizes(), 7), minlength=8)[1:]
    shares = counts / counts.sum()
    wanted = np.array(census.HOUSEHOLD_SHARES) / sum(census.HOUSEHOLD_SHARES)
    assert np.abs(shares - wanted).max() < 0.01


def test_the_pyramid_of_ages() -> None:
    own = city()
    age = own.people.age[: own.residents]
    shares = np.bincount(np.minimum(age // 5, 17), minlength=18) / own.residents
    wanted = np.array(census.AGE_SHARES) / sum(census.AGE_SHARES)
    assert np.abs(shares - wanted).max() < 0.006
    # 0-14: 17.95%; 65 and more: 13.50% (communique no. 5)
    assert abs((age < 15).mean() - 0.1795) < 0.01
    assert abs((age >= 65).mean() - 0.1350) < 0.01


def test_sexes() -> None:
    # 105.07 men for 100 women (communique no. 4); tolerance two points
    own = city()
    assert abs(own.people.sex[: own.residents].mean() - 0.5124) < 0.02


def test_old_people_live_alone_or_with_one_more_more_often_than_others() -> None:
    own = city()
    age = own.people.age[: own.residents]
    lives = np.diff(own.first_of_home)[own.people.home[: own.residents]]
    assert (lives[age >= 65] <= 2).mean() > 2 * (lives[(age >= 35) & (age < 50)] <= 2).mean()


def test_work_and_school() -> None:
    # about 750 million of 1.41 billion had work in 2020 (53%); nearly all of 6-14 go to school
    own = city()
    people = own.people
    learns = people.role == 7
    working = ((people.daytime >= 0) & ~learns)[: own.residents]
    assert 0.44 < working.mean() < 0.56
    young = (people.age >= 6) & (people.age <= 14)
    assert learns[young].mean() > 0.98
