"""Who rode with a case: seats, stops, staff, tickets, and every doubt shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringfence.cli.main import main

from .riding import DAY, LATER, asked, at, by_rules, classes, given, opened, ride, rides, train
from .small_home import SmallHome

CLOSE = "{id: r, class: close, priority: 3, setting: %s, seat: %s}"


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    return SmallHome(tmp_path, capsys)


def test_by_row_carriage_and_run(home: SmallHome) -> None:
    """By covid-cn-9, in a sealed train: the carriage is close, the run is general."""
    people = [
        ride("case", "8/12F"),
        ride("next", "8/12D"),
        ride("row", "8/12A"),
        ride("rows", "8/15A"),
        ride("far", "8/16A"),
        ride("other", "7/12F"),
        ride("unseated"),
        ride("left", "8/12C", stops="1-2"),
    ]
    given(home, **train(), **rides(*people))
    told = asked(home)
    assert classes(told) == {
        "next": "close",
        "row": "close",
        "rows": "close",
        "far": "close",
        "left": "close",
        "other": "general",
        "unseated": "general",
    }
    near = {one["person"]: one["nearness"] for one in told["passengers"]}
    assert near == {
        "next": "adjacent",
        "left": "row",
        "row": "row",
        "rows": "rows",
        "far": "carriage",
        "other": "elsewhere",
        "unseated": "unknown",
    }
    assert next(iter(near)) == "next"
    assert opened(told, "unseated", "next") == [["contact_seat"], []]
    left = next(one for one in told["passengers"] if one["person"] == "left")
    assert left["minutes"] == 60
    assert [(met["from"], met["to"]) for met in left["together"]] == [("station 1", "station 2")]
    assert (told["protocol"], told["draft"], told["aboard"]) == ("covid-cn-9", True, 8)


def test_only_who_was_aboard_at_one_time(home: SmallHome) -> None:
    people = [
        ride("case", "8/12F", stops="2-3"),
        ride("before", "8/12D", stops="1-2"),
        ride("after", "8/12D", stops="3-4"),
        ride("through", "8/12C"),
    ]
    given(home, **train(), **rides(*people))
    told = asked(home)
    assert classes(told) == {"through": "close"}
    assert told["passengers"][0]["minutes"] == 55


def test_who_moved_is_met_in_each_seat(home: SmallHome) -> None:
    people = [
        ride("case", "8/12F", stops="1-2"),
        ride("case", "3/1A", stops="2-4"),
        ride("first", "8/12D"),
        ride("second", "3/1B"),
        ride("neither", "5/1B"),
        ride("mover", "5/2A", stops="1-2"),
        ride("mover", "3/2A", stops="2-4"),
    ]
    given(home, **train(), **rides(*people))
    told = asked(home)
    assert {who for who, kind in classes(told).items() if kind == "close"} == {
        "first",
        "second",
        "mover",
    }
    minutes = {one["person"]: one["minutes"] for one in told["passengers"]}
    assert (minutes["first"], minutes["second"], minutes["mover"]) == (60, 115, 115)


def test_tickets_without_boarding(home: SmallHome) -> None:
    """Where others were seen boarding, a ticket alone is asked about; a no-show never rode."""
    people = [
        ride("case", "8/12F"),
        ride("seen", "8/12D"),
        ride("ticket", "8/12C", status="ticketed"),
        ride("absent", "8/12A", status="no_show"),
        ride("back", "8/12B", status="refunded"),
    ]
    given(home, **train(), **rides(*people))
    told = asked(home)
    assert classes(told) == {"seen": "close", "ticket": None}
    assert opened(told, "ticket") == [["contact_ride"]]


def test_tickets_alone_are_asked_about_unless_the_rule_takes_them(home: SmallHome) -> None:
    people = [
        ride("case", "8/12F", status="ticketed"),
        ride("other", "8/12D", status="ticketed"),
    ]
    given(home, **train(), **rides(*people))
    told = asked(home)
    assert opened(told, "other") == [["case_ride", "contact_ride"]]
    rule = CLOSE % ("train", "{rows: 3}, accepts: [assumed]")
    assert classes(asked(home, "--protocol", by_rules(home, [rule]))) == {"other": "close"}


@pytest.mark.parametrize(
    ("layout", "seat", "wanted", "inside", "outside"),
    [
        (
            "hard-sleeper",
            "5/11下",
            "{adjacent_bays: true}",
            ["5/12上", "5/13中", "5/9下"],
            ["5/15下"],
        ),
        (
            "soft-sleeper",
            "9/5下",
            "{same_compartment: true}",
            ["9/8上", "9/6上"],
            ["9/4上", "9/9下"],
        ),
        ("hard-seat", "3/45", "{rows: 1}", ["3/46", "3/36", "3/50"], ["3/35", "3/51", "4/45"]),
        ("high-speed-second", "8/12F", "{around: 2}", ["8/14C", "8/10D"], ["8/12B", "8/15F"]),
    ],
)
def test_seats_of_each_kind(  # noqa: PLR0917 - columns of the table above
    home: SmallHome, layout: str, seat: str, wanted: str, inside: list[str], outside: list[str]
) -> None:
    people = [ride("case", seat)]
    people += [ride(f"in{n}", where) for n, where in enumerate(inside)]
    people += [ride(f"out{n}", where) for n, where in enumerate(outside)]
    given(home, **train(layout), **rides(*people))
    told = asked(home, "--protocol", by_rules(home, [CLOSE % ("train", wanted)]))
    assert sorted(classes(told)) == [f"in{n}" for n in range(len(inside))]
    assert set(classes(told).values()) == {"close"}


def test_aircraft_rows_staff_and_a_seat_used_again(home: SmallHome) -> None:
    rules = [
        CLOSE % ("aircraft", "{rows: 2, staff_of_zone: true}"),
        "{id: again, class: general, priority: 8, setting: aircraft, seat: {reused: true}}",
    ]
    people = [
        ride("case", "/30A", stops="1-2", zone="aft"),
        ride("near", "/32F", stops="1-4"),
        ride("far", "/33A"),
        ride("aft", "", zone="aft", role="crew"),
        ride("front", "", zone="front", role="crew"),
        ride("later", "/30A", stops="2-4"),
        ride("beside", "/30B", stops="2-4"),
    ]
    flight = train("aircraft-single-aisle", "", kind="aircraft", numbers="CA1")
    given(home, **flight, **rides(*people))
    told = asked(home, "--protocol", by_rules(home, rules), number="CA1")
    assert classes(told) == {"near": "close", "aft": "close", "later": "general"}
    later = next(one for one in told["passengers"] if one["person"] == "later")
    assert (later["nearness"], later["minutes"], later["together"][0]["reused"]) == (
        "reused",
        None,
        True,
    )


def test_what_the_vehicle_must_be_is_asked(home: SmallHome) -> None:
    rules = [
        "{id: s, class: close, priority: 3, seat: {everyone: true}, vehicle: {sealed: true}}",
        "{id: t, class: general, priority: 5, seat: {everyone: true}, trip: {at_least: 4h}}",
    ]
    given(home, **train(sealed=""), **rides(ride("case", "8/1A"), ride("other", "2/1A")))
    told = asked(home, "--protocol", by_rules(home, rules))
    assert (classes(told), opened(told, "other")) == ({"other": None}, [["sealed"]])
    rules[1] = rules[1].replace("4h", "3h")
    told = asked(home, "--protocol", by_rules(home, rules))
    assert (classes(told), opened(told, "other")) == ({"other": "general"}, [["sealed"]])


def test_one_train_under_two_numbers(home: SmallHome) -> None:
    people = [
        ride("case", "8/12F", service="train-D4-2022-07-05"),
        ride("one", "8/12D", service="train-D1-2022-07-05"),
        ride("two", "8/12C", service="S"),
    ]
    given(home, **train(), **rides(*people))
    for number in ("D1", "d4", "S"):
        assert classes(asked(home, number=number)) == {"one": "close", "two": "close"}


def test_over_midnight(home: SmallHome) -> None:
    night = train()
    night["stop"] = "\n".join(
        (
            "service,seq,station,arrive,depart",
            f"S,1,a,,{at('23:00')}",
            f"S,2,b,{at('01:00', '2022-07-06')},{at('01:10', '2022-07-06')}",
            f"S,3,c,{at('08:00', '2022-07-07')},",
            "",
        )
    )
    people = [ride("case", "8/1A", stops="1-3"), ride("other", "8/1B", stops="2-3")]
    given(home, **night, **rides(*people))
    (other,) = asked(home)["passengers"]
    assert other["minutes"] == 30 * 60 + 50
    assert other["together"][0]["start"] == "2022-07-06T01:10:00+08:00"


def test_real_times_before_planned_ones(home: SmallHome) -> None:
    late = train()
    head, *lines = late["stop"].splitlines()
    real = [f"{line},,{at('12:10')}" if line.startswith("S,2") else f"{line},," for line in lines]
    real[2] = real[2].replace(at("12:00"), at("12:40")).replace(at("12:10"), at("12:50"))
    late["stop"] = "\n".join([f"{head},actual_arrive,actual_depart", *real, ""])
    people = [ride("case", "8/1A"), ride("other", "8/1B", stops="2-3")]
    given(home, **late, **rides(*people))
    assert asked(home)["passengers"][0]["minutes"] == 30


def test_outside_the_window_nobody_is_exposed(home: SmallHome) -> None:
    given(home, **train(), **rides(ride("case", "8/1A"), ride("other", "8/1B")))
    events = "case,kind,at\nR1,onset,2022-07-02\nR1,report,2022-07-03\nR1,isolated,2022-07-04\n"
    assert home.deliver("case_event", events, clock=LATER).code == 0
    told = asked(home)
    assert told["passengers"] == []
    assert any("infectious" in warning for warning in told["warnings"])


def test_stated_instead_of_recorded(home: SmallHome) -> None:
    given(home, **train(), **rides(ride("other", "8/12D"), ride("far", "5/1A", stops="3-4")))
    refused = home.run("passengers", "D1", DAY, "--case", "R1", clock=LATER)
    assert refused.code == 11
    assert "(carriage, seat)" in refused.err
    stated = ("--carriage", "8", "--seat", "12F", "--from", "station 1", "--to", "3")
    assert classes(asked(home, *stated)) == {"other": "close"}
    assert asked(home, "--seat", "05车001B", "--from", "1", "--to", "4")["case_legs"][0][
        "seat"
    ] == ("5/1B")


def test_no_protocol_in_force_names_companions_without_a_class(home: SmallHome) -> None:
    given(home, **train(), **rides(ride("case", "8/1A"), ride("other", "8/1B")))
    home.deliver(
        "case",
        "case,subject,disease,classification,symptomatic\nR1,case,plague,confirmed,yes\n",
        clock=LATER,
    )
    told = asked(home)
    assert (told["protocol"], classes(told)) == (None, {"other": None})
    assert "nobody is given a class" in told["warnings"][0]


def test_without_a_window_or_a_rule_nobody_is_judged(home: SmallHome) -> None:
    given(home, **train(), **rides(ride("case", "8/1A"), ride("other", "8/1B")))
    told = asked(home, "--protocol", "covid-who")
    assert (told["protocol"], classes(told)) == ("covid-who", {"other": None})
    assert any("no rules for seats" in warning for warning in told["warnings"])
    cases = "case,subject,disease,classification,symptomatic\nR2,case,covid-19,confirmed,yes\n"
    assert home.deliver("case", cases, clock=LATER).code == 0
    events = "case,kind,at\nR2,report,2022-07-08\n"
    assert home.deliver("case_event", events, clock=LATER).code == 0
    words = ("passengers", "D1", DAY, "--case", "R2")
    told = home.run(*words, "--json", clock=LATER).json()
    assert classes(told) == {"other": None}
    assert any("no date" in warning for warning in told["warnings"])
    assert "1 not judged" in home.run(*words, clock=LATER).out


def test_the_case_is_followed_to_the_next_run(home: SmallHome) -> None:
    both = train()
    both["service"] += f"T,train,{DAY},G7,high-speed-second,yes,\n"
    both["stop"] += f"T,1,station 4,,{at('14:00')}\nT,2,end,{at('15:00')},\n"
    people = [
        ride("case", "8/1A"),
        ride("case", "2/9C", service="T", stops="1-2"),
        ride("there", "2/9D", service="T", stops="1-2"),
    ]
    given(home, **both, **rides(*people))
    told = asked(home)
    assert told["passengers"] == []
    assert (told["onward"]["numbers"], classes(told["onward"])) == (["G7"], {"there": "close"})
    assert told["onward"]["onward"] is None
    shown = home.run("passengers", "D1", DAY, "--case", "R1", clock=LATER).out
    assert "Nobody was exposed on it" in shown and "The case changed to" in shown


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["1 close", "next seat (3.5 %)", "graver? this person's carriage and seat"]),
        ("zh", ["1 密接", "邻座 (3.5 %)", "是否更重？ 此人的车厢与座位", "同乘区间", "全封闭列车"]),
    ],
)
def test_both_languages(
    home: SmallHome,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    said: list[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    given(home, **train(), **rides(ride("case", "8/12F"), ride("other"), ride("near", "8/12D")))
    words = ["passengers", "D1", DAY, "--case", "R1", "--home", str(home.folder)]
    assert main([*words, "--clock", LATER, "--lang", language]) == 0
    shown = capsys.readouterr().out
    assert [one for one in ("D1/D4", *said) if one not in shown] == []
