"""Sealing a stream of any length: AES-256-GCM in chunks whose order and end are bound.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as age has it: each file has a
key of its own, made by HKDF from the backup's key and the file's random salt; the nonce of a chunk
is its number and whether it is the last. A chunk changed, moved, left out, or an end cut off is
found with the first chunk that does not open; nothing of it is given out.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ringfence.errors import StorageError

CHUNK = 1 << 20
_TAG = 16
_SALT = 32
_TITLE = b"ringfence sealed 1\n"


class Sealing:
    """Writes a sealed file: `write` any number of times, then `end`."""

    def __init__(self, file: BinaryIO, key: bytes, kind: str) -> None:
        salt = secrets.token_bytes(_SALT)
        self._file = file
        self._cipher = _cipher(key, salt, kind)
        self._number = 0
        self._waiting = bytearray()
        self._digest = hashlib.sha256()
        self.size = 0
        file.write(_TITLE + salt)

    def write(self, content: bytes) -> int:
        self._digest.update(content)
        self.size += len(content)
        self._waiting += content
        while len(self._waiting) > CHUNK:
            self._close(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(content)

    def end(self) -> str:
        """The SHA-256 of what was sealed."""
        self._close(bytes(self._waiting), last=True)
        self._waiting.clear()
        return self._digest.hexdigest()

    def _close(self, content: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), content, None))
        self._number += 1


def opened(file: BinaryIO, key: bytes, kind: str, name: str) -> Iterator[bytes]:
    """What was sealed, chunk by chunk. StorageError names the file: it was changed, cut short, or
    sealed under another key. Who acts on a whole file waits for the end.
    """
    head = file.read(len(_TITLE) + _SALT)
    if len(head) != len(_TITLE) + _SALT or not head.startswith(_TITLE):
        raise _damaged(name, 0)
    cipher = _cipher(key, head[len(_TITLE) :], kind)
    number, content = 0, file.read(CHUNK + _TAG)
    while True:
        following = file.read(CHUNK + _TAG) if len(content) == CHUNK + _TAG else b""
        try:
            yield cipher.decrypt(_nonce(number, not following), content, None)
        except (InvalidTag, ValueError):
            raise _damaged(name, number) from None
        if not following:
            return
        number, content = number + 1, following


def _cipher(key: bytes, salt: bytes, kind: str) -> AESGCM:
    made = HKDF(SHA256(), 32, salt, f"ringfence backup {kind}".encode())
    return AESGCM(made.derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _damaged(name: str, chunk: int) -> StorageError:
    return StorageError(
        f"{name} of the backup does not open (from byte {chunk * (CHUNK + _TAG):,} on): it was"
        " changed or cut short, or belongs to another key",
        f"备份文件 {name} 无法打开（自第 {chunk * (CHUNK + _TAG):,} 字节起）："
        "已被改动、截断，或属于另一密钥",
    )
