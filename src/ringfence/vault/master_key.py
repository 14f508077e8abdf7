"""The master key: it wraps all keys of a vault and lies off the data disk.

The file also carries, since its last renewal, every key that was living then (wrapped). An older
copy of the vault is thereby opened as far as its cohorts still live, and no further: what was
shredded since is neither in the file nor under a master key that still exists.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ringfence.errors import DataError, StorageError
from ringfence.lake.durable import make_folder, storage_faults, sync_folder, write_durably
from ringfence.lake.key_files import key_path, refuse_open
from ringfence.vault.sealing import closed, opened

FORMAT = 1
KEY_BYTES = 32
_TITLE = "ringfence_master_key"


class Keeper(Protocol):
    """Whoever holds the master key: this file, a PKCS#11 token, a key service."""

    def wrap(self, key: bytes, name: str) -> bytes: ...

    def unwrap(self, wrapped: bytes, name: str) -> bytes:
        """StorageError where the master key is not the one that wrapped it."""
        ...


@dataclass(frozen=True, repr=False)
class MasterKey:
    """`generation` counts renewals. `living`: wrapped keys by name, as of the last renewal."""

    vault: str
    generation: int
    secret: bytes
    living: Mapping[str, bytes] = field(default_factory=dict)

    def wrap(self, key: bytes, name: str) -> bytes:
        return closed(AESGCM(self.secret), key, self._bound(name))

    def unwrap(self, wrapped: bytes, name: str) -> bytes:
        key = opened(AESGCM(self.secret), wrapped, self._bound(name))
        if key is None:
            raise StorageError(
                f"the master key does not open the key {name} of this vault",
                f"主密钥无法打开本保险库的密钥 {name}",
            )
        return key

    def _bound(self, name: str) -> bytes:
        return f"ringfence vault\0{self.vault}\0{name}".encode()


def new_master(vault: str, generation: int = 0) -> MasterKey:
    return MasterKey(vault, generation, secrets.token_bytes(KEY_BYTES))


def master_path(vault: str) -> Path:
    return key_path("RINGFENCE_MASTER_KEY", f"{vault}.key")


def unfinished_beside(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def write_master(path: Path, master: MasterKey) -> None:
    content = {
        _TITLE: FORMAT,
        "vault": master.vault,
        "generation": master.generation,
        "secret": master.secret.hex(),
        "living": {name: wrapped.hex() for name, wrapped in master.living.items()},
    }
    with storage_faults(path):
        make_folder(path.parent)
        write_durably(path, (json.dumps(content, indent=1) + "\n").encode(), 0o600)
        sync_folder(path.parent)


def read_master(path: Path, vault: str) -> MasterKey | None:
    """None: no such file. A file of another vault, or open to others, is refused."""
    try:
        with storage_faults(path):
            text = path.read_text(encoding="ascii") if path.exists() else None
            mode = path.stat().st_mode if text is not None else 0
        if text is None:
            return None
        content = json.loads(text)
        found = MasterKey(
            str(content["vault"]),
            int(content["generation"]),
            bytes.fromhex(content["secret"]),
            {name: bytes.fromhex(wrapped) for name, wrapped in content["living"].items()},
        )
        version = content[_TITLE]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DataError(f"{path} is not a master key", f"{path} 不是主密钥文件") from None
    if version != FORMAT:
        raise DataError(
            f"{path} has format {version}; this program reads format {FORMAT}",
            f"{path} 的格式版本为 {version}；本程序只支持版本 {FORMAT}",
        )
    refuse_open(path, mode)
    if found.vault != vault:
        raise DataError(
            f"{path} is the master key of another vault ({found.vault}), not of {vault}",
            f"{path} 是另一保险库（{found.vault}）的主密钥，而非 {vault} 的",
        )
    return found


def finish_renewal(path: Path) -> None:
    """Put the renewed key in place of the old one, whose bytes are overwritten first."""
    with storage_faults(path):
        if path.exists():
            _overwrite(path)
        unfinished_beside(path).rename(path)
        sync_folder(path.parent)


def _overwrite(path: Path) -> None:
    """In place: a file that is cut off first would be given other blocks."""
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
