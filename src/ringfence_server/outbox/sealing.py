"""Sealing what may not rest in the database in clear, under the deployment's own secret.

A copy of the database alone opens nothing. Who changes the secret seals all of it anew, and each
part says how for its own (`resealed`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import models

from ringfence.errors import StorageError
from ringfence.vault.sealing import closed, opened

_KEY_BYTES = 32


@dataclass(frozen=True, repr=False)
class Secrets:
    """Of the deployment: the one that is, and the one that is to be."""

    old: str
    new: str


def seal(secret: str, purpose: str, bound: str, content: Any) -> bytes:
    """`bound`: what the content is of; it cannot be read as another's."""
    told = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    return sealed_bytes(secret, purpose, bound, told)


def unseal(secret: str, purpose: str, bound: str, sealed: bytes) -> Any:
    """StorageError: changed since, of something else, or under another secret."""
    return json.loads(unsealed_bytes(secret, purpose, bound, sealed))


def sealed_bytes(secret: str, purpose: str, bound: str, content: bytes) -> bytes:
    return closed(_cipher(secret, purpose), content, bound.encode())


def unsealed_bytes(secret: str, purpose: str, bound: str, sealed: bytes) -> bytes:
    """StorageError, as `unseal`."""
    content = opened(_cipher(secret, purpose), sealed, bound.encode())
    if content is None:
        raise StorageError(
            "what the server sealed does not open: the deployment's secret is another one, or it"
            " was changed",
            "服务器密封的内容无法打开：部署密钥已更换，或内容被改动",
        )
    return content


Rows = TypeVar("Rows", bound=models.Model)


def resealed(
    rows: models.QuerySet[Rows], purpose: str, bound: Callable[[Rows], str], secrets: Secrets
) -> int:
    """Within a transaction; how many rows. StorageError: one does not open with the old secret."""
    done = 0
    for row in rows.iterator(chunk_size=500):
        content = unseal(secrets.old, purpose, bound(row), bytes(vars(row)["sealed"]))
        row.__dict__["sealed"] = seal(secrets.new, purpose, bound(row), content)
        row.save(update_fields=["sealed"])
        done += 1
    return done


def _cipher(secret: str, purpose: str) -> AESGCM:
    key = HKDF(SHA256(), _KEY_BYTES, None, f"ringfence server {purpose}".encode())
    return AESGCM(key.derive(secret.encode()))
