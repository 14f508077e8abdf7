"""When a run was where: delays that are half known, days on which it cannot go, long runs, and
ends whose time is not known. What is known is not asked, and what cannot be is not used.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from .riding import (
    DAY,
    LATER,
    SERVICE,
    STOP,
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
from .small_home import SmallHome

EVERYBODY = "{id: all, class: general, priority: 7, seat: {everyone: true}}"
TOGETHER = ("case", "other")


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    return SmallHome(tmp_path, capsys)


def told(home: SmallHome) -> dict[str, object]:
    return asked(home, "--protocol", by_rules(home, [EVERYBODY]))


def minutes(found: dict[str, object]) -> dict[str, int]:
    people: list[dict[str, object]] = found["passengers"]  # type: ignore[assignment]
    return {str(one["person"]): round(one["minutes"]) for one in people}  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("column", "clock", "wanted"),
    [
        ("actual_arrive", "11:30", 90),  # later than the planned 11:05 at which it leaves again
        ("actual_arrive", "10:58", 58),
        ("actual_depart", "13:30", 60),  # later than all that is planned after it
    ],
)
def test_a_delay_that_is_half_known_moves_what_follows(
    home: SmallHome, column: str, clock: str, wanted: int
) -> None:
    late = train()
    head, *stops = late["stop"].splitlines()
    calls = [f"{line},{at(clock) if number == 2 else ''}" for number, line in enumerate(stops, 1)]
    late["stop"] = "\n".join([f"{head},{column}", *calls]) + "\n"
    given(home, **late, **rides(*(ride(who, "8/1A", stops="1-2") for who in TOGETHER)))
    found = told(home)
    assert "cannot be" not in str(found["warnings"])
    assert opened(found, "other") == [[]]
    assert minutes(found)["other"] == wanted


@pytest.mark.parametrize("day", ["2022-06-05", "2022-08-07"])
def test_stops_on_another_day_than_the_run_are_not_used(home: SmallHome, day: str) -> None:
    absurd = train()
    absurd["stop"] = absurd["stop"].replace(at("13:00"), at("13:00", day))
    given(home, **absurd, **rides(*(ride(who, "8/1A") for who in TOGETHER)))
    found = told(home)
    assert "cannot be" in str(found["warnings"])
    assert "not infectious" not in str(found["warnings"])
    assert opened(found, "other") == [["timetable"]]
    assert "station 4" in str(found["passengers"])


def test_a_long_run_is_traced_as_it_is_listed(home: SmallHome) -> None:
    """Boarded on the sixth day after it left, within the window; a trace has the same people."""
    start = "2022-06-28"
    run = {
        "service": f"{SERVICE}S,train,{start},K3,,,\n",
        "stop": STOP
        + f"S,1,a,,{at('07:00', start)}\n"
        + f"S,2,b,{at('07:00', '2022-07-04')},{at('07:30', '2022-07-04')}\n"
        + f"S,3,c,{at('19:00', '2022-07-04')},\n",
    }
    given(home, **run, **rides(*(ride(who, "8/1A", stops="2-3") for who in TOGETHER)))
    protocol = by_rules(home, [EVERYBODY])
    answer = home.run(
        *("passengers", "K3", start, "--case", "R1", "--json", "--protocol", protocol), clock=LATER
    )
    assert classes(answer.json()) == {"other": "general"}
    traced = home.run("trace", "R1", "--json", "--protocol", protocol, clock=LATER)
    assert [one["person"] for one in traced.json()["contacts"]] == ["other"]


def test_a_ticket_of_an_absurd_day_leaves_the_case_traceable(home: SmallHome) -> None:
    far = [ride(who, "8/1A", service="train-D8-9999-12-31") for who in TOGETHER]
    given(home, **train(), **rides(*(ride(who, "8/1A") for who in TOGETHER), *far))
    protocol = by_rules(home, [EVERYBODY])
    traced = home.run("trace", "R1", "--json", "--protocol", protocol, clock=LATER)
    assert traced.code == 0, traced.err
    assert [one["person"] for one in traced.json()["contacts"]] == ["other"]
    assert home.run("trajectory", "R1", "--json", clock=LATER).code == 0


def test_who_rode_on_to_a_stop_without_a_time_was_still_aboard(home: SmallHome) -> None:
    cancelled = train()
    cancelled["stop"] = "".join(
        f"{line},{'yes' if line.startswith('S,4') else 'cancelled' if number == 0 else ''}\n"
        for number, line in enumerate(cancelled["stop"].splitlines())
    )
    people = [ride("case", "8/1A", stops="1-3"), ride("other", "8/1B")]
    given(home, **cancelled, **rides(*people))
    found = told(home)
    assert opened(found, "other") == [[]]
    assert minutes(found)["other"] == 120


def test_who_left_where_the_case_boarded_is_not_listed(home: SmallHome) -> None:
    """Although it is not known how far the case rode."""
    people = [
        ride("case", "8/1A", stops="-", start="station 2", end="elsewhere"),
        ride("left", "8/1B", stops="1-2"),
    ]
    given(home, **train(), **rides(*people, ride("stayed", "8/1C", stops="1-3")))
    assert set(classes(told(home))) == {"stayed"}


def test_a_run_of_no_known_day_is_called_so(home: SmallHome) -> None:
    given(home, **rides(*(ride(who, "8/1A", service=f"train-D9-{DAY}") for who in TOGETHER)))
    answer = home.run(
        *("passengers", "D9", DAY, "--case", "R1", "--protocol", by_rules(home, [EVERYBODY])),
        clock=LATER,
    )
    assert answer.code == 0, answer.err
    assert "None" not in answer.out
