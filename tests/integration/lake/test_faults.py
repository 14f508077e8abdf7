"""Killed anywhere, with a disk that fails or is full: acknowledged once, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from tests.faults import KILLED, failing, fill, killed, need_strace, run, small_disk

from ringfence import lake
from ringfence.errors import DataError, StorageError

from .acts import FIRST, PURGED_AT, SECOND, act
from .delivering import BEGIN, Row, batch_id, bytes_of, current, deliver, new_home

ACTS = "tests.integration.lake.acts"
SECOND_BATCH = batch_id("presence", "a", SECOND)

Prepared = Callable[[Path, str], lake.Home]


@pytest.fixture(scope="module")
def before_acts(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Puts a home in which an act has something to do at a place: made once, then copied."""

    @cache
    def made(name: str) -> Path:
        return prepared(tmp_path_factory.mktemp(f"before-{name}") / "home", name).root

    def put(root: Path, name: str) -> lake.Home:
        return lake.open_home(shutil.copytree(made(name), root))

    return put


def prepared(root: Path, name: str) -> lake.Home:
    home = new_home(root)
    deliver(home, "presence", "a", FIRST)
    if name in ("compact", "purge"):
        lake.compact(home)
        deliver(home, "presence", "a", SECOND, faulty=[3])
    if name == "purge":
        lake.compact(home)
    return home


def seen(home: lake.Home) -> list[Row]:
    return current(lake.snapshot(home, PURGED_AT), "presence", lineage=True)


def assert_clean(home: lake.Home) -> None:
    """Every file is as the catalog says, and nothing is left over."""
    report = lake.verify(home)
    assert report.faults == ()
    assert list(home.staging.iterdir()) == []
    assert lake.status(home).files_waiting == 0


STRUCK: dict[str, dict[str, Sequence[int]]] = {
    "deliver": {
        "fsync": range(1, 5),
        "fdatasync": range(1, 6),
        "rename": (1, 2),
        "unlink": range(1, 12, 2),
    },
    "withdraw": {"fdatasync": range(1, 6), "unlink": (1, 6)},
    "compact": {
        "fsync": (1, 5, 10),
        "fdatasync": (1, 3, 5),
        "rename": (1, 3, 6),
        "unlink": (1, 5, 9),
    },
    "purge": {
        "fsync": range(1, 5),
        "fdatasync": range(1, 11, 2),
        "rename": (1,),
        "unlink": (1, 7, 13, 16, 19, 22, 25, 27),
        "unlinkat": (1,),
    },
}
"""At which uses of which system call an act is killed."""


@pytest.fixture(scope="module")
def outcomes(
    before_acts: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[list[Row], list[Row]]]:
    """What is seen before and after each act."""
    found = {}
    for name in STRUCK:
        home = before_acts(tmp_path_factory.mktemp(name) / "home", name)
        before = seen(home)
        act(name, home)
        found[name] = (before, seen(home))
    return found


@pytest.mark.parametrize(
    "struck",
    [
        (name, call, number)
        for name, calls in STRUCK.items()
        for call, numbers in calls.items()
        for number in numbers
    ],
    ids=lambda struck: "-".join(map(str, struck)),
)
def test_killed_at_any_step(
    outcomes: dict[str, tuple[list[Row], list[Row]]],
    before_acts: Prepared,
    tmp_path: Path,
    struck: tuple[str, str, int],
) -> None:
    need_strace()
    name, call, number = struck
    before, after = outcomes[name]
    home = before_acts(tmp_path / "home", name)
    assert run(ACTS, home.root, name, strace=killed(call, number)) == KILLED
    survived = seen(home)
    assert survived in (before, after)
    if survived == before:
        act(name, home)
    assert seen(home) == after
    if name == "deliver":
        assert deliver(home, "presence", "a", SECOND).replayed
    lake.compact(home)
    assert_clean(home)


@pytest.mark.parametrize("number", range(1, 12))
def test_fsync_fails(before_acts: Prepared, tmp_path: Path, number: int) -> None:
    need_strace()
    home = before_acts(tmp_path / "home", "deliver")
    before = seen(home)
    code = run(ACTS, home.root, "deliver", strace=failing("fsync,fdatasync", "EIO", number))
    if code == 0:
        assert lake.known_batch(home, SECOND_BATCH) is not None
        return
    assert code == StorageError.exit_code
    assert lake.known_batch(home, SECOND_BATCH) is None
    assert seen(home) == before
    assert not deliver(home, "presence", "a", SECOND, faulty=[3]).replayed
    lake.compact(home)
    assert_clean(home)


