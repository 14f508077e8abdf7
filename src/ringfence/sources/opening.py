"""Opening what is delivered: a file, or a stream that is first kept in the home."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ringfence.errors import DataError, NotFound, StorageError
from ringfence.lake import Home
from ringfence.lake.durable import storage_faults
from ringfence.lake.leases import workplace
from ringfence.sources.delivered import Delivered, size_of
from ringfence.vault.spool import sealed_spool

_PIECE = 1 << 20


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


def _readable(path: Path) -> str:
    """The file's name as text: names from other systems may be no UTF-8."""
    return os.fsencode(path.name).decode("utf-8", "replace")
