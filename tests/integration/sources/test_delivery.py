"""Deliveries around the file: replays, streams, changes, two at once, a full disk, long lines."""

from __future__ import annotations

import hashlib
import io
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.faults import small_disk
from tests.integration.sources.homes import (
    NOW,
    PRESENCE,
    delivered_rows,
    leftovers,
    new_home,
    stay,
    stays,
)

from ringfence.errors import DataError, NotFound, StorageError, UsageError
from ringfence.lake import Home, open_home
from ringfence.sources import csv_files, import_file

MOST_MEMORY = 300 << 20


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path / "home")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "stays.csv"
    path.write_bytes(stays(30))
    return path


def test_a_hundred_deliveries_have_one_effect(home: Home, path: Path) -> None:
    first = import_file(home, path, table="presence", now=NOW)
    for _ in range(99):
        again = import_file(home, path, table="presence", now=NOW)
        assert again == first.replay()
    assert len(delivered_rows(home)) == 30


def test_a_copy_under_another_name_is_the_same_delivery(home: Home, path: Path) -> None:
    first = import_file(home, path, table="presence", now=NOW)
    copy = path.with_name("copy.csv")
    copy.write_bytes(path.read_bytes())
    assert import_file(home, copy, table="presence", now=NOW) == first.replay()


def test_the_batch_is_named_by_table_source_and_bytes(home: Home, path: Path) -> None:
    receipt = import_file(home, path, table="presence", source="gate", now=NOW)
    parts = [b"ringfence batch 1\0"]
    for part in (b"presence", b"gate"):
        parts += [len(part).to_bytes(4, "big"), part]
    assert receipt.batch == hashlib.sha256(b"".join([*parts, path.read_bytes()])).hexdigest()
    other = import_file(home, path, table="presence", source="school", now=NOW)
    assert other.batch != receipt.batch
    assert other.merged == 30


def test_a_dry_run_stores_nothing(home: Home, path: Path) -> None:
    receipt = import_file(home, path, table="presence", now=NOW, dry_run=True)
    assert receipt.dry_run
    assert receipt.created == 30
    assert not delivered_rows(home)
    assert not import_file(home, path, table="presence", now=NOW).replayed


def test_progress_ends_with_all_rows_and_bytes(home: Home, path: Path) -> None:
    told: list[tuple[int, int, int]] = []
    import_file(
        home, path, table="presence", now=NOW, progress=lambda *numbers: told.append(numbers)
    )
    size = path.stat().st_size
    assert told[-1] == (30, size, size)


