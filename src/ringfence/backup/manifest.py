"""What a backup says of itself: a line in clear by which its key is found, the rest sealed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Protocol

from ringfence.errors import DataError
from ringfence.vault import WrappedKey

FORMAT = 1
_TITLE = "ringfence_backup"


class Writable(Protocol):
    def write(self, content: bytes) -> int: ...


@dataclass(frozen=True)
class Source:
    """Something to be kept: `content` writes it when its turn comes."""

    path: str
    content: Callable[[Writable], None]


@dataclass(frozen=True)
class Part:
    """One file of the backup. `path`: where it belongs. `object`: the sealed file that holds it."""

    path: str
    object: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`facts`: what the parts agree on: sequence of the lake, rows of the audit, and others'."""

    name: str
    made_at: datetime
    parts: tuple[Part, ...]
    facts: Mapping[str, Any]

    def part(self, path: str) -> Part | None:
        return next((part for part in self.parts if part.path == path), None)

    @property
    def bytes(self) -> int:
        return sum(part.bytes for part in self.parts)


def head_of(key: WrappedKey) -> bytes:
    told = {
        _TITLE: FORMAT,
        "vault": key.vault,
        "generation": key.generation,
        "wrapped": key.wrapped.hex(),
    }
    return (json.dumps(told) + "\n").encode()


def read_head(file: BinaryIO, name: str) -> WrappedKey:
    """DataError: this is no backup, or one of a newer program."""
    try:
        told = json.loads(file.readline(4096))
        version = told[_TITLE]
        key = WrappedKey(
            str(told["vault"]), int(told["generation"]), bytes.fromhex(told["wrapped"])
        )
    except (ValueError, KeyError, TypeError):
        raise DataError(
            f"{name} does not begin as a backup does: it was changed or cut short",
            f"{name} 的开头不是备份：已被改动或截断",
        ) from None
    if version != FORMAT:
        raise DataError(
            f"{name} has format {version}; this program reads format {FORMAT}",
            f"{name} 的格式版本为 {version}；本程序只支持版本 {FORMAT}",
        )
    return key


def written(manifest: Manifest) -> bytes:
    told = {
        "name": manifest.name,
        "made_at": manifest.made_at.isoformat(),
        "parts": [vars(part) for part in manifest.parts],
        "facts": dict(manifest.facts),
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def read(content: bytes) -> Manifest:
    told = json.loads(content)
    return Manifest(
        told["name"],
        datetime.fromisoformat(told["made_at"]),
        tuple(Part(**part) for part in told["parts"]),
        told["facts"],
    )
