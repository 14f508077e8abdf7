"""Who was exposed on rides, told by a trace as by a list of passengers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .riding import (
    DAY,
    LATER,
    SERVICE,
    asked,
    at,
    by_rules,
    classes,
    given,
    opened,
    ride,
    rides,
    train,
)
from .small_home import Answer, SmallHome

CARRIAGE = "{id: carriage, class: close, priority: 3, setting: train, seat: {same_carriage: true}}"
EVERYBODY = "{id: all, class: general, priority: 7, setting: train, seat: {everyone: true}}"
BOTH = (CARRIAGE, EVERYBODY)


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    return SmallHome(tmp_path, capsys)


def traced(home: SmallHome, *words: str, engine: str = "sql") -> dict[str, Any]:
    answer = home.run("trace", "R1", "--json", "--engine", engine, *words, clock=LATER)
    assert answer.code == 0, answer.err
    told: dict[str, Any] = answer.json()
    return told


def listed(told: dict[str, Any]) -> dict[str, str]:
    return {one["person"]: one["class"] for one in told["contacts"]}


def asking(told: dict[str, Any]) -> dict[str, list[str]]:
    return {one["question"]: one["people"] for one in told["review"]}


def changes(answer: Answer) -> list[tuple[str, str, str]]:
    return [(one["case"], one["person"], one["change"]) for one in answer.json()["contacts"]]


RODE = "Were these people really aboard {}, and between which stops?"
SAT = "In which carriage and seat of {} did these people sit?"
RUN = "D1/D4 2022-07-05 (S)"


PEOPLE = (
    ride("case", "8/12F"),
    ride("next", "8/12D"),
    ride("other", "7/12F"),
    ride("unseated"),
    ride("left", "8/12C", stops="1-2"),
    ride("ticket", "8/1A", status="ticketed"),
    ride("absent", "8/1B", status="no_show"),
)


@pytest.mark.parametrize("engine", ["sql", "reference"])
def test_a_trace_lists_who_a_list_of_passengers_lists(home: SmallHome, engine: str) -> None:
    given(home, **train(), **rides(*PEOPLE))
    by = ("--protocol", by_rules(home, BOTH))
    told, aboard = traced(home, *by, engine=engine), asked(home, *by)
    assert listed(told) == {p: c for p, c in classes(aboard).items() if c is not None}
    assert listed(told) == {
        "next": "close",
        "left": "close",
        "other": "general",
        "unseated": "general",
    }
    assert asking(told) == {RODE.format(RUN): ["ticket"], SAT.format(RUN): ["unseated"]}
    left = next(one for one in told["contacts"] if one["person"] == "left")
    assert (left["minutes"], left["first_exposure"]) == (60, "2022-07-05T10:00:00+08:00")
    (carriage,) = (one for one in left["evidence"] if one["rule"] == "carriage")
    assert (carriage["kind"], left["settings"], carriage["place"]) == ("ride", ["train"], "S")
    assert carriage["zone"] == "8/12F"
    assert [row["source"] for row in carriage["rows"]] == ["ride", "ride"]
    assert ["draft" in warning for warning in told["warnings"]] == [True]


def test_what_is_shown_names_the_run_and_the_seat(home: SmallHome) -> None:
    given(home, **train(), **rides(ride("case", "8/12F"), ride("next", "8/12D")))
    words = ("R1", "next", "--protocol", by_rules(home, BOTH))
    shown = home.run("explain", *words, clock=LATER).out
    assert "next travelled with case R1 on D1/D4 2022-07-05 (S), train" in shown
    assert "seat 8/12F" in shown


def test_minutes_of_several_runs_add_up(home: SmallHome) -> None:
    both = train()
    both["service"] += f"T,train,{DAY},G7,,,\n"
    both["stop"] += f"T,1,station 4,,{at('14:00')}\nT,2,end,{at('15:00')},\n"
    long = "{id: long, class: close, priority: 3, setting: train, seat: {same_carriage: true}, %s}"
    people = [
        ride("case", "8/1A"),
        ride("case", "2/1A", service="T", stops="1-2"),
        ride("both", "8/9A"),
        ride("both", "2/9A", service="T", stops="1-2"),
        ride("one", "8/9B"),
    ]
    given(home, **both, **rides(*people))
    enough = by_rules(home, [long % "minutes: {at_least: 4h, within: 24h}"])
    assert listed(traced(home, "--protocol", enough)) == {"both": "close"}
    too_long = by_rules(home, [long % "minutes: {at_least: 5h, within: 24h}"])
    assert listed(traced(home, "--protocol", too_long)) == {}


def test_a_run_that_nothing_describes_is_asked_about(home: SmallHome) -> None:
    unknown = {"service": "X9"}
    given(home, **rides(ride("case", "8/1A", **unknown), ride("other", "8/1B", **unknown)))
    told = traced(home, "--protocol", by_rules(home, BOTH))
    assert listed(told) == {}
    ((question, people),) = asking(told).items()
    assert (question.startswith("Which run was X9"), people) == (True, ["other"])


def test_a_number_that_two_runs_bear_is_asked_about(home: SmallHome) -> None:
    two = train()
    two["service"] += f"T,train,{DAY},D1,,,\n"
    spoken = f"train-D1-{DAY}"
    given(home, **two, **rides(ride("case", "8/1A"), ride("other", "8/1B", service=spoken)))
    told = traced(home, "--protocol", by_rules(home, BOTH))
    assert (listed(told), list(asking(told))) == ({}, [RODE.format(RUN)])


def test_a_key_that_says_its_number_means_the_registered_run(home: SmallHome) -> None:
    spoken = f"train-D4-{DAY}"
    given(home, **train(), **rides(ride("case", "8/1A", service=spoken), ride("other", "8/1B")))
    told = traced(home, "--protocol", by_rules(home, BOTH))
    assert listed(told) == {"other": "close"}


def test_a_ride_outside_the_window_exposes_nobody(home: SmallHome) -> None:
    early = SERVICE + "S,train,2022-07-01,D1,,,\n"
    stops = train()["stop"].replace(DAY, "2022-07-01")
    given(home, service=early, stop=stops, **rides(ride("case", "8/1A"), ride("other", "8/1B")))
    told = traced(home, "--protocol", by_rules(home, BOTH))
    assert (listed(told), told["review"]) == ({}, [])


def test_who_sat_there_later_and_whom_they_met(home: SmallHome) -> None:
    """Order 2: those who rode on with a contact that was close."""
    reused = "{id: seat, class: general, priority: 8, setting: train, seat: {reused: true}}"
    second = (
        "{id: onward, class: second, order: 2, priority: 8, setting: train,"
        " seat: {same_carriage: true}}"
    )
    people = [
        ride("case", "8/1A", stops="1-2"),
        ride("close", "8/9A", stops="1-3"),
        ride("later", "8/1A", stops="2-3"),
        ride("onward", "8/5A", stops="2-4"),
    ]
    given(home, **train(), **rides(*people))
    told = traced(home, "--protocol", by_rules(home, [CARRIAGE, reused, second]))
    assert listed(told) == {"close": "close", "later": "general", "onward": "second"}
    onward = next(one for one in told["contacts"] if one["person"] == "onward")
    assert onward["path"] == ["case", "close", "onward"]
    assert opened(asked(home, "--protocol", by_rules(home, [CARRIAGE, reused])), "later") == [[]]


def test_withdrawing_a_ride_tells_who_is_no_contact_any_more(home: SmallHome) -> None:
    given(home, **train(), **rides(ride("case", "8/12F"), ride("next", "8/12D")))
    batch = home.deliver("ride", rides(ride("late", "8/12A"))["ride"], clock=LATER).json()["batch"]
    words = ("lake", "withdraw", batch, "--reason", "wrong train", "--json")
    answer = home.run(*words, clock=LATER)
    assert answer.code == 0, answer.err
    assert changes(answer) == [("R1", "late", "dropped")]


def test_a_timetable_that_comes_later_changes_who_is_listed(home: SmallHome) -> None:
    given(home, **rides(ride("case", "8/1A"), ride("other", "8/1B")))
    given(home, service=train()["service"])
    batch = home.deliver("stop", train()["stop"], clock=LATER).json()["batch"]
    assert listed(traced(home)) == {"other": "close"}
    answer = home.run("lake", "withdraw", batch, "--reason", "wrong day", "--json", clock=LATER)
    assert changes(answer) == [("R1", "other", "dropped")]


def test_a_purge_keeps_the_rides_of_open_cases(home: SmallHome) -> None:
    given(home, **train(), **rides(ride("case", "8/12F"), ride("next", "8/12D")))
    long_after = "2022-12-01T12:00:00+08:00"
    assert home.run("lake", "purge", clock=long_after).code == 0
    told = home.run("trace", "R1", "--json", clock=long_after).json()
    assert "next" in listed(told)
