"""The demo clears away what it made itself, and nothing that a user has named."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripts.demo_city import _remove

OWN = {"demo-city": "city.json", "demo-home": "home.json"}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo's folders are where it is started."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def made(folder: Path, mark: str) -> Path:
    folder.mkdir(parents=True)
    (folder / mark).write_text("{}", encoding="utf-8")
    return folder


@pytest.mark.parametrize(("name", "mark"), OWN.items())
def test_what_an_earlier_demo_made_is_cleared_away(name: str, mark: str) -> None:
    folder = made(Path(name), mark)
    _remove(folder, mark)
    assert not folder.exists()


@pytest.mark.parametrize(("name", "mark"), OWN.items())
def test_a_folder_of_its_name_that_it_did_not_make_stays(name: str, mark: str) -> None:
    folder = made(Path(name), "letters.txt")
    _remove(folder, mark)
    assert (folder / "letters.txt").exists()


@pytest.mark.parametrize("named", ["home", "./else/demo-home", "../demo-home", "demo-home/inner"])
def test_a_home_that_was_named_stays(named: str, here: Path) -> None:
    folder = made(here / named, "home.json")
    _remove(Path(named), "home.json")
    _remove(folder, "home.json")
    assert (folder / "home.json").exists()


def test_what_is_not_there_is_no_fault() -> None:
    for name, mark in OWN.items():
        _remove(Path(name), mark)
