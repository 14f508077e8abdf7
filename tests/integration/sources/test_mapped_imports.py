"""One file, several tables and the vault: all of it from one moment on, or nothing of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faults import KILLED, PATIENCE, begin, killed, need_strace, run

from ringfence import lake
from ringfence.errors import DataError
from ringfence.lake import Home
from ringfence.lake.quarantined import acknowledged, with_quarantine
from ringfence.sources import import_file
from ringfence.vault import has_vault, open_vault

from .homes import NOW, delivered_rows, new_home
from .mapped_acts import IDS, deliver

ACTS = "tests.integration.sources.mapped_acts"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path / "home")


def found(home: Home) -> list[bool]:
    """Whether the vault finds each of the numbers."""
    if not has_vault(home):
        return [False] * len(IDS)
    with open_vault(home) as vault:
        return [bool(vault.find("id_number", number)) for number in IDS]


def tables(home: Home) -> dict[str, int]:
    """Rows that count, by table."""
    return {table.table: table.rows for table in lake.status(home).tables}


def test_all_tables_and_the_vault_count_together(home: Home) -> None:
    receipt = deliver(home)
    assert (receipt.rows_in, receipt.accepted, receipt.quarantined) == (4, 3, 1)
    assert {t.table: t.created for t in receipt.tables} == {"subject": 3, "presence": 3}
    assert receipt.told == 3
    assert receipt.unresolved_subjects == 0
    assert tables(home) == {"subject": 3, "presence": 3}
    assert found(home) == [True] * 3
    assert [reject.row for reject in lake.rejects(home, receipt.batch)] == [5]
    assert lake.verify(home).ok


def test_the_lake_holds_no_identity(home: Home) -> None:
    deliver(home)
    for row in delivered_rows(home):
        assert not any(number in str(row) for number in IDS)
    for path in home.root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(number.encode() in content for number in IDS), path.name


def test_the_same_file_a_hundred_times(home: Home) -> None:
    first = deliver(home)
    again = [deliver(home) for _ in range(99)]
    assert {receipt.batch for receipt in again} == {first.batch}
    assert all(receipt.replayed for receipt in again)
    assert tables(home) == {"subject": 3, "presence": 3}


def test_a_dry_run_leaves_nothing(home: Home) -> None:
    receipt = deliver(home, dry_run=True)
    assert receipt.dry_run
    assert receipt.accepted == 3
    assert not has_vault(home)
    assert tables(home) == {}


def test_an_import_is_withdrawn_and_reinstated_as_a_whole(home: Home) -> None:
    receipt = deliver(home)
    done = lake.withdraw(home, receipt.batch[:12], "wrong file", NOW)
    assert done.table == "subject, presence"
    assert tables(home) == {"subject": 0, "presence": 0}
    assert found(home) == [False] * 3
    with pytest.raises(DataError, match="was withdrawn"):
        deliver(home)
    one_table = next(b.batch for b in lake.status(home).batches if b.table == "presence")
    lake.reinstate(home, one_table[:12], "right after all", NOW)
    assert tables(home) == {"subject": 3, "presence": 3}
    assert found(home) == [True] * 3


def test_as_of_before_an_import_nothing_of_it_is_known(home: Home) -> None:
    deliver(home)
    assert not lake.snapshot(home, NOW, as_of=0).tables
    assert set(lake.snapshot(home, NOW).tables) == {"subject", "presence"}


def test_two_at_once_are_one(home: Home) -> None:
    both = [begin(ACTS, home.root) for _ in range(2)]
    assert [process.wait(PATIENCE) for process in both] == [0, 0]
    assert tables(home) == {"subject": 3, "presence": 3}
    assert found(home) == [True] * 3


def test_refused_rows_are_kept_sealed(home: Home) -> None:
    receipt = deliver(home)
    with open_vault(home) as vault:
        ((row, cells),) = vault.rejects(receipt.batch)
    assert row == 5
    assert '"000101198503122150"' in cells
    assert acknowledged(home, receipt.batch[:10]).quarantined == 1


def test_batches_with_refused_rows_are_listed_oldest_first(home: Home, tmp_path: Path) -> None:
    assert with_quarantine(home) == ()
    before = tmp_path / "stays.csv"
    before.write_text("subject,place,start,end\na1,p1,yesterday,\n", encoding="utf-8")
    canonical = import_file(home, before, table="presence", source="a", now=NOW)
    mapped = deliver(home)
    lake.withdraw(home, canonical.batch, "wrong file", NOW)
    found = with_quarantine(home)
    assert [(one.batch, one.withdrawn) for one in found] == [
        (canonical.batch, True),
        (mapped.batch, False),
    ]
    assert [(one.table, one.mapping) for one in found] == [("presence", None), (None, "inn@1")]
    assert found == tuple(acknowledged(home, one.batch) for one in found)


@pytest.mark.parametrize(
    ("call", "number"),
    [
        *(("fdatasync", number) for number in (1, 3, 6, 9, 12, 14)),
        *(("fsync", number) for number in (2, 4, 6, 8, 10)),
        ("rename", 1),
        ("rename", 2),
    ],
)
def test_killed_at_any_step(home: Home, call: str, number: int) -> None:
    need_strace()
    code = run(ACTS, home.root, strace=killed(call, number))
    assert code in (0, KILLED)
    known = bool(lake.status(home).batches)
    assert tables(home) == ({"subject": 3, "presence": 3} if known else {})
    assert found(home) == [known] * 3
    receipt = deliver(home)
    assert receipt.replayed == known
    assert tables(home) == {"subject": 3, "presence": 3}
    assert found(home) == [True] * 3
    assert lake.verify(home).ok