def test_two_at_once_have_one_effect(home: Home, path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        given = [pool.submit(import_file, home, path, table="presence", now=NOW) for _ in range(4)]
        receipts = [future.result() for future in given]
    assert sorted(receipt.replayed for receipt in receipts) == [False, True, True, True]
    assert len({receipt.batch for receipt in receipts}) == 1
    assert len(delivered_rows(home)) == 30
    assert not leftovers(home)


def test_a_csv_file_that_changes_while_it_is_read_is_refused(
    home: Home, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_files, "BLOCK", 1 << 14)
    path.write_bytes(stays(40_000))

    def append(_rows: int, _done: int, _size: int) -> None:
        with path.open("ab") as file:
            file.write(stay(7))

    with pytest.raises(DataError, match="changed while it was read"):
        import_file(home, path, table="presence", now=NOW, progress=append)
    assert not delivered_rows(home)
    assert not leftovers(home)


def test_a_parquet_file_that_changes_while_it_is_read_is_refused(home: Home, path: Path) -> None:
    path = path.with_suffix(".parquet")
    pq.write_table(
        pa.table(
            {
                "subject": [f"s{number}" for number in range(9)],
                "place": ["p1"] * 9,
                "start": ["2022-07-01T08:00Z"] * 9,
                "end": [""] * 9,
            }
        ),
        path,
        row_group_size=1,
    )

    def append(_rows: int, _done: int, _size: int) -> None:
        with path.open("ab") as file:
            file.write(b"more")

    with pytest.raises(DataError, match="changed while it was read"):
        import_file(home, path, table="presence", now=NOW, progress=append)
    assert not delivered_rows(home)


def test_a_pipe_is_kept_in_the_home_while_it_is_read(home: Home, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(stays(30),))
    writer.start()
    receipt = import_file(home, pipe, table="presence", now=NOW)
    writer.join()
    assert receipt.created == 30
    assert not leftovers(home)


def test_the_same_bytes_as_file_and_stream_are_one_delivery(
    home: Home, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = import_file(home, path, table="presence", now=NOW)
    stream = io.TextIOWrapper(io.BytesIO(path.read_bytes()))
    monkeypatch.setattr(sys, "stdin", stream)
    assert import_file(home, "-", table="presence", now=NOW) == first.replay()


def test_what_cannot_be_opened_is_named(home: Home, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"nowhere\.csv"):
        import_file(home, tmp_path / "nowhere.csv", table="presence", now=NOW)
    with pytest.raises(DataError, match="is a folder"):
        import_file(home, tmp_path, table="presence", now=NOW)
    with pytest.raises(UsageError, match="there are: presence"):
        import_file(home, tmp_path, table="presense", now=NOW)
    with pytest.raises(UsageError, match="name of a source"):
        import_file(home, tmp_path, table="presence", source="a\nb", now=NOW)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 2) as folder:
        yield folder


@pytest.mark.parametrize("as_stream", [False, True])
def test_a_full_disk_loses_nothing(
    disk: Path, path: Path, as_stream: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = new_home(disk / "home")
    import_file(home, path, table="presence", now=NOW)
    large = path.with_name("large.csv")
    numbers = random.Random(1)
    keys = [numbers.getrandbits(60) for _ in range(120_000)]
    large.write_bytes(PRESENCE + b"".join(stay(key) for key in keys))
    if as_stream:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(large.read_bytes())))
    filler = disk / "filler"
    filler.write_bytes(bytes(1 << 20))
    with pytest.raises(StorageError, match="disk is full"):
        import_file(home, "-" if as_stream else large, table="presence", now=NOW)
    assert len(delivered_rows(open_home(home.root))) == 30
    filler.unlink()
    small = path.with_name("small.csv")
    small.write_bytes(stays(31))
    receipt = import_file(home, small, table="presence", now=NOW)
    assert (receipt.unchanged, receipt.created) == (30, 1)


def peak_memory_of_import(home: Home, path: Path) -> tuple[int, str]:
    """Most resident memory of a process that imports a file, and what it said."""
    program = f"""
from datetime import datetime, UTC
from ringfence.errors import UserError
from ringfence.lake import open_home
from ringfence.sources import csv_files, import_file
from pathlib import Path
try:
    home = open_home(Path({str(home.root)!r}))
    print(import_file(home, {str(path)!r}, table="presence", now=datetime(2022, 7, 20, tzinfo=UTC)))
except UserError as error:
    print(error.text.en)
# Not ru_maxrss: a child inherits that of the process that started it.
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")))
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    *said, kilobytes = done.stdout.splitlines()
    return int(kilobytes) << 10, "\n".join(said)


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (stay(1) + b"s", "row 3: the row does not end within 2 MiB"),
        (stay(1) + b's1,"', "row 3: the row does not end within 2 MiB"),
        (stay(1) + b",", "row 3: the row does not end within 2 MiB"),
    ],
    ids=["word", "quotation mark", "commas"],
)
def test_a_line_of_200_megabytes_takes_little_memory(
    home: Home, path: Path, start: bytes, said: str
) -> None:
    with path.open("wb") as file:
        file.write(PRESENCE + start)
        for _ in range(200):
            file.write((b"," if start.endswith(b"\n,") else b"x") * (1 << 20))
    memory, message = peak_memory_of_import(home, path)
    assert said in message
    assert memory < MOST_MEMORY


def test_a_header_of_200_megabytes_takes_little_memory(home: Home, path: Path) -> None:
    with path.open("wb") as file:
        for _ in range(200):
            file.write(b"x" * (1 << 20))
    memory, message = peak_memory_of_import(home, path)
    assert "row 1: the row does not end" in message
    assert memory < MOST_MEMORY
