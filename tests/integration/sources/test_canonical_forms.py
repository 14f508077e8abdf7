"""Canonical files as workbooks, JSON and archives: the meaning of a row is that of CSV."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from tests.integration.sources.homes import (
    NOW,
    PRESENCE,
    delivered_rows,
    leftovers,
    new_home,
    stay,
    stays,
)

from ringfence.errors import DataError, UserError
from ringfence.lake import known_batch
from ringfence.lake.lineage import part_and_row, source_row
from ringfence.sources import import_file

ROWS = 50


def records(content: bytes) -> list[dict[str, str]]:
    header, *lines = content.decode().splitlines()
    return [dict(zip(header.split(","), line.split(","), strict=True)) for line in lines]


def as_workbook(rows: list[dict[str, str]], *more: str) -> bytes:
    """`more`: names of further sheets, of which those with a name of two letters are empty."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    for name in more:
        further = book.create_sheet(name)
        if len(name) > 2:
            further.append(["subject"])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def as_archive(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return made.getvalue()


CSV = stays(ROWS)
SAME = {
    "a.csv": CSV,
    "a.xlsx": as_workbook(records(CSV)),
    "a.json": json.dumps(records(CSV)).encode(),
    "b.json": json.dumps({"data": {"rows": records(CSV)}}).encode(),
    "a.ndjson": "".join(json.dumps(row) + "\n" for row in records(CSV)).encode(),
    "a.zip": as_archive(a_csv=CSV),
}


def imported(tmp_path: Path, name: str, content: bytes) -> tuple[Any, list[dict[str, Any]]]:
    home = new_home(tmp_path / f"home-{name}")
    path = tmp_path / name
    path.write_bytes(content)
    receipt = import_file(home, path, table="presence", now=NOW)
    assert not leftovers(home)
    return receipt, delivered_rows(home)


def meaning(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[n] for n in ("subject", "place", "start", "end")) for row in rows)


@pytest.mark.parametrize("name", list(SAME))
def test_every_form_gives_the_same_rows(name: str, tmp_path: Path) -> None:
    receipt, rows = imported(tmp_path, name, SAME[name])
    assert (receipt.rows_in, receipt.created, receipt.quarantined) == (ROWS, ROWS, 0)
    _, csv_rows = imported(tmp_path, "first.csv", CSV)
    assert meaning(rows) == meaning(csv_rows)
    first = 1 if name.endswith("json") else 2
    assert sorted(row["source_row"] for row in rows) == list(range(first, first + ROWS))


def test_members_of_an_archive_are_parts(tmp_path: Path) -> None:
    bad = PRESENCE + stay(100) + b"s1,p1,2022-07-01T08:00:00,\n"
    receipt, rows = imported(
        tmp_path, "t.zip", as_archive(a_csv=stays(3), b_csv=bad, c_json=SAME["a.json"])
    )
    assert (receipt.rows_in, receipt.created, receipt.quarantined) == (5 + ROWS, 1 + ROWS, 1)
    assert {part_and_row(reject.row) for reject in receipt.rejects} == {(1, 3)}
    assert source_row(1, 2) in {row["source_row"] for row in rows}
    assert receipt.parts == {0: "a.csv", 1: "b.csv", 2: "c.json"}


def test_sheets_that_are_not_read_are_named(tmp_path: Path) -> None:
    book = as_workbook(records(CSV), "July", "no")
    receipt, rows = imported(tmp_path, "a.xlsx", book)
    assert (len(rows), receipt.unread) == (ROWS, ("July",))
    assert imported(tmp_path, "b.zip", as_archive(a_xlsx=book))[0].unread == ("a.xlsx/July",)
    assert imported(tmp_path, "c.xlsx", SAME["a.xlsx"])[0].unread == ()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", as_workbook([{"subject": "s1", "place": "p1"}]), "the header lacks column"),
        ("a.xlsx", as_workbook([{"a": "1", "b": "2"}]), "row 1 is not the header of `presence`"),
        ("a.json", b'[{"subject": "s", "colour": "x"}]', "is not a column of `presence`"),
        ("a.zip", as_archive(a_csv=CSV, b_csv=b"x,y\n"), "a.zip/b.csv: row 1 is not the header"),
        ("a.zip", as_archive(a_csv=CSV, b_csv=b""), "a.zip/b.csv is empty"),
        ("a.zip", as_archive(a_csv=CSV.replace(b",", b";")), "separated by commas"),
        ("a.zip", as_archive(a_csv=CSV + b"\xd5\xc5\n"), f"row {ROWS + 2}: the text is not UTF-8"),
        ("a.xlsx", SAME["a.xlsx"][:2000], "is not a whole ZIP archive or workbook"),
        ("a.json", SAME["a.json"][:-20], "is not whole JSON"),
    ],
)
def test_refused_with_nothing_stored(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        import_file(home, path, table="presence", now=NOW)
    assert said in caught.value.text.en
    assert not delivered_rows(home)
    assert not leftovers(home)


def test_no_records_are_no_rows(tmp_path: Path) -> None:
    receipt, rows = imported(tmp_path, "a.json", b"[]")
    assert (receipt.rows_in, rows) == (0, [])


@pytest.mark.parametrize("name", list(SAME))
def test_file_that_changes_while_it_is_read(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes change after they gave the batch its id and before they are read as rows."""
    home = new_home(tmp_path / "home")
    path = tmp_path / name
    path.write_bytes(SAME[name])
    usual = known_batch

    def meanwhile(*words: Any) -> Any:
        grown = SAME[name] + (stay(999) if name.endswith(("csv", "ndjson")) else b" ")
        if name.endswith("ndjson"):
            grown = SAME[name] + json.dumps(records(stays(1))[0]).encode()
        path.write_bytes(grown)
        return usual(*words)

    monkeypatch.setattr("ringfence.sources.importing.known_batch", meanwhile)
    with pytest.raises(DataError, match="changed while it was read"):
        import_file(home, path, table="presence", now=NOW)
    assert not delivered_rows(home)
    assert not leftovers(home)
