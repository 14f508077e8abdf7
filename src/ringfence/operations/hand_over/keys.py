"""The keys of a city: one that signs, one that files are sealed to. The private ones lie off the
data disk, as the master key of the vault does; the public ones are told to other cities as a line
of text, and compared by a fingerprint that is read out.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from ringfence.audit.entries import begin_audit
from ringfence.errors import DataError, StorageError
from ringfence.lake import Home
from ringfence.lake.durable import locked, make_folder, storage_faults, sync_folder, write_durably
from ringfence.lake.key_files import key_path, refuse_open

_TITLE = "ringfence hand-over key 1"
_PUBLIC = re.compile(r"ringfence-hand-over-1:([0-9a-f]{64}):([0-9a-f]{64})", re.ASCII)
_GROUPS = 8
_DIGITS = 5


@dataclass(frozen=True)
class PublicKeys:
    """Raw, 32 bytes each. `sign`: Ed25519. `seal`: X25519."""

    sign: bytes
    seal: bytes

    @property
    def line(self) -> str:
        """As it is sent to another city."""
        return f"ringfence-hand-over-1:{self.sign.hex()}:{self.seal.hex()}"

    @property
    def fingerprint(self) -> str:
        """Eight groups of five digits (2^132), which sound alike in every language."""
        told = hashlib.sha256(b"ringfence hand-over keys 1\0" + self.sign + self.seal).digest()
        number = int.from_bytes(told, "big") % 10 ** (_GROUPS * _DIGITS)
        digits = f"{number:0{_GROUPS * _DIGITS}d}"
        return " ".join(digits[at : at + _DIGITS] for at in range(0, len(digits), _DIGITS))


@dataclass(frozen=True, repr=False)
class OwnKeys:
    """The private halves."""

    sign: Ed25519PrivateKey
    seal: X25519PrivateKey

    @property
    def public(self) -> PublicKeys:
        return PublicKeys(
            self.sign.public_key().public_bytes_raw(), self.seal.public_key().public_bytes_raw()
        )


def read_public(text: str) -> PublicKeys:
    """DataError: it is not a line of keys."""
    found = _PUBLIC.fullmatch(text.strip())
    if found is None:
        raise DataError(
            "this is not a line of keys: it begins with ringfence-hand-over-1: and holds two keys"
            " of 64 signs each",
            "这不是公钥行：应以 ringfence-hand-over-1: 开头，含两段各 64 位的公钥",
        )
    return PublicKeys(*(bytes.fromhex(part) for part in found.groups()))


def same_fingerprint(keys: PublicKeys, typed: str) -> bool:
    """Whether this was typed, whatever stands between the digits."""
    return "".join(keys.fingerprint.split()) == "".join(
        sign for sign in typed if not sign.isspace() and sign != "-"
    )


def key_file(home: Home) -> Path:
    """Where the private keys of this home lie, or will: named as the key of its audit is."""
    with closing(begin_audit(home)) as connection:
        (mark,) = connection.execute("SELECT name FROM mark").fetchone()
    return key_path("RINGFENCE_HAND_OVER_KEY", f"{mark}.hand-over.key")


def own_keys(home: Home, *, may_make: bool = True) -> OwnKeys:
    """The keys of this home; made where there are none.

    StorageError: they are missing and may not be made: other cities know those that were, and new
    ones would read nothing that was sealed to them.
    """
    path = key_file(home)
    with storage_faults(path):
        if not path.exists() and may_make:
            _make(path)
        return _read(path)


def _make(path: Path) -> None:
    make_folder(path.parent)
    with locked(path.with_suffix(".lock")):
        if path.exists():
            return
        sign = Ed25519PrivateKey.generate().private_bytes_raw().hex()
        seal = X25519PrivateKey.generate().private_bytes_raw().hex()
        unfinished = path.with_suffix(".new")
        write_durably(unfinished, f"{_TITLE}\n{sign}\n{seal}\n".encode(), 0o600)
        unfinished.rename(path)
        sync_folder(path.parent)


def _read(path: Path) -> OwnKeys:
    try:
        title, sign, seal = path.read_text(encoding="ascii").split("\n")[:3]
    except FileNotFoundError:
        raise _missing(path) from None
    except ValueError:
        title = sign = seal = ""
    refuse_open(path, path.stat().st_mode)
    try:
        if title != _TITLE:
            raise ValueError
        return OwnKeys(
            Ed25519PrivateKey.from_private_bytes(bytes.fromhex(sign)),
            X25519PrivateKey.from_private_bytes(bytes.fromhex(seal)),
        )
    except ValueError:
        raise DataError(f"{path} holds no keys of hand-overs", f"{path} 不是移交密钥文件") from None


def _missing(path: Path) -> StorageError:
    return StorageError(
        f"the keys of hand-overs that other cities know are missing: restore {path} from its copy;"
        " nothing was done",
        f"缺少其他城市所登记的移交密钥：请从备份恢复 {path}；未执行任何操作",
    )
