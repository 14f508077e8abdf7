"""The id of a batch: what was delivered, as what, from whom."""

from __future__ import annotations

import hashlib
from typing import Any

from ringfence.errors import UsageError

_CANONICAL = b"ringfence batch 1\0"
_MAPPED = b"ringfence mapped batch 1\0"
_SOURCE_LENGTH = 128


def canonical_digest(table: str, source: str) -> Any:
    """Takes the bytes of a canonical file; what comes first has its length, so that no two
    deliveries share an id.
    """
    return _begun(_CANONICAL, table, source)


def mapped_digest(mapping: str, content: str, source: str, mends: str | None) -> Any:
    """Takes the bytes of a file that is read by a mapping: its label and the hash of its content
    belong to what was delivered.
    """
    return _begun(_MAPPED, mapping, content, source, mends or "")


def _begun(domain: bytes, *parts: str) -> Any:
    digest = hashlib.sha256(domain)
    for part in parts:
        content = part.encode()
        digest.update(len(content).to_bytes(4, "big") + content)
    return digest


def source_name(name: str) -> str:
    if not name or len(name) > _SOURCE_LENGTH or not name.isprintable() or name != name.strip():
        raise UsageError(
            "the name of a source is 1 to 128 printable characters without spaces at its ends",
            "来源名称须为 1 至 128 个可见字符，首尾不能有空格",
        )
    return name
