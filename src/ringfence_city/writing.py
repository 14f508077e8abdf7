"""Files of a city: the same bytes for the same rows, in a folder that is whole or gone.

`city.json` is written last, after everything else has reached the disk: a folder without it is not
a city. What fails half-way removes what it wrote.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.errors import StorageError, UsageError

MARK = "city.json"
FORMAT = 1
_ROWS_OF_A_GROUP = 1 << 20
_DICTIONARY = 64 << 20


@dataclass(frozen=True)
class Written:
    """A file of the city; `path` is relative to the folder."""

    path: str
    rows: int
    size: int
    sha256: str


class _Hashing:
    """A file that hashes what is written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0
        self.closed = False

    def write(self, data: Any) -> int:
        self._hash.update(data)
        self._file.write(data)
        length = len(memoryview(data).cast("B"))
        self.size += length
        return length

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self.closed = True

    @property
    def told(self) -> str:
        return self._hash.hexdigest()


def write_table(root: Path, path: str, table: pa.Table) -> Written:
    """Write rows as Parquet and have them reach the disk."""
    with _opened(root, path) as (file, hashing):
        pq.write_table(
            table,
            pa.PythonFile(hashing, mode="w"),
            compression="zstd",
            compression_level=1,
            version="2.6",
            row_group_size=_ROWS_OF_A_GROUP,
            dictionary_pagesize_limit=_DICTIONARY,
            store_schema=False,
        )
        _settle(file)
    return Written(path, table.num_rows, hashing.size, hashing.told)


def write_text(root: Path, path: str, text: str, rows: int) -> Written:
    return write_bytes(root, path, text.encode(), rows)


def write_bytes(root: Path, path: str, content: bytes | memoryview, rows: int) -> Written:
    with _opened(root, path) as (file, hashing):
        hashing.write(content)
        _settle(file)
    return Written(path, rows, hashing.size, hashing.told)


@contextmanager
def _opened(root: Path, path: str) -> Iterator[tuple[IO[bytes], _Hashing]]:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        yield file, _Hashing(file)


def _settle(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def write_mark(root: Path, content: dict[str, Any]) -> None:
    """Declare the city whole."""
    unfinished = root / f"{MARK}.new"
    with unfinished.open("xb") as file:
        file.write((json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
        _settle(file)
    unfinished.rename(root / MARK)
    folder = os.open(root, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def whole_or_gone(out: Path) -> Iterator[Path]:
    """A new or empty folder to write to; on any fault it is left as it was found."""
    was_there = out.exists()
    new_parents = [parent for parent in out.parents if not parent.exists()]
    if was_there and not out.is_dir():
        raise UsageError(
            f"{out} is a file; name a new or empty folder", f"{out} 是文件；请指定新建或空的目录"
        )
    try:
        if was_there and any(out.iterdir()):
            raise UsageError(
                f"{out} is not empty; a city needs a new or empty folder",
                f"{out} 不是空目录；城市数据需要新建或空的目录",
            )
        out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise _storage_fault(fault, out) from fault
    try:
        yield out
    except BaseException as fault:
        _clear(out, keep=was_there)
        for parent in new_parents:
            with suppress(OSError):  # somebody else may use it by now
                parent.rmdir()
        if isinstance(fault, OSError):
            raise _storage_fault(fault, out) from fault
        raise


def _clear(out: Path, *, keep: bool) -> None:
    """The mark goes first, so that what a failing disk leaves behind never looks whole."""
    (out / MARK).unlink(missing_ok=True)
    for child in list(out.iterdir()):
        if child.is_dir():
            shutil.rmtree(child, ignore_errors=True)
        else:
            child.unlink(missing_ok=True)
    if not keep:
        shutil.rmtree(out, ignore_errors=True)


def _storage_fault(fault: OSError, out: Path) -> StorageError:
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            f"the disk of {out} is full; what was written has been removed. "
            "Free some space, or ask for fewer people or days",
            f"{out} 所在磁盘已满，已写入的内容已删除；请腾出空间，或减少人数、天数",
        )
    reason = os.strerror(fault.errno) if fault.errno else type(fault).__name__
    return StorageError(
        f"cannot write to {out}: {reason}; nothing was left behind",
        f"无法写入 {out}：{reason}；未留下任何内容",
    )
