"""Refused rows go out as a workbook, are put right in it and come back."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from .test_mappings import Desk
from .test_refused_once import RIGHT, WRONG, channel, delivered, left


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_numbers_of_eighteen_digits_survive_a_workbook(home: Desk, tmp_path: Path) -> None:
    batch = delivered(home, channel(home, tmp_path))
    file = tmp_path / "refused.xlsx"
    home.run("quarantine", "export", batch, str(file))
    assert file.stat().st_mode & 0o077 == 0
    book = load_workbook(file)
    sheet = book.active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    number = [cell.value for cell in rows[0]].index("身份证号")
    assert [row[number].value for row in rows[1:]] == list(WRONG)
    for row, right in zip(rows[1:], RIGHT, strict=True):
        row[number].value = right
    mended = tmp_path / "mended.xlsx"
    book.save(mended)
    said = home.run("quarantine", "replay", batch, str(mended), "--json").json()
    assert (said["accepted"], said["quarantined"]) == (2, 0)
    assert set(left(home).values()) == {0}


@pytest.mark.parametrize("name", ["refused", "refused.txt", "refused.xls", "refused.csv.gz"])
def test_a_name_that_says_something_else_is_refused(home: Desk, tmp_path: Path, name: str) -> None:
    batch = delivered(home, channel(home, tmp_path))
    said = home.run("quarantine", "export", batch, str(tmp_path / name), code=2)
    assert ".csv or .xlsx" in said.err
    assert not (tmp_path / name).exists()
