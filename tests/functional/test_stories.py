"""The two stories of the README, as a new user starts them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from scripts import stories


def test_the_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert stories.main(["case", "--folder", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "13 of 13" in told
    assert "To ask next" in told
    assert zipfile.is_zipfile(tmp_path / "case" / "report.docx")
    for page in ("movements.html", "release.html"):
        assert (tmp_path / "case" / page).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_train(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its own timetable, as where no real one is at hand."""
    monkeypatch.setattr(stories, "STOPS", tmp_path / "none.csv")
    assert stories.main(["train", "--folder", str(tmp_path), "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    assert told.count("exactly the true") == 3
    assert "病例换乘" in told
    assert (tmp_path / "train" / "seats.html").exists()
