"""Lake and vault are two stores, and one import: whatever strikes, both know of it or neither."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults import KILLED, failing, fill, killed, need_strace, run, small_disk

from ringfence import lake
from ringfence.errors import StorageError
from ringfence.lake import Home
from ringfence.lake.quarantined import with_quarantine
from ringfence.sources.normalise.lookup import lookup_forms
from ringfence.vault import open_vault

from .homes import leftovers, new_home
from .inns import HEADER, deliver, known, known_nights, night, nights, refused

ACTS = "tests.integration.sources.inns"
GUESTS = range(5)
LATER = range(3, 8)
FILE = HEADER + "".join(map(night, LATER)) + refused(9)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home that has taken one file in."""
    made = new_home(tmp_path / "home")
    assert deliver(made, written(tmp_path / "before.csv", nights(GUESTS))).accepted == 5
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "inns.csv", FILE)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def assert_known(home: Home, *, all_of_it: bool) -> None:
    """All of the file is known, with its refused row as it came, or none of it."""
    assert known(home) == known_nights({*GUESTS, *LATER} if all_of_it else GUESTS)
    quarantined = with_quarantine(home)
    assert [batch.quarantined for batch in quarantined] == ([1] if all_of_it else [])
    with open_vault(home) as vault:
        for batch in quarantined:
            assert [row for row, _ in vault.rejects(batch.batch)] == [7]


def assert_whole_after_all(home: Home, file: Path, *, replayed: bool) -> None:
    assert deliver(home, file).replayed == replayed
    assert_known(home, all_of_it=True)
    assert_clean(home)


def assert_clean(home: Home) -> None:
    """What was begun and never acknowledged is gone once somebody else has written."""
    lake.compact(home)
    assert leftovers(home) == []
    assert lake.verify(home).ok
    with open_vault(home) as vault:
        vault.sweep()
        assert all(cohort.unacknowledged == 0 for cohort in vault.status().cohorts)
        assert vault.verify(lookup_forms).ok


STRUCK = {
    "all in the vault": ("vault/vault.sqlite-wal", 3, False),
    "the lake's acknowledgement written": ("catalog.sqlite-wal", 3, True),
    "the lake's acknowledgement in its place": ("catalog.sqlite", 1, True),
    "the vault told of it": ("vault/vault.sqlite-wal", 4, True),
}
"""The file whose fdatasync is the last thing that happens, and whether the import counts then."""


@pytest.mark.parametrize("moment", STRUCK)
def test_killed_between_the_vault_and_the_lake(home: Home, file: Path, moment: str) -> None:
    need_strace()
    where, use, counts = STRUCK[moment]
    assert run(ACTS, home.root, file, strace=killed("fdatasync", use, home.root / where)) == KILLED
    assert_known(home, all_of_it=counts)
    assert_whole_after_all(home, file, replayed=counts)


FAILING = {
    "the vault's last word": ("vault/vault.sqlite-wal", "pwrite64", "ENOSPC", 9),
    "a table in its place": ("deliveries/presence", "fsync", "EIO", 1),
    "the lake's acknowledgement": ("catalog.sqlite-wal", "fdatasync", "EIO", 2),
}


@pytest.mark.parametrize("moment", FAILING)
def test_a_write_that_fails(home: Home, file: Path, moment: str) -> None:
    need_strace()
    where, calls, error, use = FAILING[moment]
    strace = failing(calls, error, use, home.root / where)
    assert run(ACTS, home.root, file, strace=strace) == StorageError.exit_code
    assert_known(home, all_of_it=False)
    assert_whole_after_all(home, file, replayed=False)


def test_a_write_that_fails_after_the_acknowledgement(home: Home, file: Path) -> None:
    """The import counts, and says so: what the vault could not note is noted by the next."""
    need_strace()
    strace = failing("fdatasync", "EIO", 4, home.root / "vault/vault.sqlite-wal")
    assert run(ACTS, home.root, file, strace=strace) == 0
    assert_known(home, all_of_it=True)
    assert_whole_after_all(home, file, replayed=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 6) as folder:
        yield folder


def test_full_at_any_time_of_an_import(disk: Path, tmp_path: Path) -> None:
    """However much room is left: nothing of the file is seen, or all of it, and it can come again.

    The room grows until the import fits, so that every step of it meets the full disk.
    """
    home = new_home(disk / "home")
    deliver(home, written(tmp_path / "before.csv", nights(GUESTS)))
    file = written(tmp_path / "inns.csv", nights(range(500)) + refused(999))
    told = 0
    for leaving in range(0, 6 << 20, 60 << 10):
        ballast = fill(disk, leaving=leaving)
        try:
            assert not deliver(home, file).replayed
            break
        except StorageError as fault:
            assert "the disk is full" in fault.text.en
            told += 1
            assert known(home) == known_nights(GUESTS)
        finally:
            ballast.unlink()
    assert told > 5
    assert known(home) == known_nights(range(500))
    assert_clean(home)
