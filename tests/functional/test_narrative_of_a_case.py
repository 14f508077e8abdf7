"""A narrative of a case: read beside what the home knows, accepted on a sheet, then evidence."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ringfence.cli.main import main

CLOCK = ["--clock", "2022-07-12T09:00:00+08:00"]
LATER = ["--clock", "2022-07-12T10:00:00+08:00"]
TABLES = {
    "place": (
        "place,kind,name,ventilation\n"
        "shop-7,market,南桥菜市场,poor\ninn-1,hotel,平安旅馆,\nhome-1,home,柳园小区1号楼,\n"
    ),
    "case": (
        "case,subject,disease,classification,symptomatic\n"
        "C-1,P-1,covid-19,confirmed,true\nC-2,P-5,covid-19,discarded,true\n"
    ),
    "case_event": "case,kind,at\nC-1,report,2022-07-11\n",
    "presence": (
        "subject,place,start,end\n"
        "P-2,shop-7,2022-07-08T08:00:00+08:00,2022-07-08T10:00:00+08:00\n"
        "P-1,home-1,2022-07-01T00:00:00+08:00,2022-07-02T00:00:00+08:00\n"
    ),
    "service": "service,kind,date,numbers\nrun-7,train,2022-07-07,G1234\n",
    "stop": (
        "service,seq,station,arrive,depart\n"
        "run-7,1,临江,,2022-07-07T08:00:00+08:00\n"
        "run-7,2,云汀,2022-07-07T09:30:00+08:00,2022-07-07T09:32:00+08:00\n"
        "run-7,3,雪岭,2022-07-07T11:00:00+08:00,\n"
    ),
}
STORY = (
    "患者单雄信（身份证号000101199001011012）。7月7日8时乘坐g1234次列车（8车12F座）从临江站到雪岭站，"
    "11时到达。7月8日8时30分与同事李甲乙（电话13800000001）到南桥菜市场买菜，9时10分离开。"
    "9时30分到平安旅馆二店打牌，10时离开。当晚出现发热，19时回到家中。"
)
SECRETS = ("单雄信", "000101199001011012", "李甲乙", "13800000001")
Run = Callable[..., str]


@cache
def made() -> TemporaryDirectory[str]:
    """A home, made once and copied."""
    folder = TemporaryDirectory()
    where = ["--home", f"{folder.name}/ringfence-home"]
    zone = ["--synthetic", "--jurisdiction", "CN", "--zone", "Asia/Shanghai"]
    assert main(["init", f"{folder.name}/ringfence-home", *zone]) == 0
    for table, content in TABLES.items():
        file = Path(folder.name, f"{table}.csv")
        file.write_text(content, "utf-8")
        assert main(["import", str(file), "--as", table, *where, *CLOCK]) == 0
    return folder


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command in a folder with a home, which ends with `code`; what it printed."""
    shutil.copytree(made().name, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)

    def command(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        ended = main([*words])
        said = capsys.readouterr()
        assert ended == code, said.err
        return said.out if code == 0 else said.err

    return command


def sheet_of(run: Run, text: str = STORY, *words: str) -> list[dict[str, str]]:
    Path("story.txt").write_text(text, "utf-8")
    asked = ["--case", "C-1", "--reference-date", "2022-07-12", "--sheet", "sheet.csv", *CLOCK]
    run("narrative", "story.txt", *asked, *words)
    with Path("sheet.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def accept(rows: list[dict[str, str]], **changed: str) -> None:
    """All rows, with some cells changed in all of them."""
    with Path("sheet.csv").open("w", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "accept": "yes", **changed} for row in rows)


def receipt(run: Run) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        run("import", "sheet.csv", "--mapping", "narrative", *CLOCK, "--json")
    )
    return told


