"""The standing city: people, homes, places, posts, classes, circles."""

from __future__ import annotations

import dataclasses
import hashlib

import numpy as np
import pytest
from tests.unit.city.truth.cities import SEED, everybody, town

from ringfence.records.vocabularies import PLACE_KINDS
from ringfence_city.parameters import Parameters
from ringfence_city.truth import build
from ringfence_city.truth.city import KIND_OF, KINDS, ROLE_OF, City


def digest(told: object) -> str:
    made = hashlib.sha256()
    for field in dataclasses.fields(told):  # type: ignore[arg-type]
        column = getattr(told, field.name)
        if isinstance(column, np.ndarray):
            made.update(np.ascontiguousarray(column).tobytes())
    return made.hexdigest()[:16]


def test_the_same_seed_makes_the_same_city() -> None:
    one, two = town(), build.city(Parameters(6_000, 14, SEED))
    assert digest(one.people) == digest(two.people)
    assert digest(one.places) == digest(two.places)
    other = build.city(Parameters(6_000, 14, SEED + 1))
    assert digest(one.people) != digest(other.people)


@pytest.mark.parametrize("people", [1, 2, 3, 10, 57, 199, 200, 201, 1_000, 2_500])
def test_a_city_has_as_many_people_as_asked(people: int) -> None:
    city = build.city(Parameters(people, 3, 1))
    assert city.people.count == people
    assert city.first_of_home[0] == 0
    assert city.first_of_home[-1] == city.residents
    assert (np.diff(city.first_of_home) > 0).all()


def test_people_of_a_home_are_numbered_in_a_row() -> None:
    city = town()
    home = city.people.home[: city.residents]
    assert np.array_equal(np.searchsorted(home, np.arange(city.homes)), city.first_of_home[:-1])
    assert (city.people.grid == city.places.grid[city.people.home]).all()


def test_every_kind_of_place_is_in_the_vocabulary() -> None:
    assert tuple(PLACE_KINDS) == KINDS
    city = town()
    assert (city.places.kind >= 0).all()
    assert (city.places.kind < len(KINDS)).all()
    assert set(np.unique(city.places.kind[: city.homes])) <= {
        KIND_OF["home"],
        KIND_OF["dormitory"],
        KIND_OF["nursing_home"],
    }


def test_a_city_has_what_life_needs() -> None:
    present = {KINDS[kind] for kind in np.unique(town(20_000).places.kind)}
    assert present >= {
        "home", "dormitory", "nursing_home", "restaurant", "ktv", "shop", "supermarket", "market",
        "wholesale_market", "hospital", "clinic", "hotel", "isolation_site", "station", "park",
        "office", "factory", "warehouse", "construction_site", "farm", "kindergarten", "school",
        "university", "cinema", "mahjong", "checkpoint", "bank", "salon", "training_centre",
    }  # fmt: skip


def test_no_place_has_more_workers_than_posts() -> None:
    city = town()
    works = ~np.isin(city.people.role, [ROLE_OF["resident"], ROLE_OF["student"]])
    works &= city.people.daytime >= 0
    workers = np.bincount(city.people.daytime[works], minlength=city.places.count)
    assert (workers <= city.places.staff).all()


def test_classes_are_of_one_year_and_not_too_large() -> None:
    city = town(20_000)
    learns = np.flatnonzero(city.people.role == ROLE_OF["student"])
    place, team = city.people.daytime[learns].astype(np.int64), city.people.team[learns]
    assert (team >= 0).all()
    assert (team < city.places.zones[place]).all()
    own = place * 1_000 + team
    order = np.argsort(own, kind="stable")
    own, age = own[order], city.people.age[learns[order]]
    begins = np.flatnonzero(np.r_[True, own[1:] != own[:-1]])
    assert np.diff(np.r_[begins, len(own)]).max() <= 40
    assert (np.maximum.reduceat(age, begins) == np.minimum.reduceat(age, begins)).all()


def test_children_do_not_work_and_those_who_learn_do_not_either() -> None:
    people = town().people
    working = (people.daytime >= 0) & (people.role != ROLE_OF["student"])
    assert (people.age[working] >= 16).all()


def test_circles_are_of_one_community_and_of_like_age() -> None:
    city = town(20_000)
    circles, people = city.circles, city.people
    assert np.array_equal(np.sort(circles.member), np.flatnonzero(people.circle >= 0))
    assert np.diff(circles.first).max() <= 9
    for number in range(0, len(circles.first) - 1, 97):
        member = circles.member[circles.first[number] : circles.first[number + 1]]
        assert (people.circle[member] == number).all()
        assert len(set(people.grid[member] // 6)) == 1
        assert len(set(np.digitize(people.age[member], [18, 60]))) == 1


def test_a_place_found_near_is_of_the_kind_and_within_reach() -> None:
    from ringfence_city.truth.venue_kinds import ROW_OF

    city = town(60_000)
    row = ROW_OF["restaurant"]
    for grid in (0, city.grids // 2, city.grids - 1):
        first, count = city.venues.first[row, grid], city.venues.count[row, grid]
        near = np.arange(first, first + count)
        assert count > 0
        assert (city.places.kind[near] == KIND_OF["restaurant"]).all()
        assert (city.places.grid[near] // 6 == grid // 6).all()


def test_parents_are_older_than_their_children() -> None:
    city: City = town(20_000)
    first = city.first_of_home[city.people.home[: city.residents]]
    age = city.people.age[: city.residents].astype(int)
    family = city.places.kind[city.people.home[: city.residents]] == KIND_OF["home"]
    child = family & (age < 16) & (everybody(city)[: city.residents] > first)
    assert (age[first][child] - age[child] >= 18).mean() > 0.995
