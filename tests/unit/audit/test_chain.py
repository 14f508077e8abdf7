"""Rows are chained and signed; whatever is done to them afterwards is found."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ringfence import audit, lake
from ringfence.audit.entries import BEGINNING, chained, path_of
from ringfence.audit.writing import Act
from ringfence.errors import NotAllowed, StorageError

NOW = datetime(2022, 9, 19, 8, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> lake.Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "keys"))
    return lake.create_home(
        tmp_path / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=NOW
    )


def told(home: lake.Home, count: int) -> None:
    for number in range(count):
        audit.append(home, "vault.reveal", by="li", at=NOW, about={"subject": f"s{number}"})


def edit(home: lake.Home, *statements: str) -> None:
    with closing(sqlite3.connect(path_of(home))) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_rows_are_numbered_and_read_back(home: lake.Home) -> None:
    assert audit.append(home, "vault.find", by="li", at=NOW, about={"case": "C1"}) == 1
    number = audit.intended(home, "vault.reveal", by="wu", at=NOW, about={"case": "C2"})
    assert audit.done(home, number, at=NOW) == 3
    rows = list(audit.entries(home))
    assert [(r.act, r.by, r.state, r.of) for r in rows] == [
        ("vault.find", "li", "told", None),
        ("vault.reveal", "wu", "intended", None),
        ("vault.reveal", "wu", "done", 2),
    ]
    assert [r.number for r in audit.entries(home, about={"case": "C2"})] == [2]
    assert audit.verify(home).ok


def test_an_act_that_fails_is_told_as_failed(home: lake.Home) -> None:
    with pytest.raises(KeyError), audit.acting(home, "x.do", by="li", at=NOW, about={}):
        raise KeyError("王小明")
    assert [(r.state, dict(r.about)) for r in audit.entries(home)] == [
        ("intended", {}),
        ("failed", {"fault": "KeyError"}),
    ]


@pytest.mark.parametrize("rows_before", [0, 1])
def test_an_act_whose_beginning_is_gone_has_no_end(
    home: lake.Home, tmp_path: Path, rows_before: int
) -> None:
    told(home, rows_before)
    if rows_before:
        shutil.copytree(home.audit, tmp_path / "copy")
    number = audit.intended(home, "x.do", by="li", at=NOW, about={})
    shutil.rmtree(home.audit)
    if rows_before:
        shutil.copytree(tmp_path / "copy", home.audit)
    with pytest.raises(StorageError, match=f"row {number} of the audit"):
        audit.done(home, number, at=NOW)
    assert len(list(audit.entries(home))) == rows_before
    assert path_of(home).exists() == bool(rows_before)


def test_an_empty_audit_is_whole(home: lake.Home) -> None:
    assert audit.verify(home).ok
    assert list(audit.entries(home)) == []


@pytest.mark.parametrize(
    "column, value", [("by", "'wu'"), ("about", "'{}'"), ("at", "at + 1"), ("act", "'a'")]
)
def test_an_edited_row_is_named(home: lake.Home, column: str, value: str) -> None:
    told(home, 5)
    edit(home, f"UPDATE entry SET {column} = {value} WHERE number = 3")
    (fault,) = audit.verify(home).faults
    assert (fault.first, fault.last) == (3, 3)


def test_a_removed_row_is_named(home: lake.Home) -> None:
    told(home, 5)
    edit(home, "DELETE FROM entry WHERE number = 3")
    assert [(f.first, f.last) for f in audit.verify(home).faults] == [(3, 3)]


def test_removed_last_rows_are_named(home: lake.Home) -> None:
    told(home, 5)
    edit(home, "DELETE FROM entry WHERE number > 3", "DELETE FROM checkpoint WHERE number > 3")
    assert [(f.first, f.last) for f in audit.verify(home).faults] == [(4, 5)]


def test_an_edit_with_the_chain_made_anew_is_named(home: lake.Home) -> None:
    told(home, 6)
    edit(home, "UPDATE entry SET by = 'wu' WHERE number = 4")
    rechain(home)
    assert next((f.first, f.last) for f in audit.verify(home).faults) == (4, 4)


def test_a_row_added_by_hand_is_named(home: lake.Home) -> None:
    told(home, 3)
    edit(
        home, "INSERT INTO entry SELECT 4, at, by, act, state, of, about, x'00' FROM entry LIMIT 1"
    )
    rechain(home)
    assert [(f.first, f.last) for f in audit.verify(home).faults] == [(4, 4)]


def rechain(home: lake.Home) -> None:
    """What somebody does who has the disk and knows the program, but not the key."""
    with closing(sqlite3.connect(path_of(home))) as connection:
        digest = BEGINNING
        rows = connection.execute(
            "SELECT number, at, by, act, state, of, about FROM entry ORDER BY number"
        ).fetchall()
        for row in rows:
            digest = chained(digest, row)
            for table in ("entry", "checkpoint"):
                connection.execute(
                    f"UPDATE {table} SET digest = ? WHERE number = ?", (digest, row[0])
                )
        connection.commit()


def test_an_older_copy_put_in_place_is_told_for_ever(home: lake.Home, tmp_path: Path) -> None:
    told(home, 2)
    shutil.copytree(home.audit, tmp_path / "copy")
    told(home, 2)
    shutil.rmtree(home.audit)
    shutil.copytree(tmp_path / "copy", home.audit)
    assert [(f.first, f.last) for f in audit.verify(home).faults] == [(3, 4)]
    told(home, 5)
    report = audit.verify(home)
    assert not report.ok
    assert "older copy" in report.faults[0].text.en


def test_without_its_key_nothing_is_written(home: lake.Home, tmp_path: Path) -> None:
    told(home, 1)
    (key,) = (tmp_path / "keys").rglob("*.audit.key")
    key.unlink()
    with pytest.raises(StorageError, match="missing"):
        told(home, 1)
    assert len(list(audit.entries(home))) == 1
    assert not audit.verify(home).ok


def test_a_key_is_named_by_its_whole_path(
    home: lake.Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RINGFENCE_AUDIT_KEY", "audit.key")
    told(home, 1)
    (tmp_path / "audit.key").rename(tmp_path / "copy.key")
    with pytest.raises(StorageError, match=f"restore {tmp_path / 'audit.key'} "):
        told(home, 1)


def test_a_key_that_others_can_read_is_refused(home: lake.Home, tmp_path: Path) -> None:
    told(home, 1)
    (key,) = (tmp_path / "keys").rglob("*.audit.key")
    key.chmod(0o644)
    with pytest.raises(NotAllowed, match="chmod 600"):
        told(home, 1)


@pytest.mark.parametrize(
    "purpose",
    [
        "ask 13800138000",
        "ask +86 138 0013 8000",
        "who is 00010119900307001X",
        "is 000101 19900307 0012 at home",
        "write to wang@example.org",
        "H12345678 crossed the border",
        "passport E12345678, EA1234567",
        "ABC123456789012 lives where",
    ],
)
def test_no_persons_number_comes_into_the_audit(home: lake.Home, purpose: str) -> None:
    with pytest.raises(NotAllowed) as told:
        audit.append(home, "vault.find", by="li", at=NOW, about={"purpose": purpose})
    assert not any(word in str(told.value) for word in purpose.split()[1:] if len(word) > 5)
    assert list(audit.entries(home)) == []


def test_dates_and_batches_may_be_told(home: lake.Home) -> None:
    about = {
        "purpose": "for P20220919 call before 2022-09-19 14:00",
        "batch": "1" * 64,
        "case": "C-20220919-001",
    }
    audit.append(home, "vault.find", by="li", at=NOW, about=about)
    assert audit.verify(home).ok


def test_one_edited_row_among_a_million(home: lake.Home) -> None:
    for start in range(0, 1_000_000, 100_000):
        acts = [
            Act("vault.reveal", "li", NOW, {"subject": f"s{start + n}"}) for n in range(100_000)
        ]
        audit.append_many(home, acts)
    edit(home, "UPDATE entry SET by = 'wu' WHERE number = 654321")
    assert [(f.first, f.last) for f in audit.verify(home).faults] == [(654_321, 654_321)]
