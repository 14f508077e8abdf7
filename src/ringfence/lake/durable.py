"""Writing so that what is acknowledged survives a crash, and telling when the disk cannot."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from ringfence.errors import StorageError

_FILE_NAME = re.compile(r"[\w.-]+\.(?:parquet|sqlite|json)\b")
_DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def storage_faults(what: Path | None = None) -> Iterator[None]:
    """Turn faults of disk, catalog and stored files into a StorageError that names the file."""
    try:
        yield
    except (OSError, sqlite3.Error, duckdb.Error, MemoryError) as fault:
        raise _explained(fault, what) from fault


def _explained(fault: BaseException, what: Path | None) -> StorageError:
    name = _named_file(fault, what)
    at_en = f" ({name})" if name else ""
    at_zh = f"（{name}）" if name else ""
    message = str(fault).lower()
    full = "no space left" in message or "disk is full" in message
    if full or (isinstance(fault, OSError) and fault.errno in _DISK_FULL):
        return StorageError(
            f"the disk is full{at_en}: nothing was acknowledged; make room and try again",
            f"磁盘已满{at_zh}：未确认任何数据；请腾出空间后重试",
        )
    if "too many open files" in message:
        return StorageError(
            f"too many files are open{at_en}: nothing was acknowledged; raise `ulimit -n`",
            f"打开的文件过多{at_zh}：未确认任何数据；请调高 `ulimit -n`",
        )
    if isinstance(fault, MemoryError | duckdb.OutOfMemoryException):
        return StorageError(
            f"not enough memory{at_en}: nothing was acknowledged",
            f"内存不足{at_zh}：未确认任何数据",
        )
    if isinstance(fault, OSError) and fault.errno is not None:
        reason = os.strerror(fault.errno)
        return StorageError(
            f"the disk reports a fault: {reason}{at_en}; nothing was acknowledged",
            f"磁盘故障：{reason}{at_zh}；未确认任何数据",
        )
    if isinstance(fault, sqlite3.Error):
        return StorageError(
            "the catalog of the home cannot be used; run `ringfence lake verify`",
            "数据目录的编目文件无法使用；请运行 `ringfence lake verify`",
        )
    return StorageError(
        f"a stored file is damaged or missing{at_en}; run `ringfence lake verify`",
        f"存储文件损坏或缺失{at_zh}；请运行 `ringfence lake verify`",
    )


def _named_file(fault: BaseException, what: Path | None) -> str | None:
    if isinstance(fault, OSError) and isinstance(fault.filename, str | bytes):
        return Path(os.fsdecode(fault.filename)).name
    found = _FILE_NAME.search(str(fault))
    if found:
        return found.group()
    return what.name if what else None


def sync_file(path: Path) -> None:
    _sync(path, os.O_RDONLY)


def sync_folder(path: Path) -> None:
    _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a whole file and fsync it; the caller syncs its folder."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def make_folder(path: Path) -> None:
    """Make a folder, and its name durable in the folder above."""
    if not path.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        sync_folder(path.parent)


def move_durably(source: Path, target: Path) -> None:
    """Move a synced file into place; the new name is durable on return."""
    make_folder(target.parent)
    source.rename(target)
    sync_folder(target.parent)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold an exclusive lock on a file; False when it is taken and `wait` is not asked for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        yield take(handle, wait=wait)
    finally:
        os.close(handle)


def take(handle: int, *, shared: bool = False, wait: bool = True) -> bool:
    """Lock an open file; a lock ends when its process does, however it ends."""
    mode = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    try:
        fcntl.flock(handle, mode)
    except BlockingIOError:
        return False
    return True


def take_file(path: Path, *, shared: bool = False, wait: bool = True) -> int | None:
    """Lock a lock file that others may remove; the handle, or None when it is taken."""
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if not take(handle, shared=shared, wait=wait):
            os.close(handle)
            return None
        if _still_named(handle, path):
            return handle
        os.close(handle)


def _still_named(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def discard(path: Path) -> None:
    """Remove a file or folder; what cannot be removed is left to the next writer."""
    with suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
