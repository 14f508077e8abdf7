"""A refused row counts once, however often and by which version of a mapping it was refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .test_mappings import HEADER, Desk

RIGHT = "000101198503122156", "000101199011053283"
WRONG = "000101198503122150", "000101199011053280"
STAY = "15400000001,7,2022-07-04 20:00,2022-07-05 08:00\n"
MAPPING = """
mapping: inns
version: 1
title: {en: Inns, zh: 客栈}
origin: {en: made up, zh: 虚构}
zone: Asia/Shanghai
fields:
  name: {column: 姓名, as: name}
  id: {column: 身份证号, as: id_number}
  phone: {column: 联系电话, as: phone}
  inn: {column: 旅馆编码, as: key}
  start: {column: 入住时间, as: datetime}
  end: {column: 离店时间, as: datetime}
persons:
  guest: {by: [id, phone], identity: {name: name, id_number: id, phone: phone}}
records:
  - {table: subject, columns: {subject: {person: guest}}}
  - table: presence
    columns:
      subject: {person: guest}
      place: {field: inn}
      start: {field: start}
      end: {field: end}
"""
FILE = HEADER + "".join(f"王小敏,{number},{STAY}" for number in (*WRONG, "000103195809214423"))


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def delivered(home: Desk, file: Path, mapping: str = "inns") -> str:
    said = home.run("import", str(file), "--mapping", mapping, "--json").json()
    assert said["quarantined"] == 2
    return str(said["batch"])


def exported(home: Desk, batch: str, folder: Path) -> str:
    """What is still to be mended."""
    file = folder / f"{len(list(folder.iterdir()))}.csv"
    home.run("quarantine", "export", batch, str(file))
    return file.read_text(encoding="utf-8-sig")


def brought(home: Desk, batch: str, text: str, folder: Path) -> Any:
    file = folder / f"{len(list(folder.iterdir()))}.csv"
    file.write_text(text, encoding="utf-8")
    accepted = ("quarantine", "replay", batch, str(file), "--json")
    return home.run(*accepted, code=0 if any(right in text for right in RIGHT) else 10).json()


def left(home: Desk) -> dict[str, int]:
    return {b["batch"]: b["open"] for b in home.run("quarantine", "list", "--json").json()}


def mended(text: str, row: int) -> str:
    return text.replace(WRONG[row], RIGHT[row])


def second_version(home: Desk, **changed: str) -> None:
    text = MAPPING.replace("version: 1", "version: 2")
    for before, after in changed.items():
        text = text.replace(f"as: {before}", f"as: {before}, {after}")
    written(home, 2, text)


def written(home: Desk, version: int, text: str) -> None:
    file = home.folder / "mappings" / "inns" / f"v{version}" / "mapping.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")


def test_a_row_refused_again_is_one_row(home: Desk, tmp_path: Path) -> None:
    first = delivered(home, channel(home, tmp_path))
    text = exported(home, first, tmp_path)
    again = brought(home, first, text.replace("王小敏", "李伟"), tmp_path)["batch"]
    assert left(home) == {first: 0, again: 2}
    listed = home.run("quarantine", "list", first).out
    assert listed.count(f"(refused again, see batch {again[:12]})") == 2


@pytest.mark.parametrize("through_the_first", [True, False])
def test_a_row_mended_by_either_batch_is_open_in_none(
    home: Desk, tmp_path: Path, through_the_first: bool
) -> None:
    first = delivered(home, channel(home, tmp_path))
    text = exported(home, first, tmp_path)
    again = brought(home, first, mended(text, 0), tmp_path)["batch"]
    assert left(home) == {first: 0, again: 1}
    rest = exported(home, first if through_the_first else again, tmp_path)
    assert RIGHT[0] not in rest
    last = brought(home, first if through_the_first else again, mended(rest, 1), tmp_path)
    assert (last["rows_in"], last["accepted"]) == (1, 1)
    assert left(home) == {first: 0, again: 0}
    for batch in (first, again):
        home.run("quarantine", "export", batch, str(tmp_path / "none.csv"), code=10)
    home.run("lake", "withdraw", last["batch"], "--reason", "wrong after all")
    assert left(home) == {first: 0, again: 1}


def test_the_same_file_by_a_later_version_opens_no_row_twice(home: Desk, tmp_path: Path) -> None:
    file = channel(home, tmp_path)
    first = delivered(home, file)
    second_version(home)
    second = delivered(home, file, "inns@2")
    assert left(home) == {first: 0, second: 2}
    rest = exported(home, first, tmp_path)
    brought(home, first, "\n".join(mended(rest, 0).splitlines()[:2]) + "\n", tmp_path)
    assert left(home) == {first: 0, second: 1}
    rest = exported(home, second, tmp_path)
    assert WRONG[0] not in rest
    brought(home, second, mended(rest, 1), tmp_path)
    assert left(home) == {first: 0, second: 0}


def test_rows_mended_before_a_later_version_stay_mended(home: Desk, tmp_path: Path) -> None:
    file = channel(home, tmp_path)
    first = delivered(home, file)
    rest = exported(home, first, tmp_path)
    brought(home, first, mended(mended(rest, 0), 1), tmp_path)
    second_version(home)
    second = delivered(home, file, "inns@2")
    assert left(home) == {first: 0, second: 0}


def test_a_version_that_takes_the_rows_closes_them(home: Desk, tmp_path: Path) -> None:
    file = channel(home, tmp_path)
    first = delivered(home, file)
    second_version(home, id_number="optional: true, if_wrong: empty")
    said = home.run("import", str(file), "--mapping", "inns@2", "--json", code=0).json()
    assert said["quarantined"] == 0
    assert left(home) == {first: 0}
    home.run("lake", "withdraw", said["batch"], "--reason", "too lenient")
    assert left(home) == {first: 2}


def test_other_bytes_or_another_source_are_other_rows(home: Desk, tmp_path: Path) -> None:
    file = channel(home, tmp_path)
    first = delivered(home, file)
    same = ("import", str(file), "--mapping", "inns", "--source", "police", "--json")
    police = home.run(*same).json()["batch"]
    file.write_text(FILE.replace("王小敏", "李伟"), encoding="gb18030")
    other = delivered(home, file)
    assert left(home) == {first: 2, police: 2, other: 2}


def channel(home: Desk, folder: Path) -> Path:
    written(home, 1, MAPPING)
    file = folder / "inns.csv"
    file.write_text(FILE, encoding="gb18030")
    return file