@pytest.mark.parametrize("calls", ["write", "pwrite64"])
@pytest.mark.parametrize("number", [1, 3, 9, 27])
def test_no_space_left(before_acts: Prepared, tmp_path: Path, calls: str, number: int) -> None:
    need_strace()
    home = before_acts(tmp_path / "home", "deliver")
    before = seen(home)
    code = run(ACTS, home.root, "deliver", strace=failing(calls, "ENOSPC", number))
    if code != 0:
        assert code == StorageError.exit_code
        assert lake.known_batch(home, SECOND_BATCH) is None
        assert seen(home) == before
    deliver(home, "presence", "a", SECOND, faulty=[3])
    lake.compact(home)
    assert_clean(home)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 2) as folder:
        yield folder


def test_a_full_disk_is_told_and_reading_goes_on(disk: Path) -> None:
    home = new_home(disk / "home")
    deliver(home, "presence", "a", FIRST)
    before = seen(home)
    ballast = fill(disk)
    with pytest.raises(StorageError, match="disk is full") as refused:
        deliver(home, "presence", "a", SECOND)
    assert refused.value.exit_code == 13
    assert seen(home) == before
    assert lake.status(home).sequence == 1
    ballast.unlink()
    assert not deliver(home, "presence", "a", SECOND).replayed
    assert_clean(home)


TORN = {"empty": 0, "only its beginning": 200, "without its end": -40}


@pytest.mark.parametrize("what", TORN)
def test_a_torn_delivery_is_named_wherever_it_is_read(home: lake.Home, what: str) -> None:
    receipt = deliver(home, "presence", "a", FIRST)
    (path,) = home.deliveries.rglob("*.parquet")
    path.write_bytes(path.read_bytes()[: TORN[what]])
    with pytest.raises(StorageError, match=receipt.batch[:12]):
        deliver(home, "presence", "a", SECOND)
    with pytest.raises(StorageError, match=receipt.batch[:12]):
        lake.compact(home)
    (fault,) = lake.verify(home).faults
    assert (fault.kind, fault.path) == ("damaged", path.relative_to(home.root).as_posix())


def test_a_missing_delivery_is_named(home: lake.Home) -> None:
    deliver(home, "presence", "a", FIRST)
    (path,) = home.deliveries.rglob("*.parquet")
    path.unlink()
    (fault,) = lake.verify(home).faults
    assert (fault.kind, fault.derived) == ("missing", False)


def test_damaged_sorted_files_are_found_and_rebuilt(home: lake.Home) -> None:
    deliver(home, "presence", "a", FIRST)
    lake.compact(home)
    before = bytes_of(home.derived)
    damaged, missing, *_ = (path for path in home.derived.rglob("*") if path.is_file())
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"\0")
    missing.unlink()
    (home.derived / "stray.parquet").write_bytes(b"stray")
    report = lake.verify(home)
    assert sorted(fault.kind for fault in report.faults) == ["damaged", "missing", "unknown"]
    assert not report.ok
    mended = lake.verify(home, repair=True)
    assert mended.ok
    assert mended.repaired
    assert bytes_of(home.derived) == before


def test_a_damaged_catalog_is_told(home: lake.Home) -> None:
    deliver(home, "presence", "a", FIRST)
    content = bytearray(home.catalog.read_bytes())
    content[4096 : 4096 + 2000] = bytes(2000)
    home.catalog.write_bytes(content)
    report = lake.verify(home)
    assert [fault.kind for fault in report.faults] == ["catalog"]
    home.catalog.write_bytes(b"not a database")
    assert not lake.verify(home).ok
    with pytest.raises(StorageError):
        lake.status(home)


def test_a_home_of_another_format_is_refused_by_name(home: lake.Home) -> None:
    description = home.root / "home.json"
    description.write_text(description.read_text().replace('"format": 1', '"format": 7'))
    with pytest.raises(DataError, match="format 7"):
        lake.open_home(home.root)
    description.write_text("{")
    with pytest.raises(DataError, match=r"home\.json"):
        lake.open_home(home.root)
    assert home.created_at == BEGIN
