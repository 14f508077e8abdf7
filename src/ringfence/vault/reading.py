"""Reading the vault: what is said of subjects, who has a number or a name, whose numbers agree."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from ringfence.errors import StorageError
from ringfence.vault.cohorts import Numbers, attempt_of, record_number, records_of, runs, span_of
from ringfence.vault.keys import Keys, data_key, mask_key
from ringfence.vault.model import Told
from ringfence.vault.register import Attempt
from ringfence.vault.sealing import seal_of, unpacked
from ringfence.vault.tokens import KINDS, TOKEN_BYTES, Digests, masked, sought, unmasked

_AT_ONCE = 20_000


@dataclass(frozen=True)
class Cohort:
    """One cohort as a reader sees it: its file and the attempts in it that count."""

    name: str
    file: sqlite3.Connection
    attempts: Mapping[int, Attempt]


def statements_of(
    cohort: Cohort, keys: Keys, digests: Digests, subjects: Iterable[str]
) -> Iterator[Told]:
    mask = keys.get(mask_key(cohort.name))
    asked = list(subjects)
    for start in range(0, len(asked), _AT_ONCE):
        part = asked[start : start + _AT_ONCE]
        tokens = masked(mask, digests.of_all(0, part))
        for at in range(0, len(tokens), TOKEN_BYTES):
            records = _bearing(cohort, 0, tokens[at : at + TOKEN_BYTES])
            yield from _opened(cohort, keys, map(partial(_statement, cohort.file), records))


def every_statement(cohort: Cohort, keys: Keys) -> Iterator[Told]:
    for number in cohort.attempts:
        rows = cohort.file.execute(
            "SELECT number, row, subject, sealed FROM statement"
            " WHERE number BETWEEN ? AND ? ORDER BY number",
            span_of(number),
        )
        yield from _opened(cohort, keys, rows)


def _opened(
    cohort: Cohort, keys: Keys, rows: Iterable[tuple[int, int, str, bytes]]
) -> Iterator[Told]:
    key = keys.get(data_key(cohort.name))
    seals = {}
    for number, row, subject, sealed in rows:
        attempt = cohort.attempts.get(attempt_of(number))
        if attempt is None:
            continue
        if attempt.number not in seals:
            seals[attempt.number] = seal_of(
                key, cohort.name, attempt.source, attempt.batch, "statement"
            )
        content = seals[attempt.number].open(number, row, subject, sealed)
        yield Told(subject, attempt.source, attempt.batch, row, unpacked(content))


def rejects_of(cohort: Cohort, keys: Keys, attempt: Attempt) -> Iterator[tuple[int, str]]:
    """Refused rows as they came: source row and JSON."""
    key = keys.get(data_key(cohort.name))
    seal = seal_of(key, cohort.name, attempt.source, attempt.batch, "reject")
    rows = cohort.file.execute(
        "SELECT row, sealed FROM reject WHERE attempt = ? ORDER BY row", (attempt.number,)
    )
    for row, sealed in rows:
        yield row, unpacked(seal.open(0, row, "", sealed))["json"]


def found_in(cohort: Cohort, keys: Keys, digests: Digests, kind: str, text: str) -> set[str]:
    number = KINDS.index(kind)
    mask = keys.get(mask_key(cohort.name))
    found = set()
    for told in sought(kind, text):
        records = _bearing(cohort, number, masked(mask, digests.of(number, told)))
        found |= {_statement(cohort.file, record)[2] for record in records}
    return found


def _bearing(cohort: Cohort, kind: int, token: bytes) -> list[int]:
    """The records that bear a token, of attempts that count."""
    rows = cohort.file.execute(
        "SELECT attempt, ordinals FROM token WHERE kind = ? AND token = ? ORDER BY attempt",
        (kind, token),
    )
    return [
        record
        for attempt, ordinals in rows
        if attempt in cohort.attempts
        for record in records_of(attempt, ordinals)
    ]


def _statement(file: sqlite3.Connection, number: int) -> tuple[int, int, str, bytes]:
    """StorageError: a token leads to a record that is not there."""
    row: tuple[int, int, str, bytes] | None = file.execute(
        "SELECT number, row, subject, sealed FROM statement WHERE number = ?", (number,)
    ).fetchone()
    if row is None:
        raise StorageError(f"record {number} of the vault is missing", f"保险库缺少记录 {number}")
    return row


def groups(cohorts: Iterable[Cohort], keys: Keys, kind: str) -> Iterator[tuple[str, ...]]:
    """Subjects with the same text of a kind, wherever it was said; only where there are several."""
    column = KINDS.index(kind)
    several = list(cohorts)
    digests: list[bytes] = []
    records: list[Numbers] = []
    places: list[Numbers] = []
    for place, cohort in enumerate(several):
        found, numbers = _tokens(cohort, column)
        if len(numbers):
            digests.append(unmasked(keys.get(mask_key(cohort.name)), found))
            records.append(numbers)
            places.append(np.full(len(numbers), place, np.int64))
    if not records:
        return
    record, where = np.concatenate(records), np.concatenate(places)
    order, begins, ends = runs(b"".join(digests), where, record)
    record, where = record[order], where[order]
    shared = ends - begins > 1
    for begin, end in zip(begins[shared].tolist(), ends[shared].tolist(), strict=True):
        subjects = {
            _statement(several[at].file, number)[2]
            for at, number in zip(
                where[begin:end].tolist(), record[begin:end].tolist(), strict=True
            )
        }
        if len(subjects) > 1:
            yield tuple(sorted(subjects))


def _tokens(cohort: Cohort, kind: int) -> tuple[bytes, Numbers]:
    """Tokens of a kind and their records, only of attempts that count."""
    rows = cohort.file.execute("SELECT token, attempt, ordinals FROM token WHERE kind = ?", (kind,))
    tokens: list[bytes] = []
    numbers: list[Numbers] = [np.empty(0, np.int64)]
    while some := rows.fetchmany(_AT_ONCE):
        counting = [row for row in some if row[1] in cohort.attempts]
        tokens += [token * (len(ordinals) // 4) for token, _, ordinals in counting]
        times = [len(ordinals) // 4 for _, _, ordinals in counting]
        first = np.repeat(np.array([record_number(a, 0) for _, a, _ in counting], np.int64), times)
        ordinals = np.frombuffer(b"".join([these for _, _, these in counting]), "<u4")
        numbers.append(first + ordinals.astype(np.int64))
    return b"".join(tokens), np.concatenate(numbers)
