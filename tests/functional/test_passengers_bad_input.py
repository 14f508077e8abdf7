"""Who rode with a case, where timetable, seat, number or question cannot be: nothing invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from .riding import DAY, LATER, asked, at, by_rules, classes, given, opened, ride, rides, train
from .small_home import SmallHome

EVERYBODY = "{id: all, class: general, priority: 7, seat: {everyone: true}}"
WITHIN_ROWS = "{id: r, class: close, priority: 3, setting: train, seat: {rows: 3}}"


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    return SmallHome(tmp_path, capsys)


@pytest.mark.parametrize(
    ("stops", "said"),
    [
        ("S,1,a,,{0}\nS,2,b,{2},{1}\nS,3,c,{3},\n", "cannot be at stop 2"),
        ("", "no timetable is known"),
    ],
)
def test_a_timetable_that_cannot_be_is_not_used(home: SmallHome, stops: str, said: str) -> None:
    times = [at(clock) for clock in ("10:00", "11:00", "12:00", "13:00")]
    wrong = train() | {"stop": "service,seq,station,arrive,depart\n" + stops.format(*times)}
    if not stops:
        del wrong["stop"]
    given(home, **wrong, **rides(ride("case", "8/1A"), ride("other", "8/1B")))
    told = asked(home, "--protocol", by_rules(home, [EVERYBODY]))
    assert any(said in warning for warning in told["warnings"])
    assert opened(told, "other") == [["timetable"]]


def test_a_station_where_it_calls_twice_has_to_be_told_apart(home: SmallHome) -> None:
    loop = train()
    loop["stop"] = loop["stop"].replace("station 3", "station 1")
    people = [
        ride("case", "8/1A"),
        ride("other", "8/1B", stops="-", start="station 1", end="station 4"),
    ]
    given(home, **loop, **rides(*people))
    told = asked(home, "--protocol", by_rules(home, [EVERYBODY]))
    assert opened(told, "other") == [["contact_ride", "timetable"]]
    answer = home.run("passengers", "D1", DAY, "--case", "R1", "--from", "station 1", clock=LATER)
    assert answer.code == 2
    assert "calls twice" in answer.err


def test_who_leaves_before_boarding_is_asked_where_they_rode(home: SmallHome) -> None:
    backwards = ride("other", "8/1B", stops="-", start="station 3", end="station 2")
    given(home, **train(), **rides(ride("case", "8/1A"), backwards))
    told = asked(home, "--protocol", by_rules(home, [EVERYBODY]))
    assert "contact_ride" in opened(told, "other")[0]
    refused = home.deliver("ride", rides(ride("x", "8/1B", stops="3-2"))["ride"], clock=LATER)
    assert refused.json()["quarantined"] == 1


def test_two_services_of_one_number_on_a_day(home: SmallHome) -> None:
    two = train()
    two["service"] += f"T,train,{DAY},D1,,,\n"
    spoken = ride("which", "8/1C", service=f"train-D1-{DAY}")
    given(home, **two, **rides(ride("case", "8/1A"), ride("other", "8/1B"), spoken))
    answer = home.run("passengers", "D1", DAY, "--case", "R1", clock=LATER)
    assert answer.code == 10
    assert "S, T" in answer.err
    told = asked(home, number="S")
    assert classes(told) == {"other": "close", "which": None}
    assert opened(told, "which") == [["contact_ride"]]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("D9", DAY, "--case", "R1"), 11, "nothing is known of a service"),
        (("D1", "2022-07-06", "--case", "R1"), 11, "nothing is known of a service"),
        (("D1", DAY, "--case", "nobody"), 11, "no case nobody"),
        (("D1", "05/07", "--case", "R1"), 2, "calendar day"),
        (("D1", "2023-02-29", "--case", "R1"), 2, "calendar day"),
        (("D1", DAY, "--case", "R1", "--seat", "x" * 50), 2, "(seat)"),
        (("D1", DAY, "--case", "R1", "--from", "Atlantis"), 2, "names no stop"),
        (("D1", DAY, "--case", "R1", "--from", "3", "--to", "1"), 2, "before the stop of boarding"),
        (("D1", DAY, "--case", "R1", "--protocol", "none"), 11, "no protocol"),
        (("D1", DAY), 2, "--case"),
    ],
)
def test_what_cannot_be_meant(
    home: SmallHome, words: tuple[str, ...], code: int, said: str
) -> None:
    given(home, **train(), **rides(ride("case", "8/1A"), ride("other", "8/1B")))
    answer = home.run("passengers", *words, clock=LATER)
    assert (answer.code, said in answer.err) == (code, True), answer.err


def test_a_seat_that_the_vehicle_has_not(home: SmallHome) -> None:
    given(home, **train(), **rides(ride("case", "8/99A"), ride("other", "8/1B")))
    told = asked(home, "--protocol", by_rules(home, [WITHIN_ROWS]))
    assert any("no such seat" in warning for warning in told["warnings"])
    assert opened(told, "other") == [["case_seat"]]


def test_a_layout_that_nobody_knows(home: SmallHome) -> None:
    people = [ride("case", "8/12F"), ride("other", "8/13A"), ride("far", "8/17A")]
    given(home, **train("spaceship"), **rides(*people))
    told = asked(home, "--protocol", by_rules(home, [WITHIN_ROWS]))
    assert any("spaceship" in warning for warning in told["warnings"])
    assert classes(told) == {"other": "close"}
