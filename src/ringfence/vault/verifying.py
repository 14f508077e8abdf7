"""Is every record as it was written, and does every token lead to it? Tokens can be made again."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ringfence.errors import StorageError, Text
from ringfence.lake.sqlite_file import transaction
from ringfence.vault.cohorts import postings, span_of
from ringfence.vault.keys import Keys, data_key, mask_key
from ringfence.vault.reading import Cohort
from ringfence.vault.register import Attempt
from ringfence.vault.sealing import seal_of, unpacked
from ringfence.vault.tokens import KINDS, Digests, NameForms, masked, texts_of

_MOST_TOLD = 20


@dataclass(frozen=True)
class VerifyReport:
    """`records` were opened, statements and refused rows. `repaired`: batches with new tokens."""

    records: int
    faults: tuple[Text, ...]
    repaired: int

    @property
    def ok(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        faults = [fault.en for fault in self.faults]
        return {"ok": self.ok, "records": self.records, "faults": faults, "repaired": self.repaired}


class Verifying:
    """Goes through cohorts; `repair`: tokens that differ are made again from the records."""

    def __init__(self, keys: Keys, digests: Digests, forms: NameForms, *, repair: bool) -> None:
        self._keys = keys
        self._digests = digests
        self._forms = forms
        self._repair = repair
        self._records = 0
        self._repaired = 0
        self._faults: list[Text] = []

    def report(self) -> VerifyReport:
        told = self._faults[:_MOST_TOLD]
        more = len(self._faults) - len(told)
        if more:
            told.append(Text(f"{more} more", f"另有 {more} 处"))
        return VerifyReport(self._records, tuple(told), self._repaired)

    def cohort(self, cohort: Cohort) -> None:
        (told,) = cohort.file.execute("PRAGMA integrity_check(1)").fetchone()
        if told != "ok":
            self._faults.append(
                Text(
                    f"the file of cohort {cohort.name} is damaged",
                    f"密钥批 {cohort.name} 的文件损坏",
                )
            )
        for attempt in cohort.attempts.values():
            self._attempt(cohort, attempt)

    def _attempt(self, cohort: Cohort, attempt: Attempt) -> None:
        faults = len(self._faults)
        texts: defaultdict[int, list[bytes]] = defaultdict(list)
        bearing: defaultdict[int, list[int]] = defaultdict(list)
        count = 0
        for ordinal, subject, fields in self._opened(cohort, attempt):
            count += 1
            for kind, text in texts_of(subject, fields, self._forms):
                texts[kind].append(self._digests.of(kind, text))
                bearing[kind].append(ordinal)
        count += self._rejects(cohort, attempt)
        self._records += count
        if count != attempt.statements + attempt.rejects and len(self._faults) == faults:
            missing = attempt.statements + attempt.rejects - count
            self._faults.append(
                Text(
                    f"{missing} records of batch {attempt.batch[:12]} are missing",
                    f"批次 {attempt.batch[:12]} 缺少 {missing} 条记录",
                )
            )
        mask = self._keys.get(mask_key(cohort.name))
        for kind in range(len(KINDS)):
            tokens = masked(mask, b"".join(texts[kind]))
            expected = list(postings(tokens, np.array(bearing[kind], "<u4"))) if tokens else []
            self._tokens(cohort.file, attempt, kind, expected)

    def _opened(
        self, cohort: Cohort, attempt: Attempt
    ) -> Iterator[tuple[int, str, dict[str, str]]]:
        key = self._keys.get(data_key(cohort.name))
        seal = seal_of(key, cohort.name, attempt.source, attempt.batch, "statement")
        first, last = span_of(attempt.number)
        rows = cohort.file.execute(
            "SELECT number, row, subject, sealed FROM statement WHERE number BETWEEN ? AND ?",
            (first, last),
        )
        for number, row, subject, sealed in rows:
            try:
                yield number - first, subject, unpacked(seal.open(number, row, subject, sealed))
            except StorageError as error:
                self._faults.append(error.text)

    def _rejects(self, cohort: Cohort, attempt: Attempt) -> int:
        key = self._keys.get(data_key(cohort.name))
        seal = seal_of(key, cohort.name, attempt.source, attempt.batch, "reject")
        rows = cohort.file.execute(
            "SELECT row, sealed FROM reject WHERE attempt = ?", (attempt.number,)
        )
        count = 0
        for row, sealed in rows:
            try:
                seal.open(0, row, "", sealed)
                count += 1
            except StorageError as error:
                self._faults.append(error.text)
        return count

    def _tokens(
        self,
        file: sqlite3.Connection,
        attempt: Attempt,
        kind: int,
        expected: list[tuple[bytes, bytes]],
    ) -> None:
        stored = file.execute(
            "SELECT token, ordinals FROM token WHERE kind = ? AND attempt = ? ORDER BY token",
            (kind, attempt.number),
        ).fetchall()
        if stored == expected:
            return
        if not self._repair:
            self._faults.append(
                Text(
                    f"look-ups by {KINDS[kind]} miss persons of batch {attempt.batch[:12]}:"
                    " `ringfence vault verify --repair` mends it",
                    f"按 {KINDS[kind]} 查找会漏掉批次 {attempt.batch[:12]} 中的人员："
                    "可用 `ringfence vault verify --repair` 修复",
                )
            )
            return
        with transaction(file):
            file.execute("DELETE FROM token WHERE kind = ? AND attempt = ?", (kind, attempt.number))
            file.executemany(
                "INSERT INTO token (kind, token, attempt, ordinals) VALUES (?, ?, ?, ?)",
                ((kind, token, attempt.number, ordinals) for token, ordinals in expected),
            )
        self._repaired += 1
