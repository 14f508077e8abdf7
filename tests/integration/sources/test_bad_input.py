"""Every line of docs/reference/bad-input.md, tried: what is said, the exit code, what is kept."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from tests.integration.sources.homes import NOW, PRESENCE, delivered_rows, leftovers, new_home, stay

from ringfence.errors import UserError
from ringfence.sources import import_file

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "bad-input.md"
TIMES = "2022-07-01T08:00:00Z,2022-07-01T09:00:00Z"
GOOD = {
    "presence": (PRESENCE + stay(1)).decode(),
    "place": "place,kind,name,lat,lon\np1,home,,,\n",
    "case": "case,subject,disease,classification,symptomatic\nc1,s1,measles,confirmed,\n",
    "encounter": f"subject_a,subject_b,start,end,distance_m\ns1,s2,{TIMES},1\n",
}

Line = tuple[str, ...]


def lines_under(heading: str) -> list[Line]:
    """The body of the first table under a heading."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1]
    rows = [line for line in section.split("\n## ")[0].splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows[2:]]


def as_bytes(cell: str) -> bytes:
    written = cell.strip("`").replace("{H}", PRESENCE.decode()).replace("{G}", stay(1).decode())
    content: bytes = codecs.escape_decode(written.encode())[0]
    return content


def values_of(row: bytes) -> list[str]:
    """What could be a person's data."""
    parts = row.decode("latin-1").replace('"', ",").replace("\n", ",").split(",")
    return [part for part in parts if len(part) > 10]


@pytest.mark.parametrize("line", lines_under("Files that are refused"), ids=lambda line: line[0])
def test_files_that_are_refused(line: Line, tmp_path: Path) -> None:
    _, content, table, code, message = line
    home = new_home(tmp_path / "home")
    path = tmp_path / "delivery.csv"
    path.write_bytes(as_bytes(content))
    with pytest.raises(UserError) as caught:
        import_file(home, path, table=table, now=NOW)
    assert caught.value.exit_code == int(code)
    assert message in caught.value.text.en
    assert "delivery.csv" in caught.value.text.en
    assert "delivery.csv" in caught.value.text.zh
    rows = as_bytes(content).split(b"\n", 1)[-1]
    assert not [value for value in values_of(rows) if value in caught.value.text.en]
    assert not delivered_rows(home)
    assert not leftovers(home)


@pytest.mark.parametrize("line", lines_under("Rows that are set aside"), ids=lambda line: line[0])
def test_rows_that_are_set_aside(line: Line, tmp_path: Path) -> None:
    _, row, table, field, reason = line
    home = new_home(tmp_path / "home")
    path = tmp_path / "delivery.csv"
    path.write_bytes(GOOD[table].encode() + as_bytes(row) + b"\n")
    receipt = import_file(home, path, table=table, now=NOW)
    (reject,) = receipt.rejects
    assert (reject.row, reject.field) == (3, field)
    assert reason in reject.reason.en
    assert any("\u4e00" <= sign <= "\u9fff" for sign in reject.reason.zh)
    assert not [value for value in values_of(as_bytes(row)) if value in reject.reason.en]
    assert (receipt.rows_in, receipt.accepted, receipt.quarantined) == (2, 1, 1)
    assert [row["source_row"] for row in delivered_rows(home)] == [2]


def test_the_page_tells_of_every_fault() -> None:
    assert len(lines_under("Files that are refused")) >= 17
    assert len(lines_under("Rows that are set aside")) >= 25


def test_a_line_without_end_is_named(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    path = tmp_path / "delivery.csv"
    path.write_bytes(PRESENCE + stay(1) + b"s" * (9 << 20))
    with pytest.raises(UserError, match=r"delivery.csv, row 3: the row does not end within 2 MiB"):
        import_file(home, path, table="presence", now=NOW)
    assert not delivered_rows(home)


def test_a_long_value_is_set_aside(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    path = tmp_path / "delivery.csv"
    path.write_bytes(PRESENCE + stay(1) + b"s" * (1 << 20) + b",p1,2022-07-01T08:00:00Z,\n")
    receipt = import_file(home, path, table="presence", now=NOW)
    assert [(r.row, r.field) for r in receipt.rejects] == [(3, "subject")]
    assert receipt.created == 1
