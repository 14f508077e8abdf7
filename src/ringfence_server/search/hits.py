"""The address of somebody found: sealed, so that it tells neither who it is nor which row."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from ringfence.errors import NotFound, StorageError
from ringfence_server.deployment.here import deployment
from ringfence_server.outbox.sealing import seal, unseal

_PURPOSE = "search hit"
_LONGEST = 400
_LETTERS = {"case": "a", "contact": "b", "canary": "c"}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}


def written(kind: str, key: int) -> str:
    """All of one length: the address of a canary looks like any other."""
    sealed = seal(deployment().secret, _PURPOSE, _PURPOSE, f"{_LETTERS[kind]}{key:018d}")
    return urlsafe_b64encode(sealed).decode().rstrip("=")


def read(text: str) -> tuple[str, int]:
    """NotFound: nobody wrote this address."""
    try:
        if len(text) > _LONGEST:
            raise ValueError
        sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        told = unseal(deployment().secret, _PURPOSE, _PURPOSE, sealed)
    except (ValueError, Error, StorageError):
        raise NotFound("there is no such person", "没有此人员") from None
    return _KINDS[told[0]], int(told[1:])
