"""Killed anywhere, with a disk that fails or is full: all of a batch counts, or nothing of it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from tests.faults import (
    KILLED,
    PATIENCE,
    begin,
    failing,
    fill,
    killed,
    need_strace,
    run,
    small_disk,
)

from ringfence import audit, lake
from ringfence.errors import StorageError
from ringfence.vault import Statement, open_vault, register

from .acts import OCTOBER, SEPTEMBER, act, batch_id, person, tell

ACTS = "tests.integration.vault.acts"
OLD = {f"s{n}" for n in range(3)}
OTHER = {f"s{n}" for n in range(50, 53)}
NEW = {f"s{n}" for n in range(100, 110)}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> lake.Home:
    """Two cohorts of three persons, and one audit row."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    made = lake.create_home(
        tmp_path / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=SEPTEMBER
    )
    tell(made, "old", range(3), SEPTEMBER)
    tell(made, "other", range(50, 53), OCTOBER)
    act("append", made)
    return made


def seen(home: lake.Home) -> set[str]:
    """Subjects that the vault tells of, each once and with the right fields."""
    with open_vault(home) as vault:
        told = list(vault.every())
    subjects = {one.subject for one in told}
    assert len(told) == len(subjects)
    assert all(dict(one.fields) == person(one.row) for one in told)
    return subjects


def assert_nothing_left_over(home: lake.Home) -> None:
    """What a killed import wrote is gone from the files, not only from sight."""
    with open_vault(home) as vault:
        vault.sweep()
        assert all(cohort.unacknowledged == 0 for cohort in vault.status().cohorts)
        statements = sum(cohort.statements for cohort in vault.status().cohorts)
    for path in home.vault.glob("cohort-*.sqlite"):
        with closing(sqlite3.connect(path)) as file:
            (count,) = file.execute("SELECT count(*) FROM statement").fetchone()
            (pending,) = file.execute("SELECT count(*) FROM pending").fetchone()
            (astray,) = file.execute(
                "SELECT count(*) FROM token WHERE attempt NOT IN"
                " (SELECT number >> 32 FROM statement)"
            ).fetchone()
        statements -= count
        assert (pending, astray) == (0, 0)
    assert statements == 0


def assert_no_person_in(folder: Path) -> None:
    content = b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
    for word in ("欧阳", "0001011990", "+86138", "13800000", "和平路"):
        for coding in ("utf-8", "gb18030", "utf-16-le"):
            assert word.encode(coding) not in content


STRUCK: dict[str, dict[str, Sequence[int]]] = {
    "tell": {
        "fsync": (1, 2, 3),
        "fdatasync": (1, 2, 3, 5, 8, 11, 13),
        "pwrite64": (1, 3, 10, 21, 36, 55),
        "unlink": (1, 2, 3, 5),
    },
    "rotate": {
        "fsync": range(1, 7),
        "fdatasync": (1, 2),
        "rename": (1,),
        "ftruncate": (1,),
    },
    "shred": {
        "fsync": range(1, 8),
        "fdatasync": (1, 2),
        "rename": (1,),
        "unlink": (1, 2),
    },
    "append": {"fdatasync": (1,), "pwrite64": (1, 2, 3), "rename": (1,)},
}
"""At which uses of which system call an act is killed, if it comes so far."""


@pytest.mark.parametrize(
    ("name", "call", "number"),
    [
        (name, call, number)
        for name, calls in STRUCK.items()
        for call, numbers in calls.items()
        for number in numbers
    ],
)
def test_killed_at_any_step(home: lake.Home, name: str, call: str, number: int) -> None:
    need_strace()
    code = run(ACTS, home.root, name, strace=killed(call, number))
    assert code in (0, KILLED)
    assert_no_person_in(home.root)
    known = lake.known_batch(home, batch_id("new")) is not None
    survived = seen(home)
    if name == "shred":
        assert survived in (OLD | OTHER, OTHER)
        if survived != OTHER:
            act(name, home)
        assert seen(home) == OTHER
        assert not list(home.vault.glob("cohort-2022-09*"))
    else:
        assert survived == OLD | OTHER | (NEW if known else set())
    if name in ("tell", "rotate"):
        act(name, home)
        tell(home, "new", range(100, 110), SEPTEMBER)
        assert seen(home) == OLD | OTHER | NEW
    rows = len(list(audit.entries(home)))
    assert rows in ((1, 2) if name == "append" else (1,))
    assert audit.verify(home).ok
    act("append", home)
    assert audit.verify(home).ok
    assert_nothing_left_over(home)
    assert_no_person_in(home.root)


