"""Opening what is delivered: a file, or a stream that is first kept in the home."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ringfence.errors import DataError, NotFound, StorageError
from ringfence.lake import Home
from ringfence.lake.durable import storage_faults
from ringfence.lake.leases import workplace
from ringfence.vault.spool import sealed_spool

_PIECE = 1 << 20
_LONGEST_BREAK = 2


@dataclass(frozen=True)
class Delivered:
    """An open file that can be rewound, and what it is called in messages and receipts.

    `streamed`: it came through a pipe or socket, which nobody can ask whether that was all.
    """

    file: BinaryIO
    name: str
    size: int
    streamed: bool = False

    def ends_open(self, encoding: str) -> bool:
        """Whether this is a stream of text whose last line does not end: so does one that was cut
        within its last value, and every other form tells itself that it was.
        """
        if not self.streamed:
            return False
        self.file.seek(max(self.size - _LONGEST_BREAK, 0))
        tail = self.file.read(_LONGEST_BREAK)
        self.file.seek(0)
        return not tail.endswith(("\n".encode(encoding), "\r".encode(encoding)))


@contextmanager
def open_delivery(home: Home, path: Path | str | Delivered) -> Iterator[Delivered]:
    """A file, `-` for standard input, or `postgresql://…#table`; or what is open already."""
    if isinstance(path, Delivered):
        yield path
        return
    if str(path).startswith(("postgresql://", "postgres://")):
        from ringfence.sources.raw.postgresql import open_address

        with open_address(home, str(path)) as delivered:
            yield delivered
        return
    if str(path) == "-":
        streamed = not _is_file(sys.stdin.buffer)
        with _spooled(home, sys.stdin.buffer) as file:
            yield Delivered(file, "stdin", size_of(file), streamed)
        return
    path = Path(path)
    with _opened(path) as file:
        kind = os.fstat(file.fileno())
        if stat.S_ISREG(kind.st_mode):
            yield Delivered(file, _readable(path), kind.st_size)
        else:
            with _spooled(home, file) as kept:
                yield Delivered(kept, _readable(path), size_of(kept), streamed=True)


def _is_file(stream: BinaryIO) -> bool:
    """Whether standard input is a whole file that the shell opened."""
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return False


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", f"找不到文件 {path}") from None
    except IsADirectoryError:
        raise DataError(
            f"{path} is a folder; name one file in it", f"{path} 是文件夹；请指定其中的一个文件"
        ) from None
    except PermissionError:
        raise DataError(
            f"{path} may not be read by this user", f"当前用户没有读取 {path} 的权限"
        ) from None
    except (OSError, ValueError):
        raise DataError(f"{path} cannot be opened", f"无法打开 {path}") from None


@contextmanager
def _spooled(home: Home, stream: BinaryIO) -> Iterator[BinaryIO]:
    """A stream cannot be rewound: keep it in the home, where nobody else's disk is filled; sealed,
    since it names people."""
    with workplace(home) as folder, sealed_spool(folder / "spool") as file:
        with storage_faults(folder / "spool"):
            for piece in _coming(stream):
                file.write(piece)
            file.flush()
        yield file


def _coming(stream: BinaryIO) -> Iterator[bytes]:
    """What is sent, up to its end: where the link is cut it is not the disk that is at fault."""
    while True:
        try:
            piece = stream.read(_PIECE)
        except OSError as fault:
            reason = os.strerror(fault.errno or 0)
            raise StorageError(
                f"the stream broke off ({reason}): nothing was stored; send it again",
                f"数据流中断（{reason}）：未保存任何数据；请重新发送",
            ) from None
        if not piece:
            return
        yield piece


def size_of(file: BinaryIO) -> int:
    """In bytes; the file is rewound."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size


def read_pieces(file: BinaryIO) -> Iterator[bytes]:
    """All bytes of a file, from its beginning."""
    file.seek(0)
    while True:
        try:
            piece = file.read(_PIECE)
        except OSError as fault:
            raise StorageError(
                f"the file cannot be read: {os.strerror(fault.errno or 0)}",
                f"无法读取文件：{os.strerror(fault.errno or 0)}",
            ) from None
        if not piece:
            return
        yield piece


def _readable(path: Path) -> str:
    """The file's name as text: names from other systems may be no UTF-8."""
    return os.fsencode(path.name).decode("utf-8", "replace")