def test_places_and_services_are_those_of_the_home(run: Run) -> None:
    rows = sheet_of(run)
    told = [(row["kind"], row["place"], row["new place"], row["service"]) for row in rows]
    assert told[:5] == [
        ("ride", "", "", "run-7"),
        ("stay", "shop-7", "no", ""),
        ("stay", "平安旅馆二店", "", ""),
        ("onset", "", "", ""),
        ("stay", "home-1", "no", ""),
    ]
    assert rows[2]["perhaps"] == "平安旅馆"
    ride = rows[0]
    assert (ride["carriage"], ride["row"], ride["seat"]) == ("8", "12", "F")
    assert (ride["from"], ride["to"]) == ("临江", "雪岭")
    people = [row for row in rows if row["kind"] == "person"]
    assert [(row["relation"], row["name"]) for row in people] == [
        ("the case", "单雄信"),
        ("worked together", "李甲乙"),
    ]
    assert people[1]["start"] == "2022-07-08 08:30+08:00"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_accepted_is_evidence_of_the_case(run: Run, language: str) -> None:
    rows = sheet_of(run, STORY, "--lang", language)
    first = next(iter(rows[0]))
    with Path("sheet.csv").open("w", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, first: {"en": "yes", "zh": "是"}[language]} for row in rows)
    told = receipt(run)
    assert told["quarantined"] == 1  # which hotel is meant is for somebody to say
    listed = json.loads(run("trajectory", "C-1", *LATER, "--json"))
    stays = [one for one in listed["timeline"] if one["where"]["key"] == "shop-7"]
    assert [row["certainty"] for one in stays for row in one["records"]] == ["declared"]
    assert "run-7" in {one["where"]["key"] for one in listed["timeline"]}
    traced = json.loads(run("trace", "C-1", "--protocol", "covid-cn-9", *LATER, "--format", "json"))
    assert "P-2" in {one["person"] for one in traced["contacts"]}
    again = run("import", "sheet.csv", "--mapping", "narrative", *LATER, "--lang", "en")
    assert "nothing changed" in again


def test_nobody_decided_and_not_accepted_are_left(run: Run) -> None:
    rows = sheet_of(run)
    assert all(row["accept"] == "" for row in rows)
    told = receipt(run)
    assert told["accepted"] == 0
    accept(rows, accept="no")
    assert receipt(run)["accepted"] == 0


def test_a_stay_without_an_end_waits_for_one(run: Run) -> None:
    rows = sheet_of(run, "7月8日20时到南桥菜市场买菜。")
    assert (rows[0]["start"], rows[0]["end"]) == ("2022-07-08 20:00+08:00", "")
    accept(rows)
    assert receipt(run)["accepted"] == 0
    accept(rows, end="2022-07-08 20:40")
    assert receipt(run)["accepted"] == 1


def test_an_end_that_is_not_told_is_assumed(run: Run) -> None:
    first, second = sheet_of(run, "7月8日9时到南桥菜市场买菜，10时30分到平安旅馆入住，11时离开。")
    assert (first["end"], first["certainty"]) == ("2022-07-08 10:30+08:00", "assumed")
    assert (second["end"], second["certainty"]) == ("2022-07-08 11:00+08:00", "declared")


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("7月7日8时乘坐G9999次列车从临江站到雪岭站。", "no such service in the timetable"),
        ("7月7日8时乘坐G1234次列车从临江站到石潭站。", "the service does not call there"),
        ("7月7日13时乘坐G1234次列车从临江站到雪岭站。", "the timetable tells another time"),
        ("7月7日8时10分乘坐G1234次列车从临江站到雪岭站。", ""),
    ],
)
def test_a_timetable_contradicts(run: Run, text: str, doubt: str) -> None:
    (ride,) = sheet_of(run, text)
    assert ride["doubts"] == doubt


def test_who_is_named_is_in_the_vault_and_nowhere_else(run: Run, tmp_path: Path) -> None:
    rows = sheet_of(run)
    said = run("narrative", "story.txt", "--case", "C-1", *CLOCK, "--json")
    accept(rows)
    said += run("import", "sheet.csv", "--mapping", "narrative", *CLOCK)
    said += run("trajectory", "C-1", *LATER)
    assert [secret for secret in SECRETS if secret in said] == []
    content = b"".join(
        path.read_bytes() for path in Path("ringfence-home").rglob("*") if path.is_file()
    )
    assert [secret for secret in SECRETS if secret.encode() in content] == []
    assert Path("sheet.csv").stat().st_mode & 0o077 == 0


def test_only_a_case_that_stands(run: Run) -> None:
    Path("story.txt").write_text(STORY, "utf-8")
    assert "no case C-9" in run("narrative", "story.txt", "--case", "C-9", *CLOCK, code=11)
    assert run("narrative", "story.txt", "--case", "C-2", *CLOCK, code=12)
    assert "--case" in run("narrative", "story.txt", "--sheet", "s.csv", code=2)
    rows = sheet_of(run)
    accept(rows, case="C-2")
    assert receipt(run)["accepted"] == 0
