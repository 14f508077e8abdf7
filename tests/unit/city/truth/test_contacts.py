"""Who interacts: only those who share a part of a place, whoever else is looked at."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from tests.unit.city.truth.cities import SUNDAY, WORKDAY, everybody, town

from ringfence_city.truth.city import KIND_OF, SETTING_OF, Met
from ringfence_city.truth.contacts import met
from ringfence_city.truth.movement import stays
from ringfence_city.truth.transport import met_aboard, met_in_vehicles, occupancies, rides


def rows(told: Met) -> set[tuple[int, ...]]:
    return set(zip(*(getattr(told, field.name).tolist() for field in fields(told)), strict=True))


@pytest.mark.parametrize("day", [WORKDAY, SUNDAY])
def test_pairs_do_not_depend_on_who_else_is_looked_at(day: int) -> None:
    city = town()
    whole = rows(met(city, stays(city, everybody(city), day), day))
    some = everybody(city)[::3]
    inside = set(some.tolist())
    wanted = {row for row in whole if row[0] in inside and row[1] in inside}
    assert len(wanted) > 100
    assert rows(met(city, stays(city, some, day), day)) == wanted


def test_pairs_interact_while_both_are_at_the_place() -> None:
    city = town(2_000)
    told = stays(city, everybody(city), WORKDAY)
    there: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for person, place, start, end in zip(
        told.person.tolist(), told.place.tolist(), told.start.tolist(), told.end.tolist(),
        strict=True,
    ):  # fmt: skip
        there.setdefault((person, place), []).append((start, end))
    pairs = met(city, told, WORKDAY)
    assert (pairs.person_a < pairs.person_b).all()
    assert (pairs.end > pairs.start).all()
    for low, high, place, start, end, *_ in rows(pairs):
        for person in (low, high):
            stayed = there[person, place]
            assert any(begin <= start and end <= until for begin, until in stayed)


def test_distance_is_of_a_few_steps_and_less_where_people_touch() -> None:
    city = town(2_000)
    pairs = met(city, stays(city, everybody(city), WORKDAY), WORKDAY)
    assert pairs.distance_dm.min() >= 5
    assert pairs.distance_dm.max() <= 30
    touched = pairs.physical == 1
    assert pairs.distance_dm[touched].max() < 10
    assert 0.3 < touched.mean() < 0.7


def test_people_at_different_tables_do_not_interact() -> None:
    city = town(20_000)
    told = stays(city, everybody(city), SUNDAY)
    pairs = met(city, told, SUNDAY)
    dines = city.places.kind[pairs.place] == KIND_OF["restaurant"]
    staff = city.people.daytime[pairs.person_a] == pairs.place
    staff |= city.people.daytime[pairs.person_b] == pairs.place
    guests = np.flatnonzero(dines & ~staff)
    sits = city.places.kind[told.place] == KIND_OF["restaurant"]
    table = {
        (person, place, zone)
        for person, place, zone in zip(
            told.person[sits].tolist(), told.place[sits].tolist(), told.zone[sits].tolist(),
            strict=True,
        )
    }  # fmt: skip
    zones: dict[tuple[int, int], set[int]] = {}
    for person, place, zone in table:
        zones.setdefault((person, place), set()).add(zone)
    assert len(guests) > 100
    for row in guests.tolist():
        low, high = int(pairs.person_a[row]), int(pairs.person_b[row])
        place = int(pairs.place[row])
        assert zones[low, place] & zones[high, place]


def test_most_who_live_together_meet_and_setting_is_of_the_place() -> None:
    city = town(2_000)
    pairs = met(city, stays(city, everybody(city), WORKDAY), WORKDAY)
    home = city.people.home
    together = (home[pairs.person_a] == home[pairs.person_b]) & (
        home[pairs.person_a] == pairs.place
    )
    assert (pairs.setting[together] == SETTING_OF["household"]).mean() > 0.95
    seen = {
        (low, high)
        for low, high in zip(
            pairs.person_a[together].tolist(), pairs.person_b[together].tolist(), strict=True
        )
    }
    size = np.diff(city.first_of_home)
    family = city.places.kind[: city.homes] == KIND_OF["home"]
    possible = int((size[family] * (size[family] - 1) // 2).sum())
    at_home = sum(family[home[low]] for low, _ in seen)
    assert at_home > 0.9 * possible


def test_aboard_pairs_do_not_depend_on_who_else_is_looked_at() -> None:
    city = town(60_000)
    some = everybody(city)[::2]
    inside = set(some.tolist())
    for whole, part in (
        (
            met_aboard(city, rides(city, everybody(city), WORKDAY), WORKDAY),
            met_aboard(city, rides(city, some, WORKDAY), WORKDAY),
        ),
        (
            met_in_vehicles(city, occupancies(city, everybody(city), WORKDAY), WORKDAY),
            met_in_vehicles(city, occupancies(city, some, WORKDAY), WORKDAY),
        ),
    ):
        wanted = {row for row in rows(whole) if row[0] in inside and row[1] in inside}
        assert len(wanted) > 10
        assert rows(part) == wanted
