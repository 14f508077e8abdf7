"""Too few open files, too little memory, too many at once: a whole import counts, or none of it."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.faults import PATIENCE, ROOT, environment

from ringfence import lake
from ringfence.errors import StorageError
from ringfence.lake import Home

from .homes import leftovers, new_home
from .inns import deliver, known, known_nights, nights


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path / "home")


def files(folder: Path) -> list[Path]:
    """Three files, each with guests of its own and some of the one before."""
    made = [folder / f"inns-{number}.csv" for number in range(3)]
    for number, path in enumerate(made):
        path.write_text(nights(range(number * 10, number * 10 + 14)), encoding="utf-8")
    return made


ALL = known_nights(range(34))


def forks(*words: str | Path) -> list[list[int]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.sources.forks", *map(str, words)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )
    return [[int(number) for number in line.split()] for line in done.stdout.splitlines()]


@pytest.mark.parametrize("what", ["files", "memory"])
def test_the_import_is_shed_whole_until_there_is_enough(
    home: Home, tmp_path: Path, what: str
) -> None:
    first, second, *_ = files(tmp_path)
    deliver(home, first)
    *short, enough = forks(what, home.root, second)
    assert short
    assert {nights for _, _, nights in short} == {14}
    assert all(code != 0 for _, code, _ in short)
    if what == "files":
        assert StorageError.exit_code in {code for _, code, _ in short}
    assert enough[1:] == [0, 24]
    assert known(home) == known_nights(range(24))
    assert_clean(home)


def test_processes_with_the_same_files_and_others(home: Home, tmp_path: Path) -> None:
    given = (files(tmp_path) * 3)[:8]
    assert forks("at-once", home.root, *given) == [[0] * 8]
    assert_all_known_once(home)


def test_threads_with_the_same_files_and_others(home: Home, tmp_path: Path) -> None:
    given = files(tmp_path)
    with ThreadPoolExecutor(64) as pool:
        receipts = list(pool.map(lambda path: deliver(home, path), (given * 22)[:64]))
    assert sum(not receipt.replayed for receipt in receipts) == len(given)
    assert len({receipt.sequence for receipt in receipts}) == len(given)
    assert_all_known_once(home)


def assert_all_known_once(home: Home) -> None:
    assert known(home) == ALL
    assert len(lake.status(home).batches) == 3 * 2
    assert_clean(home)


def assert_clean(home: Home) -> None:
    lake.compact(home)
    assert leftovers(home) == []
    assert lake.verify(home).ok
