"""A keyed digest of what was typed: it tells that two searches were the same, not what for."""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES = 32
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def digest_of(secret: str, text: str) -> str:
    """In letters only: no digits that anything could take for a number of somebody."""
    key = HKDF(SHA256(), _KEY_BYTES, None, b"ringfence server searches").derive(secret.encode())
    told = hmac.digest(key, text.casefold().encode(), "sha256").hex()
    return told.translate(_LETTERS)
