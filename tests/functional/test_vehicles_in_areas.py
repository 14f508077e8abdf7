"""`ringfence vehicles` as a checkpoint officer gives it: forms, refusals, audit, purge."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from ringfence import audit, lake
from ringfence.cli.main import main

from .small_home import Answer, SmallHome

NOON = "2022-07-12T12:00:00+08:00"
AFTER_A_PURGE = "2022-08-20T12:00:00+08:00"
PLACE = "place,kind,name\ngate,street,River gate\n"
AREA = (
    "area,level,from,to,places,cases\n"
    "riverside,high,2022-07-10,2022-07-12,gate;market,C1\n"
    "hill,low,2022-07-10,,gate,C1\n"
    "no-case,high,2022-07-10,,gate,C2\n"
)
SIGHTING = (
    "vehicle,place,at\n"
    "V1,gate,2022-07-10T09:00:00+08:00\n"
    "V1,market,2022-07-10T09:30:00+08:00\n"
    "V1,bridge,2022-07-11T08:00:00+08:00\n"
    "V1,harbour,2022-07-11T09:00:00+08:00\n"
    "V2,gate,2022-07-11T10:00:00+08:00\n"
    "V3,bridge,2022-07-11T10:00:00+08:00\n"
)


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    made = SmallHome(tmp_path, capsys)
    for table, text in {"place": PLACE, "area": AREA, "sighting": SIGHTING}.items():
        answer = made.deliver(table, text, clock=NOON)
        assert (answer.code, answer.json()["quarantined"]) == (0, 0), answer.err
    return made


def asked(home: SmallHome, *words: str, clock: str = NOON) -> Answer:
    return home.run("vehicles", *words, clock=clock)


def looks(home: SmallHome) -> list[tuple[str, dict[str, str]]]:
    """State and words of the audit's rows about lists of vehicles."""
    rows = audit.entries(lake.open_home(home.folder))
    return [(row.state, dict(row.about)) for row in rows if row.act == "area.vehicles"]


@pytest.mark.parametrize("engine", ["sql", "reference"])
@pytest.mark.parametrize("compacted", [False, True])
def test_what_json_tells(home: SmallHome, engine: str, compacted: bool) -> None:
    if compacted:
        assert home.run("lake", "compact", clock=NOON).code == 0
    told = asked(home, "riverside", "--json", "--engine", engine).json()
    (span,) = told["spans"]
    assert (span["from"], span["to"]) == ("2022-07-10T00:00:00+08:00", "2022-07-13T00:00:00+08:00")
    assert (told["cases"], told["warnings"]) == (["C1"], [])
    assert told["place_names"] == {"gate": "River gate"}
    second, first = told["vehicles"]
    assert first == {
        "vehicle": "V1",
        "levels": ["high"],
        "first": {"at": "2022-07-10T09:00:00+08:00", "place": "gate"},
        "last": {"at": "2022-07-10T09:30:00+08:00", "place": "market"},
        "sightings": 2,
        "places": ["gate", "market"],
        "later": {"at": "2022-07-11T09:00:00+08:00", "place": "harbour"},
        "came_back": False,
    }
    assert (second["vehicle"], second["later"]) == ("V2", None)
    assert (
        asked(home, "riverside", "--json").out
        == json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    )


def test_of_a_way_elsewhere_one_sighting_is_told_and_nobody_aboard(home: SmallHome) -> None:
    riding = (
        "vehicle,subject,start,end\nV1,p2,2022-07-10T08:00:00+08:00,2022-07-11T09:00:00+08:00\n"
    )
    assert home.deliver("occupancy", riding, clock=NOON).code == 0
    for form in ((), ("--json",)):
        shown = asked(home, "riverside", *form).out
        assert "harbour" in shown
        assert "bridge" not in shown
        assert "p2" not in shown


def test_the_table_in_english(home: SmallHome) -> None:
    english = asked(home, "riverside").out
    assert "riverside  cites case C1, as of 2022-07-12 12:00 (Asia/Shanghai)" in english
    assert "high risk  from 2022-07-10 00:00 to 2022-07-13 00:00: River gate (gate)" in english
    assert "2 vehicles   1 seen outside later   0 came back" in english


