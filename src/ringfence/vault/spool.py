"""A file for what must lie on the disk for a while, under a key that is never written anywhere.

A stream has to be kept to be read twice. Killed in between, its file stays until the next writer
sweeps it, and says nothing to anybody: the key went with the process.
"""

from __future__ import annotations

import io
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_BLOCK = 16
_BUFFER = 1 << 18


def sealed_spool(path: Path) -> BinaryIO:
    """A new file to be written from front to end, then read anywhere."""
    return cast(BinaryIO, _Spool(_Sealed(path), _BUFFER))


class _Spool(io.BufferedRandom):
    def close(self) -> None:
        """What a full disk did not take was told when it was written; it is thrown away here."""
        with suppress(OSError):
            super().close()


class _Sealed(io.RawIOBase):
    """AES in counter mode: each byte of the file has its own place in the key stream.

    A place is written once, so that no part of the stream is used twice.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self._key = secrets.token_bytes(32)
        self._at = 0
        self._size = 0

    def close(self) -> None:
        if not self.closed:
            self._key = b""
            os.close(self._handle)
        super().close()

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if origin + offset < 0:
            raise ValueError("a place before the beginning of the file")
        self._at = origin + offset
        return self._at

    def write(self, content: ReadableBuffer, /) -> int:
        piece = bytes(content)
        if self._at != self._size:
            raise io.UnsupportedOperation("what was written once is not written again")
        written = os.pwrite(self._handle, self._turned(piece, self._at), self._at)
        self._at += written
        self._size += written
        return written

    def readinto(self, target: WriteableBuffer, /) -> int:
        view = memoryview(target).cast("B")
        sealed = os.pread(self._handle, len(view), self._at)
        view[: len(sealed)] = self._turned(sealed, self._at)
        self._at += len(sealed)
        return len(sealed)

    def _turned(self, piece: bytes, at: int) -> bytes:
        block, inside = divmod(at, _BLOCK)
        cipher = Cipher(algorithms.AES(self._key), modes.CTR(block.to_bytes(_BLOCK, "big")))
        turning = cipher.encryptor()
        turning.update(bytes(inside))
        return turning.update(piece)
