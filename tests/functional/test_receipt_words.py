"""What a receipt tells a reader to do works, and what it counts is said in words."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

from .small_home import SmallHome
from .test_mappings import HEADER as INNS
from .test_mappings import ROWS, Desk, drafted

HEADER = "subject,place,start,end\n"
REFUSED = "p1,K,2022-07-05 20:00,2022-07-05T22:00+08:00\n"


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    return SmallHome(tmp_path, capsys)


def stays(folder: Path, refused: int) -> str:
    file = folder / "stays.csv"
    file.write_text(HEADER + REFUSED * refused, encoding="utf-8")
    return str(file)


def test_a_dry_run_shows_what_it_refuses_and_names_no_batch(
    home: SmallHome, tmp_path: Path
) -> None:
    words = ("--as", "presence", "--dry-run")
    for refused in (30, 130):
        said = home.run("import", stays(tmp_path, refused), *words).out
        assert said.count("stays.csv") == 1 + min(refused, 100)
        assert "quarantine list " not in said
    assert "and 30 more rows: a dry run keeps no row" in said


def test_a_receipt_names_the_batch_whose_refused_rows_are_more(
    home: SmallHome, tmp_path: Path
) -> None:
    said = home.run("import", stays(tmp_path, 30), "--as", "presence").out
    batch = said.split("batch ")[1][:12]
    assert f"and 10 more rows; `ringfence quarantine list {batch}` lists them" in said
    assert home.run("quarantine", "list", batch).out.count("row ") == 30


def test_what_is_not_described_yet_is_said(home: SmallHome, tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    stay = "2022-07-05T20:00+08:00,2022-07-05T22:00+08:00"
    file.write_text(f"{HEADER}p1,Nowhere,{stay}\n", encoding="utf-8")
    said = home.run("import", str(file), "--as", "presence").out
    assert "not described yet (1 subjects, 1 places): no row of `subject` or `place`" in said


def test_sheets_of_a_canonical_workbook_that_are_not_read_are_told(
    home: SmallHome, tmp_path: Path
) -> None:
    book = Workbook()
    book.worksheets[0].append(HEADER.strip().split(","))
    book.create_sheet("July").append(["p1"])
    book.save(tmp_path / "stays.xlsx")
    words = ("import", str(tmp_path / "stays.xlsx"), "--as", "presence")
    told = "1 sheet was not read: July. A canonical file is one table: save those"
    assert told in " ".join(home.run(*words, "--dry-run").out.split())
    assert home.run(*words, "--json").json()["unread"] == ["July"]
    again = home.run(*words, "--json").json()
    assert (again["replayed"], again["unread"]) == (True, ["July"])
    assert told in " ".join(home.run(*words).out.split())


def piped(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_a_stream_that_may_have_been_cut_is_told(
    home: SmallHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = HEADER + REFUSED + "p1,K,2022-07-05T20:00+08:00,2022-07-05T22:00+08:00"
    words = ("import", "-", "--as", "presence")
    for content, cut in ((whole, True), (whole + "\n", False), (whole + "\r", False)):
        piped(monkeypatch, content.encode())
        said = " ".join(home.run(*words, "--dry-run").out.split())
        assert ("if the stream was cut, its last row is not whole" in said) == cut
    piped(monkeypatch, whole.encode())
    assert home.run(*words, "--json").json()["open_end"] is True
    piped(monkeypatch, whole.encode())
    again = home.run(*words, "--json").json()
    assert (again["replayed"], again["open_end"]) == (True, True)
    file = tmp_path / "stays.csv"
    file.write_text(whole, encoding="utf-8")
    told = home.run("import", str(file), "--as", "presence", "--source", "x", "--json").json()
    assert (told["created"] + told["merged"], "open_end" in told) == (1, False)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-16-be"])
def test_it_is_told_in_every_encoding(
    encoding: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk(tmp_path, capsys)
    drafted(desk, tmp_path)
    (mapping,) = desk.folder.glob("mappings/inns/v1/mapping.yaml")
    form = mapping.read_text(encoding="utf-8").replace('"gb18030"', f'"{encoding}"')
    mapping.write_text(form, encoding="utf-8")
    for content, cut in ((INNS + ROWS, False), ((INNS + ROWS).rstrip("\n"), True)):
        piped(monkeypatch, content.encode(encoding))
        told = desk.run("import", "-", "--mapping", "inns", "--dry-run", "--json").json()
        assert (told["rows_in"], told.get("open_end", False)) == (3, cut)
