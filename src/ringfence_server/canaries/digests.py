"""Keyed digests under which a canary's texts are found: a copy of the database alone tells none."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ringfence.sources.normalise.lookup import lookup_forms
from ringfence.vault.tokens import FINDABLE, KINDS, sought, texts_of

_KEY_BYTES = 32


def digests_of(secret: str, fields: Mapping[str, str]) -> set[bytes]:
    """Of everything by which the vault would find a person of these fields."""
    told = texts_of("", fields, lookup_forms)
    return {_digest(secret, KINDS[kind], text) for kind, text in told if KINDS[kind] in FINDABLE}


def digests_sought(secret: str, forms: Iterable[tuple[str, str]]) -> set[bytes]:
    """Of kinds and texts that somebody looks for."""
    return {_digest(secret, kind, one) for kind, text in forms for one in sought(kind, text)}


def _digest(secret: str, kind: str, text: str) -> bytes:
    key = HKDF(SHA256(), _KEY_BYTES, None, b"ringfence server canaries").derive(secret.encode())
    return hmac.digest(key, f"{kind}\0{text}".encode(), "sha256")
