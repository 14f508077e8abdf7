"""The parts of a file that is being sent: sealed, in the home, gone when the import has ended.

Several processes write and read them, one after the other, and any may be killed in between: the
key is therefore made of the deployment's secret, and each part is bound to its place.
"""

from __future__ import annotations

import io
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from ringfence.errors import StorageError
from ringfence.lake import Home
from ringfence.lake.durable import discard, make_folder, storage_faults, sync_folder
from ringfence_server.outbox.sealing import sealed_bytes, unsealed_bytes

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PURPOSE = "import"
_BUFFER = 1 << 18
_PRIVATE = 0o700


def folder_of(home: Home, number: int) -> Path:
    return home.uploads / str(number)


def keep_part(home: Home, number: int, at: int, content: bytes, *, secret: str) -> None:
    """Durable on return; whole or not there. `at`: its first byte's place in the file."""
    folder = folder_of(home, number)
    part = folder / f"{at}"
    unfinished = folder / f"{at}.new"
    sealed = sealed_bytes(secret, _PURPOSE, _bound(number, at), content)
    with storage_faults(part):
        make_folder(home.uploads)
        home.uploads.chmod(_PRIVATE)
        make_folder(folder)
        with suppress(FileNotFoundError):
            unfinished.unlink()
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(handle)
        unfinished.replace(part)
        sync_folder(folder)


def open_parts(home: Home, number: int, size: int, *, secret: str) -> BinaryIO:
    """The whole file, to be read anywhere. StorageError: a part is missing or damaged."""
    return cast(BinaryIO, io.BufferedReader(_Parts(home, number, size, secret), _BUFFER))


def remove_parts(home: Home, number: int) -> None:
    discard(folder_of(home, number))


def left_over(home: Home) -> list[int]:
    """Numbers of the imports of which parts lie here."""
    if not home.uploads.is_dir():
        return []
    return [int(one.name) for one in home.uploads.iterdir() if one.name.isdigit()]


class _Parts(io.RawIOBase):
    """Holds one part at a time."""

    def __init__(self, home: Home, number: int, size: int, secret: str) -> None:
        super().__init__()
        self._folder, self._number = folder_of(home, number), number
        self._size, self._secret = size, secret
        self._begins = sorted(int(one.name) for one in self._there() if one.name.isdigit())
        self._at = 0
        self._held, self._part = -1, b""

    def _there(self) -> list[Path]:
        return list(self._folder.iterdir()) if self._folder.is_dir() else []

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if origin + offset < 0:
            raise ValueError("a place before the beginning of the file")
        self._at = origin + offset
        return self._at

    def readinto(self, target: WriteableBuffer, /) -> int:
        view = memoryview(target).cast("B")
        if self._at >= self._size:
            return 0
        begin = max((one for one in self._begins if one <= self._at), default=-1)
        self._hold(begin)
        inside = self._at - begin
        piece = self._part[inside : inside + len(view)]
        if not piece:
            raise self._missing()
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _hold(self, begin: int) -> None:
        if begin == self._held:
            return
        with storage_faults(self._folder / f"{begin}"):
            sealed = (self._folder / f"{begin}").read_bytes()
        bound = _bound(self._number, begin)
        self._part = unsealed_bytes(self._secret, _PURPOSE, bound, sealed)
        self._held = begin

    def _missing(self) -> StorageError:
        return StorageError(
            "a part of the file that was sent is missing: send it again",
            "上传的文件缺少一部分：请重新上传",
        )


def _bound(number: int, at: int) -> str:
    return f"{number}/{at}"
