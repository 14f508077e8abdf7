"""Why somebody is a contact leads back to the rows of the files that were delivered."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.unit.sources.raw.sheets import saved

from ringfence.lake import open_home
from ringfence.vault import open_vault

from .small_home import SmallHome
from .test_mappings import Desk

INNS = """
mapping: inns
version: 1
title: {en: Inns, zh: 客栈}
origin: {en: made up, zh: 虚构}
zone: Asia/Shanghai
fields:
  id: {column: id, as: id_number}
  inn: {column: inn, as: key}
  start: {column: start, as: datetime}
  end: {column: end, as: datetime}
persons:
  guest: {by: [id], identity: {id_number: id}}
records:
  - {table: subject, columns: {subject: {person: guest}}}
  - table: presence
    columns:
      subject: {person: guest}
      place: {field: inn}
      start: {field: start}
      end: {field: end}
"""
HEADER = ["id", "inn", "start", "end"]
NIGHT = ["K", "2022-07-04 20:15", "2022-07-04 23:00"]
CASE, CONTACT, FAULTY = "000101198503122156", "000101199011053283", "000101199011053280"


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def rows(*numbers: str) -> list[list[str]]:
    return [HEADER, *([number, *NIGHT] for number in numbers)]


def archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        for name, numbers in (("a.csv", (CASE,)), ("days/b.csv", (FAULTY, CONTACT))):
            text = "\n".join(map(",".join, rows(*numbers)))
            packed.writestr(name, text)


def workbook(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "July"
    sheet.append(["Register of the inn"])
    for row in rows(FAULTY, CASE, CONTACT):
        sheet.append(row)
    path.write_bytes(saved(book))


def subject(home: SmallHome, number: str) -> str:
    with open_vault(open_home(home.folder)) as vault:
        (found,) = vault.find("id_number", number)
    return found


MADE = {
    "inns.zip": (
        archive,
        "inns.zip/a.csv, row 2",
        "inns.zip/days/b.csv, row 3",
        "days/b.csv, row 2",
    ),
    "inns.xlsx": (workbook, "inns.xlsx/July, row 4", "inns.xlsx/July, row 5", "July, row 3"),
}
"""How a file is made, and where the rows of the case, of the contact and the refused one are."""


@pytest.mark.parametrize("name", MADE)
def test_from_a_contact_to_the_row(home: Desk, tmp_path: Path, name: str) -> None:
    make, of_case, of_contact, refused = MADE[name]
    mapping = tmp_path / "inns.yaml"
    mapping.write_text(INNS, encoding="utf-8")
    make(tmp_path / name)
    said = home.run("import", str(tmp_path / name), "--mapping", str(mapping), "--json").json()
    assert (said["accepted"], said["quarantined"]) == (2, 1)
    ill = subject(home, CASE)
    header = "case,subject,disease,classification,symptomatic"
    home.deliver("case", f"{header}\nC9,{ill},covid-19,confirmed,yes\n")
    home.deliver("case_event", "case,kind,at\nC9,onset,2022-07-05\nC9,report,2022-07-06\n")
    told = home.run("explain", "C9", subject(home, CONTACT)).out
    assert f"record of the case: file {of_case} (source inns" in told
    assert f"record of the contact: file {of_contact} (source inns" in told
    assert refused in home.run("quarantine", "list", said["batch"][:12]).out
