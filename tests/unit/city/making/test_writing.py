"""A city's folder is whole, or it is as it was found."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from ringfence.errors import StorageError, UsageError
from ringfence_city import writing
from ringfence_city.clock import instants
from ringfence_city.parameters import Parameters

ROWS = pa.table({"a": [1, 2, 3]})


def fail(out: Path, fault: BaseException) -> None:
    with writing.whole_or_gone(out) as root:
        writing.write_table(root, "deep/down/rows.parquet", ROWS)
        raise fault


@pytest.mark.parametrize("there", [True, False])
def test_a_fault_leaves_the_folder_as_it_was(there: bool, tmp_path: Path) -> None:
    out = tmp_path / "out"
    if there:
        out.mkdir()
    with pytest.raises(KeyboardInterrupt):
        fail(out, KeyboardInterrupt())
    assert out.exists() == there
    assert not there or list(out.iterdir()) == []


def test_a_fault_leaves_no_parents_that_were_made(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        fail(tmp_path / "a" / "b" / "out", KeyboardInterrupt())
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is full"):
        fail(tmp_path / "out", OSError(errno.ENOSPC, "no space"))


def test_another_fault_of_storage_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot write"):
        fail(tmp_path / "out", OSError(errno.EIO, "broken"))


def test_a_folder_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises((StorageError, UsageError)):
        fail(tmp_path / "file" / "out", KeyboardInterrupt())


def test_the_mark_is_written_once_and_nothing_unfinished_stays(tmp_path: Path) -> None:
    with writing.whole_or_gone(tmp_path / "out") as root:
        writing.write_mark(root, {"format": writing.FORMAT})
    assert [path.name for path in (tmp_path / "out").iterdir()] == [writing.MARK]


def test_what_is_told_of_a_file_is_so(tmp_path: Path) -> None:
    told = writing.write_table(tmp_path, "rows.parquet", ROWS)
    assert (told.rows, told.size) == (3, (tmp_path / "rows.parquet").stat().st_size)


def test_minutes_count_from_local_midnight_of_the_first_day() -> None:
    asked = Parameters(1, 1, 1)
    told = instants(asked, np.array([0, 480, -1])).to_pylist()
    assert [str(moment) for moment in told] == [
        "2022-09-18 16:00:00+00:00",
        "2022-09-19 00:00:00+00:00",
        "2022-09-18 15:59:00+00:00",
    ]
