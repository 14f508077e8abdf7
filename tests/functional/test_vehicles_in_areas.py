"""Vehicles that were in a risk area while it was one: the list for the next checkpoint."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from ringfence.cli.main import main

from .small_home import Answer, SmallHome

LATER = "2022-07-12T09:00:00+08:00"
AREA = "area,level,from,to,places,cases\n"
SIGHTING = "vehicle,place,at\n"
TWO_DAYS = AREA + "A,high,2022-07-05,2022-07-06,K;R,C1\n"


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    return SmallHome(tmp_path, capsys)


def seen(home: SmallHome, *lines: str, source: str = "gates") -> None:
    """`car place day hh:mm`, in July."""
    text = SIGHTING
    for line in lines:
        vehicle, place, day, clock = line.split()
        text += f"{vehicle},{place},2022-07-{day}T{clock}:00+08:00\n"
    file = home.folder.parent / f"{source}.csv"
    file.write_text(text, encoding="utf-8")
    words = ("import", str(file), "--as", "sighting", "--source", source, "--json")
    taken = home.run(*words, clock=LATER)
    assert (taken.code, taken.json()["quarantined"]) == (0, 0), taken.err


def asked(home: SmallHome, *words: str, area: str = TWO_DAYS, clock: str = LATER) -> Answer:
    assert home.deliver("area", area, clock=LATER).code == 0
    return home.run("vehicles", "A", *words, clock=clock)


def listed(home: SmallHome, area: str = TWO_DAYS) -> list[tuple[Any, ...]]:
    """Vehicle, level, how often, where it went then."""
    answer = asked(home, "--json", area=area)
    assert answer.code == 0, answer.err
    return [
        (one["vehicle"], one["level"], one["sightings"], one["left_to"])
        for one in answer.json()["vehicles"]
    ]


def test_both_days_count_whole_and_no_moment_more(home: SmallHome) -> None:
    seen(home, "before K 04 23:59", "first K 05 00:00", "last R 06 23:59", "after K 07 00:00")
    assert listed(home) == [("last", "high", 1, None), ("first", "high", 1, None)]


def test_where_it_was_seen_first_after_leaving_and_no_more_of_its_way(home: SmallHome) -> None:
    seen(home, "car K 05 10:00", "car R 05 11:00", "car X 05 12:00", "car Y 05 13:00")
    seen(home, "back K 05 10:00", "back X 05 11:00", "back K 05 12:00")
    found = {one["vehicle"]: one for one in asked(home, "--json").json()["vehicles"]}
    assert (found["car"]["left_to"], found["car"]["left_at"][11:16]) == ("X", "12:00")
    assert "Y" not in str(found)
    assert (found["back"]["left_to"], found["back"]["last"][11:16]) == (None, "12:00")


def test_two_sources_that_tell_one_sighting_count_once(home: SmallHome) -> None:
    seen(home, "car K 05 10:00")
    seen(home, "car K 05 10:00", source="cameras")
    assert listed(home) == [("car", "high", 1, None)]


def test_an_area_that_goes_on_is_one_until_now(home: SmallHome) -> None:
    seen(home, "car K 11 10:00")
    area = AREA + "A,high,2022-07-05,,K;R,C1\n"
    assert listed(home, area) == [("car", "high", 1, None)]
    earlier = home.run("vehicles", "A", "--json", "--as-of", "2022-07-12T08:59:00+08:00")
    assert earlier.code == 11, "the area was not known yet"


def test_a_level_ends_where_the_next_begins_and_low_is_no_risk(home: SmallHome) -> None:
    area = "A,high,2022-07-05,,K,C1\nA,medium,2022-07-07,,K,C1\nA,low,2022-07-09,,K,C1\n"
    seen(home, "h K 06 10:00", "m K 08 10:00", "l K 10 10:00", "both K 06 11:00", "both K 08 09:00")
    assert sorted(listed(home, AREA + area)) == [
        ("both", "high", 2, None),
        ("h", "high", 1, None),
        ("m", "medium", 1, None),
    ]


@pytest.mark.parametrize(
    ("area", "code", "says"),
    [
        (AREA + "A,high,2022-07-05,2022-07-06,K,C2\n", 12, "cites no case that stands"),
        (AREA + "A,high,2022-07-05,2022-07-06,K,C99\n", 12, "cites no case that stands"),
        (AREA + "A,low,2022-07-05,2022-07-06,K,C1\n", 12, "never of high or medium risk"),
        (AREA + "B,high,2022-07-05,2022-07-06,K,C1\n", 11, "no area of this name"),
    ],
    ids=["discarded", "unknown", "low", "another area"],
)
def test_without_a_case_that_stands_or_a_risk_nobody_is_listed(
    home: SmallHome, area: str, code: int, says: str
) -> None:
    seen(home, "car K 05 10:00")
    answer = asked(home, area=area)
    assert (answer.code, says in answer.err, answer.out) == (code, True, ""), answer.err


def test_the_terminal_names_places_in_either_language(
    home: SmallHome, capsys: pytest.CaptureFixture[str]
) -> None:
    seen(home, "苏B12345 K 05 10:00", "苏B12345 R 05 11:00")
    told = asked(home).out
    assert "苏B12345" in told
    assert "Blue Karaoke, Lotus" in told
    words = ["vehicles", "A", "--home", str(home.folder), "--clock", LATER, "--lang", "zh"]
    assert main(words) == 0
    assert "高风险" in capsys.readouterr().out


def test_the_file_for_the_checkpoint_is_one_line_a_vehicle(home: SmallHome, tmp_path: Path) -> None:
    seen(home, "car K 05 10:00", "car X 05 12:00")
    file = tmp_path / "list.csv"
    assert asked(home, "--csv", str(file)).code == 0
    (row,) = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    assert (row["vehicle"], row["left_to"]) == ("car", "X")


def test_sightings_that_were_purged_are_told(home: SmallHome) -> None:
    seen(home, "car K 05 10:00")
    later = "2022-09-30T09:00:00+08:00"
    assert home.run("lake", "purge", clock=later).code == 0
    answer = asked(home, clock=later)
    assert answer.code == 0, answer.err
    assert "No vehicle was seen" in answer.out
    assert "evidence purged" in " ".join(answer.out.split())
