"""What came in through a mapping was read by the words that the mapping still has."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from .test_mappings import HEADER, Desk, drafted

ANOTHER = HEADER + "王小敏,000101198503122156,15400000001,9,2022-07-04 20:00,2022-07-05 08:00\n"


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_a_version_that_was_used_keeps_its_wording(home: Desk, tmp_path: Path) -> None:
    file = drafted(home, tmp_path)
    batch = home.run("import", str(file), "--mapping", "inns", "--json").json()["batch"]
    first = home.folder / "mappings" / "inns" / "v1"
    mapping = first / "mapping.yaml"
    before = mapping.read_text(encoding="utf-8")
    mapping.write_text(before.replace("certainty: {text: recorded}", "certainty: {text: assumed}"))
    assert mapping.read_text(encoding="utf-8") != before
    another = tmp_path / "another.csv"
    another.write_text(ANOTHER, encoding="gb18030")

    refused = home.run("import", str(another), "--mapping", "inns", code=10)
    assert batch[:12] in refused.err
    assert "inns/v2" in refused.err
    assert (
        "inns/v2"
        in home.run("import", str(another), "--mapping", "inns", "--lang", "zh", code=10).err
    )
    home.run("import", str(another), "--mapping", "inns", "--dry-run")
    refused_rows = tmp_path / "refused.csv"
    home.run("quarantine", "export", batch, str(refused_rows))
    assert "inns/v2" in home.run("quarantine", "replay", batch, str(refused_rows), code=10).err

    second = first.with_name("v2")
    shutil.copytree(first, second)
    told = (second / "mapping.yaml").read_text(encoding="utf-8").replace("version: 1", "version: 2")
    (second / "mapping.yaml").write_text(told, encoding="utf-8")
    mapping.write_text(before, encoding="utf-8")
    assert home.run("import", str(another), "--mapping", "inns", "--json").json()["accepted"] == 1


def test_a_wording_is_free_again_when_all_it_read_is_withdrawn(home: Desk, tmp_path: Path) -> None:
    file = drafted(home, tmp_path)
    batch = home.run("import", str(file), "--mapping", "inns", "--json").json()["batch"]
    mapping = home.folder / "mappings" / "inns" / "v1" / "mapping.yaml"
    before = mapping.read_text(encoding="utf-8")
    mapping.write_text(f"{before}# looked at again\n", encoding="utf-8")
    home.run("import", str(file), "--mapping", "inns", code=10)
    home.run("lake", "withdraw", batch, "--reason", "the mapping was wrong")
    assert home.run("import", str(file), "--mapping", "inns", "--json").json()["accepted"] == 2


def test_rows_come_back_by_a_mapping_that_was_never_in_the_home(home: Desk, tmp_path: Path) -> None:
    file = drafted(home, tmp_path)
    elsewhere = tmp_path / "mine.yaml"
    shutil.move(home.folder / "mappings" / "inns" / "v1" / "mapping.yaml", elsewhere)
    said = home.run("import", str(file), "--mapping", str(elsewhere), "--json").json()
    elsewhere.unlink()
    refused = put_right(home, tmp_path, said["batch"])
    again = home.run("quarantine", "replay", said["batch"], str(refused), "--json").json()
    assert (again["mapping"], again["accepted"]) == ("inns@1", 1)


def test_where_the_wording_was_not_kept_it_is_said_what_helps(home: Desk, tmp_path: Path) -> None:
    file = drafted(home, tmp_path)
    batch = home.run("import", str(file), "--mapping", "inns", "--json").json()["batch"]
    with closing(sqlite3.connect(home.folder / "catalog.sqlite")) as catalog:
        catalog.execute("DROP TABLE wording_text")
    mapping, elsewhere = (
        home.folder / "mappings" / "inns" / "v1" / "mapping.yaml",
        tmp_path / "mine.yaml",
    )
    shutil.move(mapping, elsewhere)
    words = ("quarantine", "replay", batch, str(put_right(home, tmp_path, batch)))
    assert str(mapping) in home.run(*words, code=11).err
    shutil.copy(elsewhere, mapping)
    assert home.run(*words, "--json").json()["accepted"] == 1


def put_right(home: Desk, folder: Path, batch: str) -> Path:
    file = folder / "refused.csv"
    home.run("quarantine", "export", batch, str(file))
    text = file.read_text(encoding="utf-8-sig")
    file.write_text(text.replace("2022-07-04 20:00", "2022-07-05 20:00"), encoding="utf-8")
    return file
