"""Adding rows: each transaction chains its rows to those before and signs the last."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ringfence.audit.entries import (
    BEGINNING,
    begin_audit,
    chained,
    described,
    open_audit,
    path_of,
)
from ringfence.audit.remembering import REMEMBERED, Remembered, remember
from ringfence.audit.signing import (
    Head,
    key_of,
    read_head,
    remember_head,
    sign,
    signer_name,
    signing_key,
)
from ringfence.errors import NotAllowed, StorageError, UserError
from ringfence.lake import Home
from ringfence.lake.catalog import micros
from ringfence.lake.sqlite_file import file_faults, transaction

GAP = "audit.gap"
_FREE_TEXT = {"purpose": "用途", "reason": "理由", "note": "备注"}
TELEPHONE_OR_CARD = (
    r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"
    r"|(?<!\d)\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx](?!\w)"
)
"""Telephones and resident cards in a text, to be read as ASCII."""
# And passports and passes (not a date after a letter), e-mail.
_PERSON = re.compile(
    TELEPHONE_OR_CARD
    + r"|(?<!\w)[EGDSPHM][A-Z]?(?!20[0-4]\d[01]\d)\d{7,10}(?!\w)|[A-Za-z]{3}\d{12}(?!\w)|\w@\w",
    re.ASCII,
)


@dataclass(frozen=True)
class Act:
    """A row to be added."""

    act: str
    by: str
    at: datetime
    about: Mapping[str, str]
    state: str = "told"
    of: int | None = None


def append(home: Home, act: str, *, by: str, at: datetime, about: Mapping[str, str]) -> int:
    """Add one row, durable and signed on return; its number."""
    return append_many(home, [Act(act, by, at, about)])


def intended(home: Home, act: str, *, by: str, at: datetime, about: Mapping[str, str]) -> int:
    """Before an act that lives in another store: what is about to be done."""
    return append_many(home, [Act(act, by, at, about, "intended")])


def done(
    home: Home,
    number: int,
    *,
    at: datetime,
    about: Mapping[str, str] | None = None,
    failed: bool = False,
) -> int:
    """After it: that the act of this number was done, or that it failed.

    StorageError: there is no such row any more; nothing is written, and no audit begun anew.
    """
    about = about or {}
    refuse_persons(about)
    state = "failed" if failed else "done"

    def ending(connection: sqlite3.Connection) -> list[Act]:
        begun = connection.execute(
            "SELECT act, by FROM entry WHERE number = ?", (number,)
        ).fetchone()
        if begun is None:
            raise _lost(number)
        act, by = begun
        return [Act(act, by, at, about, state, number)]

    with file_faults(path_of(home)):
        connection = open_audit(home)
        if connection is None:
            raise _lost(number)
        return _append(connection, ending)


@contextmanager
def acting(
    home: Home, act: str, *, by: str, at: datetime, about: Mapping[str, str]
) -> Iterator[dict[str, str]]:
    """An act with its rows: intended before, done or failed after.

    What is put into the dictionary goes to the last row.
    """
    number = intended(home, act, by=by, at=at, about=about)
    told: dict[str, str] = {}
    try:
        yield told
    except BaseException as fault:
        with suppress(UserError):  # an intended act without an end tells as much
            done(home, number, at=at, about={"fault": type(fault).__name__}, failed=True)
        raise
    done(home, number, at=at, about=told)


def append_many(home: Home, acts: Iterable[Act]) -> int:
    """Add rows in one transaction; the number of the last."""
    acts = list(acts)
    for act in acts:
        refuse_persons(act.about)
    with file_faults(path_of(home)):
        return _append(begin_audit(home), lambda _: acts)


def _append(connection: sqlite3.Connection, acts: Callable[[sqlite3.Connection], list[Act]]) -> int:
    """Add what `acts` says within the transaction, and close."""
    with closing(connection):
        key = key_of(connection)
        with transaction(connection):
            head = _add(connection, key, acts(connection))
    remember_head(key, head)
    return head.number


def _add(connection: sqlite3.Connection, key: Path, acts: list[Act]) -> Head:
    last = last_row(connection)
    secret = signing_key(key, fresh=last.number == 0)
    known = read_head(key)
    if known is not None and known.number > last.number and acts:
        acts = [_gap(known, last, acts[0].at), *acts]
    rows = []
    number, digest = last.number, last.digest
    for act in acts:
        number += 1
        row = (number, micros(act.at), act.by, act.act, act.state, act.of, described(act.about))
        digest = chained(digest, row)
        rows.append((*row, digest))
    given = zip(rows, acts, strict=True)
    remember(
        key,
        [
            Remembered(row[0], act.at, act.by, act.act, act.state, act.of, act.about)
            for row, act in given
            if act.act in REMEMBERED
        ],
    )
    connection.executemany(
        "INSERT INTO entry (number, at, by, act, state, of, about, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    connection.execute(
        "INSERT INTO checkpoint (number, digest, signer, signature) VALUES (?, ?, ?, ?)",
        (number, digest, signer_name(secret.public_key()), sign(secret, number, digest)),
    )
    return Head(number, digest)


def last_row(connection: sqlite3.Connection) -> Head:
    row = connection.execute(
        "SELECT number, digest FROM entry ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return Head(0, BEGINNING) if row is None else Head(*row)


def _gap(known: Head, last: Head, at: datetime) -> Act:
    """The chain ends before the last row that was signed: an older copy was put in its place."""
    about = {"signed": str(known.number), "found": str(last.number)}
    return Act(GAP, "ringfence", at, about)


def _lost(number: int) -> StorageError:
    return StorageError(
        f"row {number} of the audit, which this act began with, is not there any more:"
        " its end was not written; run `ringfence audit verify`",
        f"审计记录中已没有此操作起始的第 {number} 行：未写入其结束；"
        "请运行 `ringfence audit verify`",
    )


def refuse_persons(about: Mapping[str, str]) -> None:
    """NotAllowed. Free text is the one way in which a person's data could come into the audit."""
    for name, text in about.items():
        if name in _FREE_TEXT and _PERSON.search(unicodedata.normalize("NFKC", text)):
            raise NotAllowed(
                f"the {name} seems to hold a person's number or address:"
                " name the case instead; the audit holds no persons' data",
                f"{_FREE_TEXT[name]}中似含个人号码或地址：请改写病例编号；审计记录不保存个人信息",
            )
