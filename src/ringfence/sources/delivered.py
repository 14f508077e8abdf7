"""What is delivered, once it is open: its bytes, its size, and what it is called."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ringfence.errors import StorageError

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
