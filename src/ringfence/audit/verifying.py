"""Is the chain whole? One edited, added or removed row is found and named.

A row whose digest does not follow from the row and its forerunner was edited. Where all digests
follow, the last signature speaks for all rows: if it does not fit, somebody chained the rows anew
after an edit, and the first signature that does not fit names the rows among which it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ringfence.audit.entries import BEGINNING, chained, open_audit, path_of
from ringfence.audit.signing import Head, is_signed, key_of, read_head, signer_name, signing_key
from ringfence.audit.writing import GAP, last_row
from ringfence.errors import Text, UserError
from ringfence.lake import Home
from ringfence.lake.sqlite_file import file_faults

_AT_ONCE = 10_000


@dataclass(frozen=True)
class AuditFault:
    """`first` to `last`: the rows among which something was changed. `gap`: the program itself
    wrote down there that an older copy was put in place, as after the restoring of a backup.
    """

    first: int
    last: int
    text: Text
    gap: bool = False


@dataclass(frozen=True)
class AuditReport:
    """`head`: number and digest of the last row, to be kept elsewhere and compared later."""

    rows: int
    head: str
    signer: str | None
    faults: tuple[AuditFault, ...]

    @property
    def ok(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        faults = [{"first": f.first, "last": f.last, "text": f.text.en} for f in self.faults]
        return {
            "ok": self.ok,
            "rows": self.rows,
            "head": self.head,
            "signer": self.signer,
            "faults": faults,
        }


def verify(
    home: Home,
    *,
    trusted: Ed25519PublicKey | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> AuditReport:
    """Check every row. `trusted`: the public key, where the signing key is not at hand."""
    with file_faults(path_of(home)):
        connection = open_audit(home)
        if connection is None:
            return AuditReport(0, "", None, ())
        with closing(connection):
            connection.execute("BEGIN")
            key = key_of(connection)
            faults = list(_chain_faults(connection, progress))
            last = last_row(connection)
            if trusted is None:
                trusted, missing = _own_key(key)
                faults += missing
            if trusted is not None and not faults:
                faults += _signature_faults(connection, trusted, last.number)
            faults += _cut(connection, read_head(key), last)
    name = None if trusted is None else signer_name(trusted)
    return AuditReport(last.number, f"{last.number}:{last.digest.hex()}", name, tuple(faults))


def _chain_faults(
    connection: sqlite3.Connection, progress: Callable[[int], None]
) -> Iterator[AuditFault]:
    rows = connection.execute(
        "SELECT number, at, by, act, state, of, about, digest FROM entry ORDER BY number"
    )
    digest, expected = BEGINNING, 1
    while some := rows.fetchmany(_AT_ONCE):
        for number, *values, stored in some:
            if number != expected:
                yield _missing(expected, number - 1)
            elif chained(digest, (number, *values)) != stored:
                yield _edited(number)
            digest, expected = stored, number + 1
        progress(len(some))


def _own_key(path: Path) -> tuple[Ed25519PublicKey | None, list[AuditFault]]:
    try:
        return signing_key(path, fresh=False).public_key(), []
    except UserError as error:
        return None, [AuditFault(0, 0, error.text)]


def _signature_faults(
    connection: sqlite3.Connection, trusted: Ed25519PublicKey, last: int
) -> Iterator[AuditFault]:
    """Digests follow from each other here, so that each signature speaks for all rows before."""
    points = connection.execute(
        "SELECT c.number, e.digest, c.signature FROM checkpoint c"
        " LEFT JOIN entry e USING (number) ORDER BY c.number"
    ).fetchall()
    fits = [number for number, *_ in points]

    def signed(at: int) -> bool:
        number, digest, signature = points[at]
        return digest is not None and is_signed(trusted, number, digest, signature)

    if last and (not fits or fits[-1] != last):
        yield _unsigned(fits[-1] + 1 if fits else 1, last)
    if not points or signed(len(points) - 1):
        return
    low, high = 0, len(points) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if signed(middle) else (low, middle)
    yield _rechained(fits[low - 1] + 1 if low else 1, fits[low])


def _cut(connection: sqlite3.Connection, known: Head | None, last: Head) -> Iterator[AuditFault]:
    for number, about in connection.execute(
        "SELECT number, about FROM entry WHERE act = ? ORDER BY number", (GAP,)
    ):
        yield AuditFault(
            number,
            number,
            Text(
                f"row {number}: an older copy of the audit was put in place before it: {about}",
                f"第 {number} 行：此前审计记录曾被旧副本替换：{about}",
            ),
            gap=True,
        )
    if known is None:
        return
    if known.number > last.number:
        yield _missing(last.number + 1, known.number)
        return
    (digest,) = connection.execute(
        "SELECT digest FROM entry WHERE number = ?", (known.number,)
    ).fetchone() or (None,)
    if digest is not None and digest != known.digest:
        yield _rechained(1, known.number)


def _edited(number: int) -> AuditFault:
    return AuditFault(
        number,
        number,
        Text(
            f"row {number} was edited after it was written, or one before it was put in its place",
            f"第 {number} 行在写入后被修改，或前一行被替换",
        ),
    )


def _missing(first: int, last: int) -> AuditFault:
    return AuditFault(
        first,
        last,
        Text(f"rows {first} to {last} were removed", f"第 {first} 至 {last} 行被删除"),
    )


def _unsigned(first: int, last: int) -> AuditFault:
    return AuditFault(
        first,
        last,
        Text(
            f"rows {first} to {last} bear no signature: this program did not write them",
            f"第 {first} 至 {last} 行没有签名：并非本程序写入",
        ),
    )


def _rechained(first: int, last: int) -> AuditFault:
    return AuditFault(
        first,
        last,
        Text(
            f"rows {first} to {last} are not those that were signed: one was edited and the chain"
            " made anew",
            f"第 {first} 至 {last} 行与签名不符：有行被修改且链被重新计算",
        ),
    )
