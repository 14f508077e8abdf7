"""A workbook of texts is read back as it was, by us and by others."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from ringfence.sources.text_workbook import LONGEST, MOST_ROWS, fits, write_workbook


def made(*rows: list[str]) -> io.BytesIO:
    file = io.BytesIO()
    write_workbook(file, rows)
    file.seek(0)
    return file


@pytest.mark.parametrize(
    "text",
    [
        "000101198503122156",
        "007",
        " 1 ",
        "<&>\"'",
        "a\nb",
        "a\r\nb",
        "x\x01y",
        "_x0041_",
        "=1+1",
        "😀",
    ],
)
def test_a_text_comes_back(text: str) -> None:
    (sheet,) = CalamineWorkbook.from_filelike(made([text, "", "end"])).sheet_names
    read = CalamineWorkbook.from_filelike(made([text, "", "end"])).get_sheet_by_name(sheet)
    assert read.to_python() == [[text, "", "end"]]


def test_every_cell_is_a_text_to_others_too() -> None:
    wide = [str(number) for number in range(800)]
    sheet = load_workbook(made(wide, ["000101198503122156", ""]), read_only=False).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == wide
    assert sheet["A2"].value == "000101198503122156"
    assert {sheet[cell].number_format for cell in ("A2", "B2", "ADT1")} == {"@"}


def test_what_a_spreadsheet_would_cut_off_does_not_fit() -> None:
    assert fits(MOST_ROWS, 16_384, LONGEST)
    assert not fits(MOST_ROWS + 1, 3, 1)
    assert not fits(2, 3, LONGEST + 1)


def test_nothing_of_it_is_written_elsewhere_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names people: a program that is killed must not leave them in a folder of the system."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[Path] = []

    def rows() -> Iterator[list[str]]:
        for number in range(5000):
            yield [f"00010119850312{number:04}"]
        seen.extend(tmp_path.iterdir())

    write_workbook(io.BytesIO(), rows())
    assert seen == []
