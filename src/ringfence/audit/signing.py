"""The key that signs the chain. It lies off the data disk: who has the disk alone cannot sign.

Beside it lies the *head*, the last number that was signed: a chain that ends before it was cut.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ringfence.errors import DataError, StorageError
from ringfence.lake.durable import locked, make_folder, storage_faults, sync_folder, write_durably
from ringfence.lake.key_files import key_path, refuse_open

_TITLE = "ringfence audit key 1"


@dataclass(frozen=True)
class Head:
    """The last row that was signed, as remembered off the data disk."""

    number: int
    digest: bytes


def key_of(connection: sqlite3.Connection) -> Path:
    """Where the key of this audit lies."""
    (mark,) = connection.execute("SELECT name FROM mark").fetchone()
    return key_named(mark)


def key_named(mark: str) -> Path:
    """Where the key of an audit of this name lies, or will: not where the master key was put."""
    return key_path("RINGFENCE_AUDIT_KEY", f"{mark}.audit.key")


def signing_key(path: Path, *, fresh: bool) -> Ed25519PrivateKey:
    """The key; made where nothing was signed yet. `fresh`: whether nothing was."""
    with storage_faults(path):
        if not path.exists() and fresh:
            _make(path)
        return _read(path)


def _make(path: Path) -> None:
    make_folder(path.parent)
    with locked(path.with_suffix(".lock")):
        if path.exists():
            return
        secret = Ed25519PrivateKey.generate().private_bytes_raw().hex()
        unfinished = path.with_suffix(".new")
        write_durably(unfinished, f"{_TITLE}\n{secret}\n".encode(), 0o600)
        unfinished.rename(path)
        sync_folder(path.parent)


def _read(path: Path) -> Ed25519PrivateKey:
    try:
        title, secret = path.read_text(encoding="ascii").split("\n")[:2]
    except FileNotFoundError:
        raise StorageError(
            f"the key that signs the audit is missing: restore {path} from its copy;"
            " nothing was done",
            f"缺少审计签名密钥：请从备份恢复 {path}；未执行任何操作",
        ) from None
    except ValueError:
        title, secret = "", ""
    refuse_open(path, path.stat().st_mode)
    try:
        if title != _TITLE:
            raise ValueError
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    except ValueError:
        raise DataError(f"{path} is not a key of an audit", f"{path} 不是审计签名密钥") from None


def signer_name(key: Ed25519PublicKey) -> str:
    return key.public_bytes_raw().hex()


def sign(key: Ed25519PrivateKey, number: int, digest: bytes) -> bytes:
    return key.sign(_signed(number, digest))


def is_signed(key: Ed25519PublicKey, number: int, digest: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, _signed(number, digest))
    except InvalidSignature:
        return False
    return True


def _signed(number: int, digest: bytes) -> bytes:
    return b"ringfence audit 1\0" + number.to_bytes(8, "big") + digest


def read_head(key: Path) -> Head | None:
    with suppress(FileNotFoundError, ValueError):
        number, digest = key.with_suffix(".head").read_text(encoding="ascii").split()
        return Head(int(number), bytes.fromhex(digest))
    return None


def remember_head(key: Path, head: Head) -> None:
    """Not synced: after a crash it may lag behind, never run ahead. A folder that cannot be
    written to has no head."""
    with suppress(OSError), locked(key.with_suffix(".lock")):
        known = read_head(key)
        if known is None or known.number < head.number:
            unfinished = key.with_suffix(".head-new")
            unfinished.write_text(f"{head.number} {head.digest.hex()}\n", encoding="ascii")
            unfinished.rename(key.with_suffix(".head"))
