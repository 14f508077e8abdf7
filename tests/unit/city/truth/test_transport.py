"""Rides, taxis, lorries."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from tests.unit.city.truth.cities import HOLIDAY, SUNDAY, WORKDAY, everybody, town

from ringfence_city.truth import days, lines, transport_tables
from ringfence_city.truth.city import KIND_OF, ROLE_OF
from ringfence_city.truth.fleet import fleet
from ringfence_city.truth.journeys import BOARDED
from ringfence_city.truth.movement import stays
from ringfence_city.truth.transport import occupancies, rides, sightings

PEOPLE = 30_000


@pytest.mark.parametrize("day", [WORKDAY, SUNDAY, HOLIDAY])
def test_nobody_rides_and_stays_at_once(day: int) -> None:
    city = town(PEOPLE)
    told = days.lived(city, everybody(city), day)
    aboard = told.rides.status == BOARDED
    parts = (
        (told.stays.person, told.stays.start, told.stays.end),
        (told.rides.person[aboard], told.rides.board[aboard], told.rides.alight[aboard]),
        (told.occupancies.person, told.occupancies.start, told.occupancies.end),
    )
    person, start, end = (np.concatenate([part[i] for part in parts]) for i in range(3))
    order = np.lexsort((start, person))
    person, start, end = person[order], start[order], end[order]
    assert (start[1:] >= end[:-1])[person[1:] == person[:-1]].all()
    assert (end > start).all()


def test_a_whole_day_is_its_parts() -> None:
    city = town()
    who = everybody(city)
    told = days.lived(city, who, WORKDAY)
    for one, two in (
        (told.stays, stays(city, who, WORKDAY)),
        (told.rides, rides(city, who, WORKDAY)),
        (told.occupancies, occupancies(city, who, WORKDAY)),
        (told.sightings, sightings(city, who, WORKDAY)),
    ):
        for field in fields(one):
            assert np.array_equal(getattr(one, field.name), getattr(two, field.name))


def test_rides_do_not_depend_on_who_else_is_asked_for() -> None:
    city = town(PEOPLE)
    some = everybody(city)[::11]
    whole, part = rides(city, everybody(city), WORKDAY), rides(city, some, WORKDAY)
    kept = np.isin(whole.person, some)
    assert part.count > 50
    for field in fields(whole):
        assert np.array_equal(getattr(whole, field.name)[kept], getattr(part, field.name))


def test_rides_follow_the_timetable() -> None:
    city = town(PEOPLE)
    told = rides(city, everybody(city), WORKDAY)
    stops = transport_tables.stops(city, WORKDAY)
    services = transport_tables.services(city, WORKDAY)
    assert services.num_rows == lines.runs(city, WORKDAY).count
    run = np.asarray(stops["service"].combine_chunks().indices)
    seq = np.asarray(stops["seq"])
    at = {
        (number, place): (arrives, departs)
        for number, place, arrives, departs in zip(
            run.tolist(), seq.tolist(), stops["actual_arrive"].to_pylist(),
            stops["actual_depart"].to_pylist(),
            strict=True,
        )
    }  # fmt: skip
    from ringfence_city.clock import instants

    board = instants(city.asked, told.board).to_pylist()
    alight = instants(city.asked, told.alight).to_pylist()
    for row in range(0, told.count, 13):
        number = int(told.run[row])
        assert at[number, int(told.board_seq[row])][1] == board[row]
        assert at[number, int(told.alight_seq[row])][0] == alight[row]


def test_a_driver_is_on_one_bus_at_a_time_and_a_bus_has_one_driver() -> None:
    city = town(PEOPLE)
    told = rides(city, everybody(city), WORKDAY)
    drives = told.role == ROLE_OF["driver"]
    assert drives.sum() > 100
    assert len(np.unique(told.run[drives])) == drives.sum()


def test_a_taxi_has_one_passenger_at_a_time_and_a_driver_with_each() -> None:
    city = town(PEOPLE)
    told = occupancies(city, everybody(city), WORKDAY)
    taxi = told.vehicle < fleet(city.residents).taxis
    rides_ = taxi & (told.role == ROLE_OF["passenger"])
    assert rides_.sum() > 100
    order = np.lexsort((told.start[rides_], told.vehicle[rides_]))
    vehicle, start, end = (column[rides_][order] for column in (told.vehicle, told.start, told.end))
    same = vehicle[1:] == vehicle[:-1]
    assert (start[1:] >= end[:-1])[same].all()
    duty = {
        int(number): (int(begin), int(until))
        for number, begin, until in zip(
            told.vehicle[taxi & ~rides_], told.start[taxi & ~rides_], told.end[taxi & ~rides_],
            strict=True,
        )
    }  # fmt: skip
    for number, begin, until in zip(vehicle.tolist(), start.tolist(), end.tolist(), strict=True):
        assert duty[number][0] <= begin < until <= duty[number][1]


def test_lorries_are_seen_at_checkpoints_on_their_way() -> None:
    city = town(PEOPLE)
    told = sightings(city, everybody(city), WORKDAY)
    assert len(told.at) > 20
    assert (city.places.kind[told.place] == KIND_OF["checkpoint"]).all()
    assert (told.vehicle >= fleet(city.residents).taxis).all()
