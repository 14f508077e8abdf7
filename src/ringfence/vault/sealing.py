"""Sealing what is said of a person: authenticated, and bound to its subject, row and cohort."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ringfence.errors import DataError, StorageError

_NONCE_BYTES = 12


def closed(cipher: AESGCM, content: bytes, bound: bytes) -> bytes:
    """A fresh nonce, then the content and its tag, bound to what it is about."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, bound)


def opened(cipher: AESGCM, sealed: bytes, bound: bytes) -> bytes | None:
    """None: changed since, bound to something else, or under another key."""
    try:
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
    except (InvalidTag, ValueError):
        return None


@dataclass(frozen=True)
class Seal:
    """Seals and opens the records of one attempt under its cohort's data key."""

    cipher: AESGCM
    prefix: bytes

    def close(self, number: int, row: int, subject: str, content: bytes) -> bytes:
        """A sealed record."""
        return closed(self.cipher, content, self._bound(number, row, subject))

    def open(self, number: int, row: int, subject: str, sealed: bytes) -> bytes:
        """StorageError: changed since, or moved to another person, row, batch or cohort."""
        content = opened(self.cipher, sealed, self._bound(number, row, subject))
        if content is None:
            raise StorageError(
                f"record {number} of the vault is damaged, or is not where it was written",
                f"保险库记录 {number} 已损坏，或被移动过",
            )
        return content

    def _bound(self, number: int, row: int, subject: str) -> bytes:
        return self.prefix + f"{number}\0{row}\0{subject}".encode()


def seal_of(key: bytes, cohort: str, source: str, batch: str, kind: str) -> Seal:
    return Seal(AESGCM(key), f"ringfence {kind}\0{cohort}\0{source}\0{batch}\0".encode())


def packed(fields: Mapping[str, str], row: int) -> bytes:
    """Names and values as one text. DataError names the row, not the value."""
    text = "\0".join([part for pair in fields.items() for part in pair])
    try:
        content = text.encode()
    except UnicodeEncodeError:
        content = b""
    if (fields and not content) or text.count("\0") != max(2 * len(fields) - 1, 0):
        raise DataError(
            f"row {row}: what is said of the person holds signs that no text may hold",
            f"第 {row} 行：人员信息中含有非法字符",
        )
    return content


def unpacked(content: bytes) -> dict[str, str]:
    if not content:
        return {}
    parts = content.decode().split("\0")
    return dict(zip(parts[::2], parts[1::2], strict=True))