def test_the_table_in_chinese(home: SmallHome, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--home", str(home.folder), "--clock", NOON, "--lang", "zh"]
    assert main(["vehicles", "riverside", *where]) == 0
    shown = capsys.readouterr().out
    assert "riverside  依据病例 C1，截至 2022-07-12 12:00" in shown
    assert "高风险  2022-07-10 00:00 至 2022-07-13 00:00：River gate (gate)、market" in shown
    assert "2 辆   1 辆后见于区外   0 辆曾离开后返回" in shown
    assert main(["vehicles", "hill", *where]) == 12
    assert "低风险地区不属于风险区域" in capsys.readouterr().err


def test_the_file_for_a_spreadsheet(home: SmallHome, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    answer = asked(home, "riverside", "--output", str(file))
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == f"wrote {file}: 2 vehicles\n"
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [(row["vehicle"], row["levels"], row["sightings"]) for row in rows] == [
        ("V2", "high", "1"),
        ("V1", "high", "2"),
    ]
    assert rows[1]["first_place"] == "River gate (gate)"
    assert rows[1]["later_seen"] == "2022-07-11T09:00:00+08:00"


def test_the_audit_knows_of_the_question_before_the_answer(home: SmallHome) -> None:
    asked(home, "riverside")
    about = {"area": "riverside", "case": "C1"}
    assert looks(home) == [("intended", about), ("done", {"vehicles": "2"})]


def test_a_question_that_is_refused_is_in_the_audit_too(home: SmallHome) -> None:
    answer = asked(home, "no-case")
    assert answer.code == 12
    assert "area no-case cites no case that stands" in answer.err
    assert "C2 was discarded or withdrawn" in answer.err
    assert looks(home) == [
        ("intended", {"area": "no-case", "case": "C2"}),
        ("failed", {"fault": "NotAllowed"}),
    ]


def test_no_answer_where_the_audit_cannot_be_written(
    home: SmallHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    asked(home, "riverside")
    (key,) = (tmp_path / "config").rglob("*.audit.key")
    key.unlink()
    answer = asked(home, "riverside", "--json")
    assert (answer.code, answer.out) == (13, "")


def test_an_area_that_is_not_known_is_offered_others_and_not_repeated(home: SmallHome) -> None:
    answer = asked(home, "13800138000")
    assert answer.code == 11
    assert "riverside" in answer.err
    assert "13800138000" not in answer.err
    assert looks(home) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("hill",), 12, "an area at low risk is no risk area"),
        (("riverside", "--level", "low"), 12, "an area at low risk is no risk area"),
        (("riverside", "--level", "grave"), 2, "--level is one of: high, medium"),
        (("riverside", "--level", "medium"), 11, "was never at medium risk"),
        (("riverside", "--since", "yesterday"), 2, "--since needs a time with an offset"),
        (("riverside", "--json", "--output", "f.csv"), 2, "contradict each other"),
        (("riverside", "--output", "."), 2, "--output names a file"),
        (("\udcff",), 2, "the key of an area is text"),
        (("",), 11, "no such area is known"),
    ],
)
def test_what_is_refused(home: SmallHome, words: tuple[str, ...], code: int, said: str) -> None:
    answer = asked(home, *words)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_an_area_without_cases_or_places_is_not_taken_in(home: SmallHome) -> None:
    rows = "area,level,from,to,places,cases\nA,high,2022-07-10,,gate,\nB,high,2022-07-10,,,C1\n"
    assert home.deliver("area", rows, clock=NOON).json()["quarantined"] == 2
    assert asked(home, "A").code == 11


def test_a_purge_within_the_time_is_told(home: SmallHome, tmp_path: Path) -> None:
    assert home.run("lake", "purge", clock=AFTER_A_PURGE).code == 0
    told: dict[str, Any] = asked(home, "riverside", "--json", clock=AFTER_A_PURGE).json()
    assert told["vehicles"] == []
    (warning,) = told["warnings"]
    assert warning.startswith("evidence purged: sighting records of this period were removed")
    file = tmp_path / "list.csv"
    answer = asked(home, "riverside", "--output", str(file), clock=AFTER_A_PURGE)
    assert "evidence purged" in answer.err
    then = asked(home, "riverside", "--as-of", NOON, clock=AFTER_A_PURGE)
    assert (then.code, "evidence purged" in then.err) == (11, True)


def test_a_purge_before_the_time_is_of_no_concern(home: SmallHome) -> None:
    assert home.run("lake", "purge", clock=AFTER_A_PURGE).code == 0
    later = "area,level,from,to,places,cases\nlater,high,2022-08-18,,gate,C1\n"
    assert home.deliver("area", later, clock=AFTER_A_PURGE).code == 0
    assert asked(home, "later", "--json", clock=AFTER_A_PURGE).json()["warnings"] == []


def test_a_case_that_is_withdrawn_ends_the_list(home: SmallHome) -> None:
    assert asked(home, "riverside").code == 0
    ended = "case,kind,at\nC1,withdrawn,2022-07-12\n"
    assert home.deliver("case_event", ended, clock=NOON).code == 0
    answer = asked(home, "riverside")
    assert (answer.code, "C1 was discarded or withdrawn" in answer.err) == (12, True)


def test_a_plate_is_found_on_the_list_by_its_key(
    home: SmallHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gates tell plates: the lake holds keys, and the vault which is whose, under a case."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    passed = {"plateNo": "青Z00123", "gateCode": "gate", "passTime": "2022-07-11 07:05:11"}
    file = tmp_path / "gates.json"
    file.write_text(json.dumps({"data": {"list": [passed]}}), encoding="utf-8")
    assert home.run("import", str(file), "--mapping", "vehicle-gates", clock=NOON).code == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("青z·00123\n"))
    why = ("--case", "C1", "--purpose", "checkpoint at the bridge")
    key = home.run("vault", "find", "--plate", *why, clock=NOON).out.strip()
    shown = asked(home, "riverside", "--json").out
    assert key in {one["vehicle"] for one in json.loads(shown)["vehicles"]}
    assert "青Z00123" not in shown
    assert "青Z00123" in home.run("vault", "reveal", key, *why, clock=NOON).out
