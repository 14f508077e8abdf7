"""Where people are on a day."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from tests.unit.city.truth.cities import DAYS, HOLIDAY, SUNDAY, WORKDAY, everybody, town

from ringfence_city.parameters import Parameters
from ringfence_city.truth import build, travel
from ringfence_city.truth.city import (
    AT_HOME,
    DAY,
    IN_HOSPITAL,
    ISOLATED,
    KIND_OF,
    ROLE_OF,
    City,
    Stays,
)
from ringfence_city.truth.movement import stays


def same(one: Stays, two: Stays) -> bool:
    return all(np.array_equal(getattr(one, f.name), getattr(two, f.name)) for f in fields(one))


def taken(told: Stays, rows: np.ndarray) -> Stays:
    return Stays(*(getattr(told, field.name)[rows] for field in fields(told)))


@pytest.mark.parametrize("day", DAYS)
def test_nobody_is_in_two_places_at_once(day: int) -> None:
    city = town()
    told = stays(city, everybody(city), day)
    same_person = told.person[1:] == told.person[:-1]
    assert (told.person[1:] >= told.person[:-1]).all()
    assert (told.start[1:] >= told.end[:-1])[same_person].all()
    assert (told.end > told.start).all()
    assert told.start.min() >= day * DAY
    assert told.end.max() <= (day + 1) * DAY


@pytest.mark.parametrize("day", [WORKDAY, SUNDAY, HOLIDAY])
def test_a_persons_day_does_not_depend_on_who_else_is_asked_for(day: int) -> None:
    city = town()
    whole = stays(city, everybody(city), day)
    some = everybody(city)[::17]
    assert same(stays(city, some, day), taken(whole, np.isin(whole.person, some)))
    one = np.array([some[3]], dtype=np.int32)
    assert same(stays(city, one, day), taken(whole, whole.person == some[3]))
    assert stays(city, some[:0], day).count == 0


@pytest.mark.parametrize("people", [1, 2, 3, 10, 57, 300])
def test_the_smallest_cities_live(people: int) -> None:
    city = build.city(Parameters(people, 14, 1))
    for day in DAYS:
        told = stays(city, everybody(city), day)
        assert set(told.person.tolist()) >= set(range(city.residents))


def test_every_resident_is_somewhere_at_any_hour_but_for_journeys() -> None:
    city = town()
    told = stays(city, everybody(city), WORKDAY)
    own = told.person < city.residents
    minutes = np.bincount(told.person[own], weights=(told.end - told.start)[own])
    assert minutes.min() > 0
    assert np.median(minutes) > DAY - 120


def test_zones_and_places_exist() -> None:
    city = town()
    for day in (WORKDAY, HOLIDAY):
        told = stays(city, everybody(city), day)
        zones = city.places.zones[told.place]
        assert (told.zone[zones == 0] == -1).all()
        assert (told.zone[zones > 0] >= 0).all()
        posts = np.isin(told.role, [ROLE_OF["staff"], ROLE_OF["courier"]])
        assert (told.zone <= zones - ~posts)[zones > 0].all()


def test_a_table_is_never_shared_by_parties_that_did_not_come_together() -> None:
    city = town(20_000)
    kinds = [KIND_OF[word] for word in ("restaurant", "ktv", "cafe", "bar", "mahjong")]
    for day in (WORKDAY, SUNDAY, HOLIDAY):
        told = stays(city, everybody(city), day)
        sits = np.isin(city.places.kind[told.place], kinds) & (told.role == ROLE_OF["customer"])
        table = told.place[sits].astype(np.int64) * 100 + told.zone[sits]
        start, end, person = told.start[sits], told.end[sits], told.person[sits]
        order = np.lexsort((start, table))
        table, start, end, person = (column[order] for column in (table, start, end, person))
        next_ = (table[1:] == table[:-1]) & (start[1:] < end[:-1])
        assert next_.any()
        low, high = person[:-1][next_], person[1:][next_]
        people = city.people
        together = (people.home[low] == people.home[high]) | (
            (people.circle[low] == people.circle[high]) & (people.circle[low] >= 0)
        )
        team = people.daytime[low].astype(np.int64) * 10_000 + people.team[low]
        together |= team == people.daytime[high].astype(np.int64) * 10_000 + people.team[high]
        assert together.all()


def test_weekends_and_holidays_differ_from_workdays() -> None:
    city = town()
    school, office = KIND_OF["school"], KIND_OF["office"]
    at = {
        day: np.bincount(city.places.kind[stays(city, everybody(city), day).place], minlength=90)
        for day in (WORKDAY, SUNDAY, HOLIDAY)
    }
    assert at[WORKDAY][school] > 0
    assert at[SUNDAY][school] == at[HOLIDAY][school] == 0
    assert at[HOLIDAY][office] < at[WORKDAY][office] / 10
    assert at[SUNDAY][KIND_OF["park"]] > at[WORKDAY][KIND_OF["park"]]


def test_those_confined_stay_where_they_are_told_to() -> None:
    city = town()
    person = everybody(city)[: city.residents]
    how = (person % 4).astype(np.int8)
    told = stays(city, person, WORKDAY, how)
    free = stays(city, person, WORKDAY)
    assert same(taken(told, how[told.person] == 0), taken(free, how[free.person] == 0))
    for word, kind in ((IN_HOSPITAL, "hospital"), (ISOLATED, "isolation_site")):
        rows = taken(told, how[told.person] == word)
        assert rows.count == (how == word).sum()
        assert (city.places.kind[rows.place] == KIND_OF[kind]).all()
        assert (rows.end - rows.start == DAY).all()
    rows = taken(told, how[told.person] == AT_HOME)
    assert (rows.place == city.people.home[rows.person]).all()
    assert (rows.end - rows.start == DAY).all()


def test_everybody_isolated_has_a_room_alone() -> None:
    city = town()
    person = everybody(city)[: city.residents]
    told = stays(city, person, 0, np.full(len(person), ISOLATED, dtype=np.int8))
    room = told.place.astype(np.int64) * 40_000 + told.zone
    assert len(np.unique(room)) == len(person)


def test_nights_are_worked_on_across_midnight() -> None:
    city = town(20_000)
    hospital = KIND_OF["hospital"]
    late = stays(city, everybody(city), 3)
    early = stays(city, everybody(city), 4)
    here = city.places.kind
    works = late.role == ROLE_OF["health_worker"]
    night = late.person[works & (late.end == 4 * DAY) & (here[late.place] == hospital)]
    morning = early.person[(early.start == 4 * DAY) & (here[early.place] == hospital)]
    assert len(night) > 0
    assert np.array_equal(night, morning)


def test_visitors_come_by_the_station_with_the_rush_and_leave() -> None:
    city = town(20_000)
    visitors = everybody(city)[city.residents :]
    assert len(visitors) == 100
    first, last = travel.visits(city, visitors.astype(np.int64))
    here = [set(stays(city, visitors, day).person.tolist()) for day in DAYS]
    for number, person in enumerate(visitors.tolist()):
        days = {day for day in DAYS if person in here[day]}
        assert days == {day for day in DAYS if first[number] <= day <= last[number]}
    rush = np.isin(first, [11, 12, 13])
    assert rush.mean() > 0.6
    risk = travel.from_risk_area(city, visitors)
    assert 0.2 < risk.mean() < 0.5
    told = stays(city, visitors[first == HOLIDAY], HOLIDAY)
    opening = np.r_[True, told.person[1:] != told.person[:-1]]
    assert (city.places.kind[told.place[opening]] == KIND_OF["station"]).all()


def hub_visits(city: City, day: int) -> int:
    told = stays(city, everybody(city), day)
    station = city.places.kind[told.place] == KIND_OF["station"]
    return int((station & (told.role == ROLE_OF["passenger"])).sum())


def test_a_city_passes_its_hub_and_more_so_on_a_holiday() -> None:
    city = town(20_000)
    usual, rush = hub_visits(city, WORKDAY), hub_visits(city, HOLIDAY)
    assert 80 < usual < 200
    assert 1.5 * usual < rush < 500
    # ten million people: at most 45,000 travellers, twice, and visitors
    assert 2 * travel._MOST_TRAVELLERS < 100_000
