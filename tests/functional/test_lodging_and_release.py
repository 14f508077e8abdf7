"""A hotel's register beside what a guest did by day, and what the public may know of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringfence import audit, lake

from .small_home import Answer, SmallHome

LATER = "2022-07-16T09:00:00+08:00"
PLACE = (
    "place,kind,name,lat,lon\n"
    "inn,hotel,Grand Inn,31.57,120.29\nmall,mall,Lakeside Mall,31.60,120.35\n"
    "club,gym,City Gym,31.54,120.30\nmarket,market,South Market,31.66,120.42\n"
)
C1 = ("trajectory", "C1", "--protocol", "covid-cn-9")


def at(day: int, clock: str) -> str:
    return f"2022-07-{day:02}T{clock}:00+08:00"


PRESENCE = (
    "subject,place,start,end,certainty\n"
    f"p1,inn,{at(1, '20:30')},{at(7, '09:00')},recorded\n"
    + "".join(f"p1,club,{at(day, '18:00')},{at(day, '19:30')},recorded\n" for day in range(1, 7))
)
EVENT = (
    "subject,place,at,kind\n"
    f"p1,mall,{at(4, '12:20')},payment\np1,mall,{at(5, '15:10')},payment\n"
    f"p1,market,{at(6, '10:40')},payment\n"
)


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    made = SmallHome(tmp_path, capsys)
    for table, text in {"place": PLACE, "presence": PRESENCE, "event": EVENT}.items():
        assert made.deliver(table, text, clock=LATER).code == 0
    return made


def asked(home: SmallHome, *words: str) -> Answer:
    return home.run(*C1, *words, clock=LATER)


def test_a_guest_may_go_out_by_day(home: SmallHome) -> None:
    told = asked(home, "--from", "2022-07-01", "--to", "2022-07-07", "--json").json()
    assert told["set_aside"] == []
    assert told["conflicts"] == []
    shown = [
        (one["where"]["key"], one["start"][5:16], one["end"][5:16]) for one in told["timeline"]
    ]
    assert ("inn", "07-02T22:00", "07-03T07:00") in shown
    assert ("inn", "07-01T20:30", "07-01T21:00") in shown
    assert ("inn", "07-06T22:00", "07-07T07:00") in shown
    assert {place for place, *_ in shown} >= {"inn", "mall", "club", "market"}
    assert any(gap["start"][5:16] == "07-04T12:20" for gap in told["gaps"])


def test_two_places_at_night_are_still_told(home: SmallHome) -> None:
    late = f"subject,place,at,kind\np1,market,{at(5, '03:00')},payment\n"
    assert home.deliver("event", late, clock=LATER).code == 0
    told = asked(home, "--from", "2022-07-01", "--to", "2022-07-07", "--json").json()
    assert len(told["conflicts"]) == 1
    shown = asked(home, "--from", "2022-07-01", "--to", "2022-07-07").out
    assert "07-05 03:00" in shown


def test_neither_where_the_case_slept_nor_what_it_did_daily_is_released(
    home: SmallHome, tmp_path: Path
) -> None:
    file = tmp_path / "r.html"
    answer = asked(home, "--release", str(file))
    assert answer.code == 0, answer.err
    page = file.read_text("utf-8")
    assert "Grand Inn" not in page
    assert "City Gym" not in page
    assert "Lakeside Mall" in page
    assert "Grand Inn: the case slept there" in answer.err
    assert "City Gym: the case was there regularly" in answer.err


def test_a_release_of_chosen_days_is_refused(home: SmallHome, tmp_path: Path) -> None:
    """By fewer days a place of every day would look like any other."""
    file = tmp_path / "r.html"
    answer = asked(home, "--release", str(file), "--from", "2022-07-05")
    assert (answer.code, file.exists()) == (2, False)
    assert "leave --from and --to out" in answer.err


@pytest.mark.parametrize("named", ["mall", "Lakeside Mall"])
def test_a_settled_place_is_named_by_key_or_as_it_is_shown(
    home: SmallHome, tmp_path: Path, named: str
) -> None:
    file = tmp_path / "r.html"
    assert asked(home, "--release", str(file), "--settled", named).code == 0
    assert "Lakeside Mall" not in file.read_text("utf-8")


def test_a_settled_place_that_is_not_known_is_refused(home: SmallHome, tmp_path: Path) -> None:
    file = tmp_path / "r.html"
    answer = asked(home, "--release", str(file), "--settled", "Mall")
    assert (answer.code, file.exists()) == (2, False)
    assert "mall (Lakeside Mall)" in answer.err


@pytest.mark.parametrize("days", [("--from", "0001-01-01"), ("--to", "9999-12-31")])
def test_days_beyond_any_timeline_are_refused(home: SmallHome, days: tuple[str, str]) -> None:
    answer = asked(home, *days)
    assert answer.code == 2
    assert "1900" in answer.err


def test_the_audit_knows_who_asked_for_movements_and_passengers(home: SmallHome) -> None:
    assert asked(home).code == 0
    assert home.run("trajectory", "C404", clock=LATER).code == 11
    assert home.run("passengers", "D1", "2022-07-05", "--case", "C1", clock=LATER).code == 11
    rows = audit.entries(lake.open_home(home.folder))
    told = [(row.act, dict(row.about)) for row in rows if row.act.endswith(".asked")]
    assert told == [
        ("movements.asked", {"case": "C1"}),
        ("passengers.asked", {"case": "C1", "service": "D1", "day": "2022-07-05"}),
    ]
    assert audit.verify(lake.open_home(home.folder)).ok
