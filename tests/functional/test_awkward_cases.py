"""Cases that sources tell apart, that end, come back, or were never to be traced."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .small_home import SmallHome

LATER = "2022-08-20T12:00:00+08:00"
HEAD = "case,subject,disease,classification,symptomatic\n"


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    return SmallHome(tmp_path, capsys)


def told_by(home: SmallHome, source: str, table: str, text: str) -> str:
    file = home.folder.parent / f"{source}.csv"
    file.write_text(text, encoding="utf-8")
    answer = home.run("import", str(file), "--as", table, "--source", source, "--json")
    return str(answer.json()["batch"])


def test_a_case_that_one_source_discards_is_traced_as_suspected(home: SmallHome) -> None:
    batch = told_by(home, "clinic", "case", f"{HEAD}C1,p1,covid-19,discarded,yes\n")
    told = home.run("trace", "C1", "--json").json()
    assert told["cases"][0]["classification"] == "suspected"
    assert all(contact["provisional"] for contact in told["contacts"])
    assert any("contradict" in warning for warning in told["warnings"])
    assert home.run("lake", "purge", clock=LATER).code == 0
    assert home.run("lake", "withdraw", batch, "--reason", "not this person").code == 0
    assert home.run("lake", "reinstate", batch, "--reason", "it is").code == 0


def test_two_persons_cannot_be_one_case(home: SmallHome) -> None:
    batch = told_by(home, "clinic", "case", f"{HEAD}C1,p5,covid-19,confirmed,yes\n")
    assert home.run("trace", "C1").code == 10
    assert home.run("lake", "purge", clock=LATER).code == 0
    assert home.run("lake", "withdraw", batch, "--reason", "wrong person").code == 0
    assert home.run("trace", "C1").code == 0


def test_a_second_illness_does_not_begin_in_the_first(home: SmallHome) -> None:
    told_by(home, "spring", "case", f"{HEAD}C0,p1,covid-19,confirmed,yes\n")
    told_by(
        home,
        "spring_events",
        "case_event",
        "case,kind,at\nC0,onset,2022-03-01\nC0,released,2022-03-20\n",
    )
    told_by(home, "fever", "symptom", "subject,kind,start,end\np1,fever,2022-03-01,2022-03-05\n")
    told_by(home, "laboratory", "test", "subject,sampled,result\np1,2022-03-02,positive\n")
    told = home.run("trace", "C1", "--json").json()
    assert told["cases"][0]["start"] == "2022-07-03T00:00:00+08:00"


def test_evidence_of_a_crowd_is_held_while_the_case_is_open(home: SmallHome) -> None:
    crowd = "".join(
        f"q{n},K,2022-07-04T21:00:00+08:00,2022-07-04T21:30:00+08:00\n" for n in range(230)
    )
    told_by(home, "register", "presence", f"subject,place,start,end\n{crowd}")
    before = home.run("trace", "C1", "--json", clock=LATER).json()["venues"]
    assert [venue["people"] for venue in before] == [231]
    home.run("lake", "purge", clock=LATER)
    assert home.run("trace", "C1", "--json", clock=LATER).json()["venues"] == before


OLD_MEETING = (
    "subject,place,start,end\n"
    "q1,K,2022-06-01T12:00:00+08:00,2022-06-01T14:00:00+08:00\n"
    "q2,K,2022-06-01T12:30:00+08:00,2022-06-01T14:00:00+08:00\n"
    "q2,K,2022-06-02T20:00:00+08:00,2022-06-02T22:00:00+08:00\n"
    "q3,K,2022-06-02T20:00:00+08:00,2022-06-02T22:00:00+08:00\n"
    "q8,K,2022-06-03T20:00:00+08:00,2022-06-03T22:00:00+08:00\n"
)


def people_of(home: SmallHome, case: str) -> list[tuple[str, int]]:
    told = home.run("trace", case, "--protocol", "covid-cn-9", "--json", clock=LATER).json()
    assert not any("evidence purged" in warning for warning in told["warnings"])
    return sorted((contact["person"], contact["order"]) for contact in told["contacts"])


@pytest.mark.parametrize(
    ("case", "lacks", "settled"),
    [
        ("C5,q1,covid-19,confirmed,yes,", "a date", "C5,onset,2022-06-02"),
        ("C5,q1,covid-19,confirmed,,", "date and symptoms", "C5,onset,2022-06-02"),
        ("C5,q1,covid-19,confirmed,yes,FR", "a date, and is of elsewhere", "C5,onset,2022-06-02"),
    ],
)
def test_evidence_of_a_case_that_cannot_be_traced_yet_is_held(
    home: SmallHome, case: str, lacks: str, settled: str
) -> None:
    told_by(home, "register", "presence", OLD_MEETING)
    told_by(home, "clinic", "case", f"{HEAD.strip()},jurisdiction\n{case}\n")
    purged = home.run("lake", "purge", "--json", clock=LATER).json()
    assert purged["unsettled_cases"] == ["C3", "C5"], lacks
    assert {t["table"]: t["rows"] for t in purged["tables"] if t["rows"]} == {"presence": 2}
    told_by(home, "onset", "case_event", f"case,kind,at\n{settled}\n")
    assert people_of(home, "C5") == [("q2", 1), ("q3", 2)]


def test_once_the_case_is_closed_its_evidence_goes(home: SmallHome) -> None:
    told_by(home, "register", "presence", OLD_MEETING)
    told_by(home, "clinic", "case", f"{HEAD}C5,q1,covid-19,confirmed,yes\n")
    said = home.run("lake", "purge", clock=LATER)
    assert "add what is missing, or close them: C3, C5" in said.out
    told_by(home, "closed", "case_event", "case,kind,at\nC5,released,2022-06-20\n")
    purged = home.run("lake", "purge", "--json", clock=LATER).json()
    assert {t["table"]: t["rows"] for t in purged["tables"] if t["rows"]} == {"presence": 4}


def test_a_disease_without_any_protocol_keeps_who_met_the_case(home: SmallHome) -> None:
    told_by(home, "register", "presence", OLD_MEETING)
    told_by(home, "clinic", "case", f"{HEAD}C5,q1,plague,confirmed,yes\n")
    purged = home.run("lake", "purge", "--json", clock=LATER).json()
    assert {t["table"]: t["rows"] for t in purged["tables"] if t["rows"]} == {"presence": 4}


def test_a_withdrawn_case_is_no_known_case(home: SmallHome) -> None:
    told_by(home, "clinic", "case", f"{HEAD}C6,p2,covid-19,confirmed,yes\n")
    flags = home.run("trace", "C1", "--json").json()["contacts"][1]["flags"]
    assert flags == ["known_case"]
    told_by(home, "later", "case_event", "case,kind,at\nC6,withdrawn,2022-07-07\n")
    assert home.run("trace", "C1", "--json").json()["contacts"][1]["flags"] == []


def test_isolated_before_the_window_begins(home: SmallHome) -> None:
    told_by(home, "earlier", "case_event", "case,kind,at\nC1,isolated,2022-06-28\n")
    told = home.run("trace", "C1", "--json").json()
    assert told["cases"][0]["start"] == told["cases"][0]["end"]
    assert any("before it could infect" in warning for warning in told["warnings"])


def test_a_file_name_of_another_system(home: SmallHome) -> None:
    name = os.fsencode(home.folder.parent) + b"/\xb3\xa1\xcb\xf9.csv"
    Path(os.fsdecode(name)).write_text("place,kind,name\nZ,shop,Corner\n", encoding="utf-8")
    told = home.run("import", os.fsdecode(name), "--as", "place", "--json")
    assert (told.code, told.json()["created"]) == (0, 1)
    assert home.run("trace", os.fsdecode(b"\xff")).code == 2


def test_output_names_a_file(home: SmallHome) -> None:
    assert home.run("trace", "C1", "--format", "json", "--output", "/").code == 2


def test_a_protocol_above_the_home_lengthens_its_retention(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = SmallHome(tmp_path, capsys, "--jurisdiction", "CN-31")
    told_by(
        home, "codes", "jurisdiction", "code,parent,level,name_zh,name_en\nCN-31,CN,province,,\n"
    )
    text = home.run("protocols", "show", "covid-cn-9").out
    rules = text[: text.index("\nworked_cases:")].replace("id: covid-cn-9", "id: own", 1)
    own = rules.replace("valid: [2022-06-28, 2022-11-11]", "valid: [2022-06-28, null]")
    (home.folder / "protocols" / "own.yaml").write_text(f"{own}\nretention: 90d\n", "utf-8")
    told = home.run("lake", "purge", "--json", clock=LATER).json()
    assert [t["table"] for t in told["tables"] if t["rows"]] == []
