"""Trains, flights and coaches: seats, changes, no-shows and swaps, over several seeds."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.city.truth.cities import HOLIDAY, WORKDAY, everybody, town

from ringfence.rides.catalogue import layouts
from ringfence.rides.spots import Seat, spot_of
from ringfence_city.parameters import Parameters
from ringfence_city.truth import (
    build,
    days,
    lines,
    long_distance,
    seats,
    transport,
    transport_tables,
    travel,
)
from ringfence_city.truth.aboard import met_aboard
from ringfence_city.truth.city import DAY, SETTING_OF, SETTINGS, City, Truths
from ringfence_city.truth.days import Day
from ringfence_city.truth.far_runs import far_runs
from ringfence_city.truth.followed import taken
from ringfence_city.truth.journeys import BOARDED, NO_SHOW, Rides

SEEDS = (3, 7, 11)
PEOPLE = 60_000


@cache
def lived(seed: int, day: int) -> Day:
    city = town(PEOPLE, seed)
    return days.lived(city, everybody(city), day)


def far(city: City, told: Rides, day: int) -> Rides:
    return taken(told, told.run >= lines.runs(city, day).first_far)


def rows(told: Rides, some: Truths, *names: str) -> list[tuple[int, ...]]:
    return list(zip(*(getattr(told, name)[some].tolist() for name in names), strict=True))


@pytest.fixture(params=[(seed, day) for seed in SEEDS for day in (WORKDAY, HOLIDAY)])
def journeys(request: pytest.FixtureRequest) -> Rides:
    seed, day = request.param
    return far(town(PEOPLE, seed), lived(seed, day).rides, day)


def test_no_two_sit_in_one_seat_and_none_is_sold_twice(journeys: Rides) -> None:
    aboard = journeys.status == BOARDED
    taken_seats = rows(journeys, aboard, "run", "seat")
    assert len(taken_seats) == len(set(taken_seats)) > 100
    every = np.ones(journeys.count, dtype=np.bool_)
    sold = rows(journeys, every, "run", "sold")
    assert len(sold) == len(set(sold))
    assert (journeys.sold >= 0).all()


def test_every_seat_is_one_of_its_vehicle(journeys: Rides) -> None:
    vehicles = {
        (int(seats.VEHICLE[seat]), int(seats.VEHICLE[sold]))
        for seat, sold in zip(journeys.seat.tolist(), journeys.sold.tolist(), strict=True)
    }
    assert vehicles == {(number, number) for number in range(len(seats.VEHICLES))}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_kind_of_vehicle_goes_and_calls_where_it_says(seed: int) -> None:
    city = town(PEOPLE, seed)
    told = far(city, lived(seed, WORKDAY).rides, WORKDAY)
    runs = lines.runs(city, WORKDAY)
    listed = far_runs(runs)
    assert len(listed) == runs.count - runs.first_far
    for run, board, alight, at, until, seat in rows(
        told,
        np.ones(told.count, dtype=np.bool_),
        *("run", "board_seq", "alight_seq", "board", "alight", "seat"),
    ):
        one = listed[run - runs.first_far]
        assert one.vehicle is seats.VEHICLES[seats.VEHICLE[seat]]
        assert 0 <= board < alight < len(one.stations)
        assert at % 1440 == one.minutes[board] < one.minutes[alight] == until % 1440
    services = transport_tables.services(city, WORKDAY).slice(runs.first_far).to_pylist()
    assert len({row["service"] for row in services}) == len(services)
    for row, one in zip(services, listed, strict=True):
        assert row["kind"] == one.vehicle.kind
        assert row["numbers"] == [one.number]
        assert row["service"] == f"{row['kind']}-{one.number}-{row['date']}"
        assert (row["sealed"], row["hepa"]) == (one.sealed, one.vehicle.kind == "aircraft")


def test_no_two_runs_of_a_day_have_one_number() -> None:
    """As in a city of ten million on a holiday."""
    numbers = [
        one.number for one in far_runs(lines.Runs(1, 1, resident_lines=113, visitor_lines=100))
    ]
    assert len(set(numbers)) == len(numbers) == 213 * long_distance.WAYS


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("day", [WORKDAY, HOLIDAY])
def test_who_changes_goes_on_from_where_the_first_train_ends(seed: int, day: int) -> None:
    """Of visitors as of residents: one run after the other, with time to change between them."""
    city = town(PEOPLE, seed)
    told = far(city, lived(seed, day).rides, day)
    runs = lines.runs(city, day)
    stations = [one.stations for one in far_runs(runs)]
    own: dict[int, list[tuple[int, ...]]] = {}
    every = np.ones(told.count, dtype=np.bool_)
    for person, *leg in rows(told, every, "person", "run", "board", "alight"):
        own.setdefault(person, []).append(tuple(leg))
    changed = Counter[bool]()
    for person, legs in own.items():
        for (run, _, until), (onward, since, _) in pairwise(legs):
            assert run != onward
            assert since - until >= long_distance.CHANGE
            ends, begins = stations[run - runs.first_far][-1], stations[onward - runs.first_far][0]
            assert (ends == begins) | (since - until > 180), (
                "back in the evening, or onward at once"
            )
            changed[person >= city.residents] += since - until == long_distance.CHANGE
    assert changed[False] > 50
    assert changed[True] > 0 or day != HOLIDAY


@pytest.mark.parametrize("seed", SEEDS)
def test_no_shows_hold_tickets_stay_and_meet_nobody(seed: int) -> None:
    city = town(PEOPLE, seed)
    whole = lived(seed, WORKDAY)
    missing = whole.rides.status == NO_SHOW
    persons = np.unique(whole.rides.person[missing])
    goes = np.unique(far(city, whole.rides, WORKDAY).person)
    assert 0.02 < len(persons) / len(goes) < 0.08
    assert (persons < city.residents).all()
    assert not np.isin(persons, whole.rides.person[~missing & (whole.rides.sold >= 0)]).any()
    assert (whole.rides.seat[missing] == whole.rides.sold[missing]).all()
    met = met_aboard(city, whole.rides, WORKDAY)
    without = met_aboard(city, taken(whole.rides, ~missing), WORKDAY)
    assert np.array_equal(met.person_a, without.person_a)
    far_met = np.isin(met.setting, [SETTING_OF[v.kind] for v in seats.VEHICLES])
    assert far_met.any()
    assert not np.isin(persons, np.r_[met.person_a[far_met], met.person_b[far_met]]).any()


@pytest.mark.parametrize("seed", SEEDS)
def test_who_swaps_sits_in_the_others_seat(seed: int) -> None:
    """Or in one that its holder left empty: somebody who is ill, or at work by night."""
    pairs = alone = 0
    for day in (WORKDAY, HOLIDAY):
        told = far(town(PEOPLE, seed), lived(seed, day).rides, day)
        aboard = told.status == BOARDED
        sits = {(run, seat): sold for run, seat, sold in rows(told, aboard, "run", "seat", "sold")}
        for (run, seat), sold in sits.items():
            if seat == sold:
                continue
            if (run, sold) in sits:
                assert sits[run, sold] == seat
                pairs += 1
            else:
                alone += 1
    assert pairs > 8 * alone
    assert pairs % 2 == 0


def test_near_seats_talk_on_each_kind_of_vehicle() -> None:
    found: Counter[str] = Counter()
    for seed in SEEDS:
        for day in (WORKDAY, HOLIDAY):
            city, told = town(PEOPLE, seed), lived(seed, day).rides
            aboard = {
                (person, run): int(seats.LINE[seat])
                for person, run, seat in rows(
                    far(city, told, day), far(city, told, day).status == BOARDED,
                    "person", "run", "seat",
                )
            }  # fmt: skip
            runs_of: dict[int, set[int]] = {}
            for person, run in aboard:
                runs_of.setdefault(person, set()).add(run)
            met = met_aboard(city, told, day)
            for a, b, setting in zip(
                met.person_a.tolist(), met.person_b.tolist(), met.setting.tolist(), strict=True
            ):
                word = SETTINGS[setting]
                if word not in {v.kind for v in seats.VEHICLES}:
                    continue
                found[word] += 1
                both = runs_of[a] & runs_of[b]
                assert any(aboard[a, run] == aboard[b, run] for run in both)
    assert set(found) == {"train", "aircraft", "coach"}


def test_rides_of_a_part_are_those_of_the_whole() -> None:
    city = town(PEOPLE)
    some = everybody(city)[5_000:9_000]
    whole = lived(7, HOLIDAY).rides
    part = transport.rides(city, some, HOLIDAY)
    kept = taken(whole, np.isin(whole.person, some))
    assert (kept.status == NO_SHOW).any()
    assert (kept.seat != kept.sold)[kept.sold >= 0].any()
    for name, column in vars(part).items():
        assert np.array_equal(column, getattr(kept, name)), name


def test_seats_are_those_of_the_layouts_they_name() -> None:
    known = layouts()
    for seat in range(int(seats.FIRST[-1])):
        vehicle = seats.VEHICLES[seats.VEHICLE[seat]]
        carriage, row = int(seats.CARRIAGE[seat]), int(seats.ROW[seat])
        printed = Seat(
            str(carriage) if carriage > 0 else None,
            str(row) if row > 0 else None,
            seats.WORDS[seats.WORD[seat]],
        )
        spot = spot_of(printed, vehicle.kind, known[vehicle.layout])
        assert not spot.wrong, printed
        assert spot.row == seats.LINE[seat]


@given(
    st.integers(1, 200),
    st.integers(0, 200 * long_distance.MOST_OF_A_LINE - 1),
)
def test_each_has_a_seat_and_a_partner_on_the_same_run(lines_: int, number: int) -> None:
    number %= lines_ * long_distance.MOST_OF_A_LINE
    trip = long_distance.booked(np.array([number]), lines_)
    other = long_distance.partner(trip, lines_)
    theirs = long_distance.booked(other, lines_)
    assert (theirs.line, theirs.leg, theirs.changes) == (trip.line, trip.leg, trip.changes)
    assert theirs.turn == trip.turn ^ 1
    assert long_distance.partner(theirs, lines_) == number
    assert long_distance.hops(theirs) == long_distance.hops(trip)


def test_a_full_line_fits_its_vehicles() -> None:
    number = np.arange(long_distance.MOST_OF_A_LINE)
    trip = long_distance.booked(number, 1)
    for back in (False, True):
        sold = long_distance.seat_sold(trip.leg, trip.turn, back=back)
        assert len(np.unique(np.stack([trip.leg, sold]), axis=1).T) == len(number)
    beyond = np.full(int(trip.changes.sum()), long_distance.BEYOND)
    onward = long_distance.seat_sold(beyond, trip.turn[trip.changes], back=False)
    first = long_distance.seat_sold(trip.leg, trip.turn, back=False)[trip.changes]
    assert len(np.unique(onward)) == len(onward)
    assert (onward != first).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 4_000), st.integers(0, 2**31), st.integers(0, 13))
def test_cities_of_any_size_and_seed_seat_each_traveller_alone(
    people: int, seed: int, day: int
) -> None:
    city = build.city(Parameters(people, 14, seed))
    told = far(city, transport.rides(city, everybody(city), day), day)
    aboard = told.status == BOARDED
    sits = rows(told, aboard, "run", "seat")
    assert len(sits) == len(set(sits))
    assert (day * DAY <= told.board).all()
    assert (told.board < told.alight).all()
    assert (told.alight <= (day + 1) * DAY).all()
    same = told.person[1:] == told.person[:-1]
    assert (told.board[1:] - told.alight[:-1] >= long_distance.CHANGE)[same].all()
    met = met_aboard(city, told, day)
    assert not np.isin(told.person[~aboard], np.r_[met.person_a, met.person_b]).any()


@given(st.integers(0, 45_000))
def test_nobody_who_holds_a_ticket_is_left_without_a_seat(travelling: int) -> None:
    held = travelling + travel.no_shows(travelling)
    assert held <= travel.resident_lines(travelling) * long_distance.MOST_OF_A_LINE
    most = long_distance.booked(np.array([max(held - 1, 0)]), travel.resident_lines(travelling))
    assert most.turn[0] < seats.SEATS[long_distance.VEHICLE[most.leg[0]]]


def test_some_runs_are_late_and_no_change_is_missed() -> None:
    city = town(PEOPLE)
    first = lines.runs(city, HOLIDAY).first_far
    stops = transport_tables.stops(city, HOLIDAY)
    run = np.asarray(stops["service"].combine_chunks().indices)
    told = stops.filter(run >= first).to_pylist()
    late = [
        (row["actual_depart"] - row["depart"]).total_seconds() / 60 for row in told if row["depart"]
    ]
    assert min(late) == 0
    assert 0 < max(late) < long_distance.CHANGE
    assert 0.05 < np.mean([by > 0 for by in late]) < 0.6
    near = [row for row in stops.filter(run < first).slice(0, 200).to_pylist() if row["depart"]]
    assert all(row["depart"] == row["actual_depart"] for row in near)
