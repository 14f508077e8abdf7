"""Writing what a batch says of persons: sealed as it comes, seen once the lake knows the batch."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from ringfence.lake.sqlite_file import file_faults
from ringfence.vault.cohorts import add_chunk, add_rejects, record_number, settle
from ringfence.vault.model import Statement
from ringfence.vault.sealing import Seal, packed
from ringfence.vault.tokens import Digests, NameForms, masked, texts_of

_CHUNK = 16_384
_REMEMBERED = 500_000


@dataclass(frozen=True)
class Target:
    """Where an attempt writes, and the keys it seals with."""

    path: Path
    file: sqlite3.Connection
    attempt: int
    statement: Seal
    reject: Seal
    digests: Digests
    mask: bytes


class Staging:
    """One attempt to write a batch. The lake's commit comes after `ready`, within its block."""

    def __init__(
        self, target: Target, forms: NameForms, tell_ready: Callable[[int, int], None]
    ) -> None:
        self._target = target
        self._forms = forms
        self._tell_ready = tell_ready
        self._waiting: list[Statement] = []
        self._told = _Remembered()
        self._chunks = 0
        self.statements = 0
        self.rejects = 0

    def write(self, statements: Iterable[Statement]) -> None:
        """What is said twice of a subject in one batch is kept once, with its first row."""
        for statement in statements:
            self._waiting.append(statement)
            if len(self._waiting) >= _CHUNK:
                self._flush()

    def keep_rejects(self, rejects: Iterable[tuple[int, str]]) -> None:
        """Keep refused rows as they came, sealed: source row and JSON."""
        sealed = []
        for row, text in rejects:
            content = packed({"json": text}, row)
            sealed.append((row, self._target.reject.close(0, row, "", content)))
            if len(sealed) >= _CHUNK:
                self._add_rejects(sealed)
                sealed = []
        self._add_rejects(sealed)

    def ready(self) -> None:
        """All of it is durable on return, and counts from the lake's acknowledgement on."""
        self._flush()
        with file_faults(self._target.path):
            settle(self._target.file, self._target.attempt)
        self._tell_ready(self.statements, self.rejects)

    def _add_rejects(self, sealed: list[tuple[int, bytes]]) -> None:
        with file_faults(self._target.path):
            add_rejects(self._target.file, self._target.attempt, sealed)
        self.rejects += len(sealed)

    def _flush(self) -> None:
        records: list[tuple[int, str, int, bytes]] = []
        texts: defaultdict[int, list[str]] = defaultdict(list)
        bearing: defaultdict[int, list[int]] = defaultdict(list)
        close, is_new = self._target.statement.close, self._told.is_new
        for statement in self._waiting:
            fields = {name: value for name, value in statement.fields.items() if value}
            content = packed(fields, statement.row)
            subject, row = statement.subject, statement.row
            if not content or not is_new(subject, content):
                continue
            ordinal = self.statements
            self.statements += 1
            number = record_number(self._target.attempt, ordinal)
            records.append((number, subject, row, close(number, row, subject, content)))
            for kind, text in texts_of(subject, fields, self._forms):
                texts[kind].append(text)
                bearing[kind].append(ordinal)
        self._waiting = []
        if not records:
            return
        digests, mask = self._target.digests, self._target.mask
        tokens = {
            kind: (masked(mask, digests.of_all(kind, texts[kind])), bearing[kind]) for kind in texts
        }
        with file_faults(self._target.path):
            add_chunk(self._target.file, self._target.attempt, self._chunks, records, tokens)
        self._chunks += 1


class _Remembered:
    """What was said lately, within bounds: what is forgotten may be kept twice, without harm."""

    def __init__(self) -> None:
        self._recent: set[bytes] = set()
        self._older: set[bytes] = set()

    def is_new(self, subject: str, content: bytes) -> bool:
        digest = blake2b(subject.encode() + b"\0" + content, digest_size=16).digest()
        if digest in self._recent or digest in self._older:
            return False
        self._recent.add(digest)
        if len(self._recent) >= _REMEMBERED:
            self._recent, self._older = set(), self._recent
        return True
