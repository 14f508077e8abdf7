"""Which file, sheet and row said it: without a case, and without anybody's identity."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringfence.cli.main import main

from .test_lineage import CASE, CONTACT, FAULTY, INNS, archive, subject, workbook
from .test_mappings import Desk


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def delivered(home: Desk, folder: Path, name: str) -> str:
    mapping = home.folder / "mappings" / "inns" / "v1" / "mapping.yaml"
    mapping.parent.mkdir(parents=True)
    mapping.write_text(INNS, encoding="utf-8")
    (workbook if name.endswith("xlsx") else archive)(folder / name)
    said = home.run("import", str(folder / name), "--mapping", "inns", "--json").json()
    return str(said["batch"])


def test_nobody_is_looked_up(home: Desk, tmp_path: Path) -> None:
    """From a person to the rows leads a case and a purpose alone."""
    delivered(home, tmp_path, "inns.xlsx")
    home.run("where", subject(home, CONTACT), code=2)


@pytest.mark.parametrize("row", ["July:4", "0:4", "4"])
def test_a_row_leads_to_its_records(home: Desk, tmp_path: Path, row: str) -> None:
    batch = delivered(home, tmp_path, "inns.xlsx")
    told = home.run("where", batch[:12], row, "--json").json()
    assert (told["file"], told["part"], told["row"]) == ("inns.xlsx", "July", 4)
    assert (told["batch"], told["read_as"], told["refused"]) == (batch, "inns@1", [])
    person = subject(home, CASE)
    assert [(one["table"], one["subjects"]) for one in told["records"]] == [
        ("subject", [person]),
        ("presence", [person]),
    ]


def test_a_refused_row_says_why_and_what_came_of_it_later(home: Desk, tmp_path: Path) -> None:
    batch = delivered(home, tmp_path, "inns.zip")
    out = home.run("where", batch, "days/b.csv:2").out
    assert "inns.zip/days/b.csv, row 2" in out
    assert "Refused: id " in out
    assert FAULTY not in out
    file = tmp_path / "mended.csv"
    home.run("quarantine", "export", batch, str(file))
    text = file.read_text(encoding="utf-8-sig")
    file.write_text(text.replace(FAULTY, "000103195809214423"), encoding="utf-8")
    again = home.run("quarantine", "replay", batch, str(file), "--json").json()["batch"]
    told = home.run("where", batch, "1:2", "--json").json()
    assert {one["batch"] for one in told["records"]} == {again}
    assert {one["part"] for one in told["records"]} == {"days/b.csv"}


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("000101198503122156", "4"), 11, "no batch begins with"),
        (("{batch}", "99"), 11, "no record came of that row"),
        (("{batch}", "x"), 2, "ROW is"),
        (("{batch}", "June:4"), 2, "the parts are: July"),
        (("abcdef0123456789", "4"), 11, "no batch begins with"),
    ],
)
def test_what_is_not_there_is_told_without_repeating_it(
    home: Desk, tmp_path: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    batch = delivered(home, tmp_path, "inns.xlsx")
    said = home.run("where", *(word.format(batch=batch) for word in words), code=code)
    assert message in said.err
    assert "000101198503122156" not in said.err


def test_it_speaks_chinese(home: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    batch = delivered(home, tmp_path, "inns.xlsx")
    assert main(["where", batch, "July:3", "--home", str(home.folder), "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "inns.xlsx/July 第 3 行：来源 inns，" in out
    assert "被隔离：id " in out


def test_the_sheet_s_name_serves_to_correct_and_is_told(home: Desk, tmp_path: Path) -> None:
    batch = delivered(home, tmp_path, "inns.xlsx")
    words = ("presence", "--set", "zone=7", "--reason", "the inn called")
    out = home.run("correct", batch, "July:4", *words).out
    assert "record of inns.xlsx/July, row 4." in out
    again = home.run("where", batch, "July:4", "--json").json()["records"]
    assert [one["table"] for one in again] == ["subject", "presence", "presence"]
    assert [one["read_as"] for one in again] == ["inns@1", "inns@1", "correction"]
    assert home.run("where", batch, "July:4").out.count("(correction)") == 1


def test_explain_names_the_batch_of_the_receipt(home: Desk, tmp_path: Path) -> None:
    batch = delivered(home, tmp_path, "inns.xlsx")
    header = "case,subject,disease,classification,symptomatic"
    home.deliver("case", f"{header}\nC9,{subject(home, CASE)},covid-19,confirmed,yes\n")
    home.deliver("case_event", "case,kind,at\nC9,onset,2022-07-05\nC9,report,2022-07-06\n")
    words = ("explain", "C9", subject(home, CONTACT))
    assert f"batch {batch[:8]})" in home.run(*words).out
    evidence = home.run(*words, "--json").json()["contact"]["evidence"]
    assert {row["import"] for one in evidence for row in one["rows"]} == {batch}
