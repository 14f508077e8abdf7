"""Refused rows put right and brought again; one record corrected."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from .test_mappings import HEADER, ROWS, Desk, drafted


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def imported(home: Desk, tmp_path: Path) -> str:
    file = drafted(home, tmp_path)
    file.write_text(HEADER + ROWS.replace("张磊", "=张磊"), encoding="gb18030")
    said = home.run("import", str(file), "--mapping", "inns", "--json").json()
    assert said["quarantined"] == 1
    return str(said["batch"])


def test_a_refused_row_comes_back_under_its_own_number(home: Desk, tmp_path: Path) -> None:
    batch = imported(home, tmp_path)
    file = tmp_path / "fix.csv"
    home.run("quarantine", "export", batch[:12], str(file))
    text = file.read_text(encoding="utf-8-sig")
    assert "'=张磊" in text
    assert file.stat().st_mode & 0o077 == 0
    file.write_text(
        text.replace("'=张磊", "张磊").replace("2022-07-04 20:00", "2022-07-05 20:00"),
        encoding="utf-8-sig",
    )
    said = home.run("quarantine", "replay", batch[:12], str(file), "--json").json()
    assert (said["rows_in"], said["accepted"], said["mends"]) == (1, 1, batch)
    assert said["file"] == "inns.csv"
    rows = [
        row
        for path in (home.folder / "deliveries" / "presence").glob("*.parquet")
        for row in pq.read_table(path).to_pylist()
    ]
    assert 4 in [row["source_row"] for row in rows if row["source"] == "inns"]
    (listed,) = home.run("quarantine", "list", "--json").json()
    assert (listed["quarantined"], listed["open"]) == (1, 0)
    assert home.run("quarantine", "replay", batch, str(file), "--json").json()["replayed"]
    home.run("quarantine", "export", batch, str(tmp_path / "more.csv"), code=10)
    acts = [entry["act"] for entry in home.run("audit", "list", "--json").json()]
    assert "quarantine.export" in acts
    assert "quarantine.replay" in acts


def test_rows_that_are_not_in_quarantine_are_refused(home: Desk, tmp_path: Path) -> None:
    batch = imported(home, tmp_path)
    file = tmp_path / "fix.csv"
    home.run("quarantine", "export", batch, str(file))
    text = file.read_text(encoding="utf-8-sig")
    file.write_text(text.replace("0,4,", "0,3,"), encoding="utf-8")
    said = home.run("quarantine", "replay", batch, str(file), code=10)
    assert "names no row that is in quarantine" in said.err
    file.write_text("姓名\nx\n", encoding="utf-8")
    assert "ringfence_row" in home.run("quarantine", "replay", batch, str(file), code=10).err


STAYS = """\
subject,place,start,end
p1,K,2022-07-05T20:00+08:00,2022-07-05T22:00+08:00
p2,K,2022-07-05 20:00,2022-07-05T22:00+08:00
"""
SEEN = """\
vehicle,place,at
v1,G,2022-07-05T20:10+08:00
v2,G,2022-07-05 20:00
"""


@pytest.mark.parametrize(
    ("table", "text"), [("presence", STAYS), ("sighting", SEEN)], ids=["persons", "no person"]
)
def test_rows_of_a_canonical_file_come_back_too(
    home: Desk, tmp_path: Path, table: str, text: str
) -> None:
    given = tmp_path / "given.csv"
    given.write_text(text, encoding="utf-8")
    batch = home.run("import", str(given), "--as", table, "--source", "x", "--json").json()
    file = tmp_path / "fix.csv"
    home.run("quarantine", "export", batch["batch"], str(file))
    words = ("quarantine", "replay", batch["batch"], str(file), "--json")
    again = home.run(*words, code=10).json()
    assert (again["accepted"], again["quarantined"]) == (0, 1), "it is as wrong as before"
    file = tmp_path / "again.csv"
    home.run("quarantine", "export", again["batch"], str(file))
    wrong = file.read_text(encoding="utf-8-sig")
    file.write_text(wrong.replace("2022-07-05 20:00", "2022-07-05T20:00+08:00"), encoding="utf-8")
    said = home.run("quarantine", "replay", again["batch"], str(file), "--json").json()
    assert (said["accepted"], said["tables"][0]["created"]) == (1, 1)
    assert said["mapping"] == f"as {table}"


def test_one_record_is_corrected_with_a_reason(home: Desk, tmp_path: Path) -> None:
    batch = imported(home, tmp_path)
    end = "end=2022-07-05T10:00:00+08:00"
    words = ("correct", batch[:12], "3", "presence", "--set", end, "--reason", "the inn called")
    said = home.run(*words, "--json").json()
    assert (said["mends"], said["tables"][0]["updated"]) == (batch, 1)
    assert "says so already" in home.run(*words, code=10).err
    home.run("correct", batch, "3", "presence", "--set", "zone=7", "--reason", "r")
    stored = [
        row
        for path in (home.folder / "deliveries" / "presence").glob("*.parquet")
        for row in pq.read_table(path).to_pylist()
        if row["zone"] == "7"
    ]
    assert [str(row["end"]) for row in stored] == ["2022-07-05 02:00:00+00:00"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("3", "presence", "--set", "start=2022-07-05"), 2, "part of what makes it this record"),
        (("3", "presence", "--set", "nothing=1"), 2, "has no column `nothing`"),
        (("3", "presence", "--set", "end=yesterday"), 10, "end"),
        (("9", "presence", "--set", "zone=1"), 11, "no such record"),
        (("3", "event", "--set", "zone=1"), 2, "no column"),
        (("x", "presence", "--set", "zone=1"), 2, "ROW is"),
    ],
)
def test_what_cannot_be_corrected_is_told(
    home: Desk, tmp_path: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    batch = imported(home, tmp_path)
    assert message in home.run("correct", batch, *words, "--reason", "r", code=code).err
