"""The tutorial that works the example out by hand says what the program says."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from scripts.console_pages import ROOT
from tests.real_input.program import ringfence

EXAMPLE = ROOT / "examples" / "worked-example"
TUTORIAL = ROOT / "docs" / "tutorials" / "worked-example.md"
EVENING = "2022-07-10T21:00:00+08:00"
MORNING = "2022-07-11T08:30:00+08:00"
NOW = "2022-07-11T09:00:00+08:00"
LATER = ("interview_presence", "interview_case", "interview_case_event")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("worked") / "home"
    ringfence("init", root, "--synthetic", "--jurisdiction", "CN", "--zone", "Asia/Shanghai")
    for file in sorted(EXAMPLE.glob("*.csv"), key=lambda file: file.stem in LATER):
        clock = MORNING if file.stem in LATER else EVENING
        table = file.stem.removeprefix("interview_")
        source = "interviews" if file.stem == "interview_presence" else table
        options = ("--source", source, "--clock", clock, "--home", root)
        ringfence("import", file, "--as", table, *options)
    return root


def traced(home: Path, *options: str) -> dict[str, Any]:
    told = ringfence("trace", "C1", "--format", "json", "--home", home, "--clock", NOW, *options)
    answer: dict[str, Any] = json.loads(told)
    return answer


def table(heading: str) -> list[dict[str, str]]:
    """Rows of the table under the heading that starts so."""
    section = TUTORIAL.read_text(encoding="utf-8").split(f"\n## {heading}")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    header, _, *rows = cells
    return [dict(zip(header, row, strict=True)) for row in rows]


def as_in_the_tutorial(contact: dict[str, Any]) -> dict[str, str]:
    last = datetime.fromisoformat(contact["last_exposure"]).astimezone(ZoneInfo("Asia/Shanghai"))
    return {
        "person": contact["person"],
        "class": contact["class"],
        "minutes": f"{contact['minutes']:g}",
        "last exposure": f"{last:%m-%d %H:%M}",
        "release": contact["release_date"] or "",
    }


@pytest.mark.parametrize(("order", "heading"), [(1, "Ring 1"), (2, "Ring 2")])
def test_contacts_are_those_of_the_tutorial(home: Path, order: int, heading: str) -> None:
    rows = table(heading)
    contacts = [c for c in traced(home)["contacts"] if c["order"] == order]
    found = {c["person"]: as_in_the_tutorial(c) for c in contacts}
    columns = ("person", "class", "minutes", "last exposure", "release")
    assert found == {row["person"]: {name: row[name] for name in columns} for row in rows}
    rules = {c["person"]: c["rules"] for c in contacts}
    for row in rows:
        assert row["rule"] in rules[row["person"]]
        if order == 2:
            (contact,) = [c for c in contacts if c["person"] == row["person"]]
            assert row["via"] in contact["path"]


def test_known_cases_are_flagged(home: Path) -> None:
    flagged = {c["person"] for c in traced(home)["contacts"] if "known_case" in c["flags"]}
    assert flagged == {"P05", "P30"}


def test_questions_are_those_of_the_tutorial(home: Path) -> None:
    rows = {(row["place"], tuple(row["people"].split())) for row in table("Questions")}
    review = traced(home)["review"]
    assert {(item["place"] or "", tuple(sorted(item["people"]))) for item in review} == rows


def test_everybody_is_accounted_for(home: Path) -> None:
    with (EXAMPLE / "subject.csv").open(encoding="utf-8") as file:
        everybody = {row["subject"] for row in csv.DictReader(file)}
    headings = ("Ring 1", "Ring 2", "Not contacts")
    told = {row["person"] for heading in headings for row in table(heading)}
    asked = {person for row in table("Questions") for person in row["people"].split()}
    assert told | asked | {"P01"} == everybody
    found = {contact["person"] for contact in traced(home)["contacts"]}
    assert not found & {row["person"] for row in table("Not contacts")}


def test_the_evening_before_less_was_known(home: Path) -> None:
    before = traced(home, "--as-of", "2022-07-10T22:00:00+08:00")
    contacts = {c["person"]: c for c in before["contacts"]}
    assert contacts["P31"]["class"] == "close"
    assert contacts["P31"]["minutes"] == 60
    assert contacts["P31"]["release_date"] == "2022-07-17"
    assert as_in_the_tutorial(contacts["P32"])["last exposure"] == "07-10 22:00"
    assert not any("known_case" in contact["flags"] for contact in before["contacts"])
