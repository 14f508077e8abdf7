"""Reading the vault: what is said of subjects, who has a number or a name, whose numbers agree."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ringfence.errors import StorageError
from ringfence.vault.cohorts import Numbers, attempt_of, record_number, runs, span_of
from ringfence.vault.keys import Keys, data_key, mask_key
from ringfence.vault.model import Told
from ringfence.vault.register import Attempt
from ringfence.vault.sealing import seal_of, unpacked
from ringfence.vault.tokens import KINDS, TOKEN_BYTES, Digests, masked, sought, unmasked

_AT_ONCE = 20_000
_WORDS = 1_000
"""Tokens that one question names: SQLite takes no more than some thousands."""


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
        tokens = masked(mask, digests.of_all(0, asked[start : start + _AT_ONCE]))
        _, records = _bearers(cohort, 0, tokens)
        yield from _opened(cohort, keys, _statements(cohort.file, np.sort(records).tolist()))


def every_statement(cohort: Cohort, keys: Keys) -> Iterator[Told]:
    for number in cohort.attempts:
        rows = cohort.file.execute(
            "SELECT number, row, subject, sealed FROM statement"
            " WHERE number BETWEEN ? AND ? ORDER BY number",
            span_of(number),
        )
        yield from _opened(cohort, keys, rows)


def subjects_told_of(cohort: Cohort) -> Iterator[str]:
    """Of whom the attempts that count speak; no record is opened."""
    for number in cohort.attempts:
        rows = cohort.file.execute(
            "SELECT DISTINCT subject FROM statement WHERE number BETWEEN ? AND ?", span_of(number)
        )
        yield from (subject for (subject,) in rows)


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
        _, records = _bearers(cohort, number, masked(mask, digests.of(number, told)))
        found |= set(_subjects(cohort.file, records))
    return found


def bearing_any(
    cohorts: Iterable[Cohort], keys: Keys, kind: int, digests: bytes
) -> Iterator[tuple[str, ...]]:
    """Subjects that bear one of these digests of a kind, digest by digest; where they are several.

    Only these tokens are looked for, and no record is opened.
    """
    places = range(0, len(digests), TOKEN_BYTES)
    found: list[tuple[Cohort, Numbers, Numbers]] = []
    times = np.zeros(len(places), np.int64)
    for cohort in cohorts:
        tokens = masked(keys.get(mask_key(cohort.name)), digests)
        place_of = {tokens[at : at + TOKEN_BYTES]: place for place, at in enumerate(places)}
        borne, records = _bearers(cohort, kind, tokens)
        bearing = np.fromiter((place_of[token] for token in borne), np.int64, len(borne))
        np.add.at(times, bearing, 1)
        found.append((cohort, bearing, records))
    members: defaultdict[int, set[str]] = defaultdict(set)
    for cohort, bearing, records in found:
        several = times[bearing] > 1
        for place, subject in zip(
            bearing[several].tolist(), _subjects(cohort.file, records[several]), strict=True
        ):
            members[place].add(subject)
    for group in members.values():
        if len(group) > 1:
            yield tuple(sorted(group))


def _bearers(cohort: Cohort, kind: int, tokens: bytes) -> tuple[list[bytes], Numbers]:
    """The records of attempts that count that bear one of these tokens; the token of each."""
    several = [tokens[at : at + TOKEN_BYTES] for at in range(0, len(tokens), TOKEN_BYTES)]
    borne: list[bytes] = []
    records: list[Numbers] = [np.empty(0, np.int64)]
    for start in range(0, len(several), _WORDS):
        some = several[start : start + _WORDS]
        rows = cohort.file.execute(
            "SELECT token, attempt, ordinals FROM token"  # noqa: S608 - marks only
            f" WHERE kind = ? AND token IN ({', '.join('?' * len(some))})",
            (kind, *some),
        )
        these, numbers = _records(cohort, rows.fetchall())
        borne += these
        records.append(numbers)
    return borne, np.concatenate(records)


def _records(
    cohort: Cohort, rows: Iterable[tuple[bytes, int, bytes]]
) -> tuple[list[bytes], Numbers]:
    """Token and number of each record that stored tokens lead to, of attempts that count."""
    counting = [row for row in rows if row[1] in cohort.attempts]
    times = [len(ordinals) // 4 for _, _, ordinals in counting]
    borne = [
        token for (token, _, _), many in zip(counting, times, strict=True) for _ in range(many)
    ]
    first = np.repeat(np.array([record_number(a, 0) for _, a, _ in counting], np.int64), times)
    ordinals = np.frombuffer(b"".join([these for _, _, these in counting]), "<u4")
    return borne, first + ordinals.astype(np.int64)


def _statements(
    file: sqlite3.Connection, numbers: Sequence[int]
) -> Iterator[tuple[int, int, str, bytes]]:
    """The records of these numbers, in order. StorageError: a token leads to one that is not
    there.
    """
    for some, rows in _rows_of(file, numbers, "number, row, subject, sealed"):
        _check_all_there(some, [row[0] for row in rows])
        yield from rows


def _subjects(file: sqlite3.Connection, records: Numbers) -> list[str]:
    """The subject of each of these records; the same fault."""
    numbers, back = np.unique(records, return_inverse=True)
    found: list[str] = []
    for some, rows in _rows_of(file, numbers.tolist(), "number, subject"):
        _check_all_there(some, [number for number, _ in rows])
        found += [subject for _, subject in rows]
    named: list[str] = np.array(found, object)[back].tolist()
    return named


def _rows_of(
    file: sqlite3.Connection, numbers: Sequence[int], columns: str
) -> Iterator[tuple[Sequence[int], list[tuple[Any, ...]]]]:
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        rows = file.execute(
            f"SELECT {columns} FROM statement WHERE number IN"  # noqa: S608 - names of columns
            " (SELECT value FROM json_each(?)) ORDER BY number",
            (json.dumps(some),),
        )
        yield some, rows.fetchall()


def _check_all_there(asked: Sequence[int], found: Sequence[int]) -> None:
    if len(found) < len(asked):
        number = min(set(asked) - set(found))
        raise StorageError(f"record {number} of the vault is missing", f"保险库缺少记录 {number}")


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
    shared = np.repeat(ends - begins > 1, ends - begins)
    record, where = record[order][shared], where[order][shared]
    subjects = np.empty(len(record), object)
    for place, cohort in enumerate(several):
        (here,) = np.nonzero(where == place)
        subjects[here] = _subjects(cohort.file, record[here])
    named_in_order = subjects.tolist()
    many = (ends - begins)[ends - begins > 1]
    last = np.cumsum(many)
    for begin, end in zip((last - many).tolist(), last.tolist(), strict=True):
        group = set(named_in_order[begin:end])
        if len(group) > 1:
            yield tuple(sorted(group))


def _tokens(cohort: Cohort, kind: int) -> tuple[bytes, Numbers]:
    """Tokens of a kind and their records, only of attempts that count."""
    rows = cohort.file.execute("SELECT token, attempt, ordinals FROM token WHERE kind = ?", (kind,))
    tokens: list[bytes] = []
    numbers: list[Numbers] = [np.empty(0, np.int64)]
    while some := rows.fetchmany(_AT_ONCE):
        borne, records = _records(cohort, some)
        tokens += borne
        numbers.append(records)
    return b"".join(tokens), np.concatenate(numbers)