@pytest.mark.parametrize("name", ["tell", "rotate", "shred", "append"])
@pytest.mark.parametrize("number", [1, 2, 4])
def test_fsync_fails(home: lake.Home, name: str, number: int) -> None:
    need_strace()
    code = run(ACTS, home.root, name, strace=failing("fsync,fdatasync", "EIO", number))
    assert code in (0, StorageError.exit_code)
    assert seen(home) >= OTHER
    if code != 0:
        assert lake.known_batch(home, batch_id("new")) is None
    if not (name == "shred" and seen(home) == OTHER):
        act(name, home)
    assert seen(home) >= OTHER
    assert audit.verify(home).ok
    assert_nothing_left_over(home)


@pytest.mark.parametrize("name", ["tell", "rotate", "append"])
@pytest.mark.parametrize("calls", ["write", "pwrite64"])
@pytest.mark.parametrize("number", [1, 5, 27])
def test_no_space_left(home: lake.Home, name: str, calls: str, number: int) -> None:
    need_strace()
    code = run(ACTS, home.root, name, strace=failing(calls, "ENOSPC", number))
    assert code in (0, StorageError.exit_code)
    if code != 0:
        assert seen(home) == OLD | OTHER
    act(name, home)
    assert seen(home) == OLD | OTHER | (NEW if name == "tell" else set())
    assert audit.verify(home).ok
    assert_nothing_left_over(home)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 6) as folder:
        yield folder


def test_a_full_disk_is_told_and_read_and_recovers(home: lake.Home, disk: Path) -> None:
    moved = lake.open_home(Path(shutil.copytree(home.root, disk / "home")))
    ballast = fill(disk)
    with pytest.raises(StorageError, match="full"):
        act("tell", moved)
    assert seen(moved) == OLD | OTHER
    with open_vault(moved) as vault:
        assert vault.find("phone", person(1)["phone"]) == ["s1"]
    ballast.unlink()
    act("tell", moved)
    assert seen(moved) == OLD | OTHER | NEW
    assert_nothing_left_over(moved)


def test_many_processes_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They make the vault, its keys and the audit together, write together, and lose nothing."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    made = lake.create_home(
        tmp_path / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=SEPTEMBER
    )
    running = [begin(ACTS, made.root, f"many-{n}") for n in range(6)]
    assert [process.wait(PATIENCE) for process in running] == [0] * 6
    with open_vault(made) as vault:
        told = vault.statements([f"s{n}" for n in range(5)])
        assert {len(found) for found in told.values()} == {18}
        assert vault.find("name", person(3)["name"]) == ["s3"]
    report = audit.verify(made)
    assert (report.ok, report.rows) == (True, 18)
    assert_nothing_left_over(made)


def test_the_same_batch_from_many_processes(home: lake.Home) -> None:
    running = [begin(ACTS, home.root, "tell") for _ in range(6)]
    assert [process.wait(PATIENCE) for process in running] == [0] * 6
    assert seen(home) == OLD | OTHER | NEW
    assert_nothing_left_over(home)


def test_a_cohort_that_is_shredded_as_a_batch_begins(
    home: lake.Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its choice and its lock: the batch goes to the next cohort, and stays."""
    known = register.shredded_names
    chosen = 0

    def late(connection: sqlite3.Connection) -> frozenset[str]:
        nonlocal chosen
        chosen += 1
        names = known(connection)
        if chosen == 1:
            act("shred", home)
        return names

    with open_vault(home) as vault:
        monkeypatch.setattr("ringfence.vault.cohorts.shredded_names", late)
        with vault.stage(batch_id("late"), "hotel", SEPTEMBER) as staging:
            monkeypatch.undo()
            monkeypatch.setenv("XDG_CONFIG_HOME", str(home.root.parent / "config"))
            staging.write([Statement("s9", 9, person(9))])
            staging.ready()
            with lake.stage(
                home, table="presence", source="hotel", batch=batch_id("late"), file_name="f.csv"
            ) as empty:
                empty.commit(SEPTEMBER, 0)
    assert seen(home) == OTHER | {"s9"}
    assert seen(home) == OTHER | {"s9"}, "whoever opens the vault removes what was shredded"


def test_shredding_and_importing_at_once(home: lake.Home) -> None:
    """Each happens whole, or says that it cannot."""
    running = [
        begin(ACTS, home.root, name) for name in ("many-1", "shred", "many-2", "rotate", "many-3")
    ]
    codes = [process.wait(PATIENCE) for process in running]
    assert set(codes) <= {0, 12, 13}
    with open_vault(home) as vault:
        told = list(vault.every())
        assert vault.drill().ok
    assert {one.subject for one in told} >= OTHER
    assert all(dict(one.fields) == person(one.row) for one in told)
    assert_nothing_left_over(home)
