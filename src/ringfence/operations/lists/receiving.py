"""Taking in a list: identities to the vault, rows and persons to the store; whole or not at all."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ringfence.audit import acting
from ringfence.errors import DataError
from ringfence.lake import Home, Reject
from ringfence.lake.catalog import micros
from ringfence.lake.lineage import file_of
from ringfence.operations.cases import check_case
from ringfence.operations.checks import check_keys, check_words
from ringfence.operations.database import reading, writing
from ringfence.operations.lists.form import ListForm, check_header
from ringfence.operations.lists.model import RECEIVED, ReceivedList
from ringfence.operations.lists.persons import Marks, marks, same_persons
from ringfence.operations.lists.reading import acknowledged_lists, of_batch, refuse_withdrawn
from ringfence.operations.lists.rows import Listed, read_rows
from ringfence.operations.lists.steps import add_step
from ringfence.sources.delivered import Delivered
from ringfence.sources.faults import changed
from ringfence.sources.normalise import Setting
from ringfence.sources.normalise.division_store import regions_in_use
from ringfence.sources.opening import open_delivery
from ringfence.sources.raw.model import Raw, RawChunk
from ringfence.sources.raw.reading import read_raw
from ringfence.vault import Statement, Vault, open_vault

SOURCE = "lists"
"""One for all lists, so that a person has the same subject number on each."""
KIND = "list"
REGISTERS = {KIND: acknowledged_lists}
"""Who acknowledges the batches of lists in the vault."""
_PIECE = 1 << 20


@dataclass(frozen=True)
class Received:
    """`replayed`: this list was received before, and nothing changed. `unread`: sheets with values
    that were not read. `open_end`: the last line of a stream does not end.
    """

    list: ReceivedList
    replayed: bool
    unread: tuple[str, ...] = ()
    open_end: bool = False


@dataclass
class _Found:
    """What is kept of the rows while the file is read."""

    rows: dict[int, tuple[str, int, tuple[str, ...]]] = field(default_factory=dict)
    marks: list[Marks] = field(default_factory=list)
    refused: list[Reject] = field(default_factory=list)
    told: dict[bytes, int] = field(default_factory=dict)


def receive(
    home: Home,
    path: Path | str | Delivered,
    *,
    agency: str,
    basis: str,
    case: str | None = None,
    form: ListForm | None = None,
    by: str,
    now: datetime,
) -> Received:
    """Take in a list. The same bytes from the same agency, read alike, are the same list."""
    check_keys("agency", "机构", [agency])
    check_words("legal basis", "法律依据", basis)
    if case is not None:
        check_case(home, case, now)
    form = form or ListForm()
    with open_delivery(home, path) as delivered:
        batch = _batch_of(delivered, agency, form)
        if (stored := _stored(home, batch)) is not None:
            again = _opened(delivered, form, lambda _: None)
            return Received(stored, replayed=True, unread=again.unread, open_end=again.open_end)
        about = {"agency": agency, **({} if case is None else {"case": case})}
        with (
            acting(home, "list.receive", by=by, at=now, about=about) as told,
            open_vault(home, create=True, registers=REGISTERS) as vault,
            vault.stage(batch, f"{SOURCE}:{agency}", now) as staging,
        ):
            found = _Found()
            check = _begun(agency, form)
            raw = _opened(delivered, form, check.update)
            setting = Setting(
                ZoneInfo(home.zone), now, home.synthetic, regions=regions_in_use(home, now)
            )
            for chunk in raw.chunks():
                listed, refused = read_rows(chunk, form, setting)
                staging.write(_statements(vault, listed, found))
                staging.keep_rejects(_as_they_came(chunk, refused))
                found.refused += refused
            parts = {part.number: part.name for part in raw.parts}
            _check_filled(found, delivered.name)
            if f"{KIND}-{check.hexdigest()}" != batch:
                raise changed(delivered.name)
            staging.ready()
            with writing(home) as connection:
                stored = of_batch(connection, batch)
                if stored is None:
                    stored = _insert(
                        connection,
                        (batch, agency, basis, case, delivered.name, form.name),
                        found,
                        parts,
                        at=micros(now),
                        by=by,
                    )
            told["list"] = stored.name
    return Received(stored, replayed=False, unread=raw.unread, open_end=raw.open_end)


def _opened(delivered: Delivered, form: ListForm, feed: Callable[[bytes], None]) -> Raw:
    """Every header is judged before any row is read, as those of an import are."""
    raw = read_raw(delivered, form.form, feed, expected=form.expected, takes=form.finds_persons)
    names = {part.number: part.name for part in raw.parts}
    for number, found in raw.found.items():
        check_header(form, found.columns, file_of(delivered.name, names, number))
    return raw


def _batch_of(delivered: Delivered, agency: str, form: ListForm) -> str:
    digest = _begun(agency, form)
    delivered.file.seek(0)
    while piece := delivered.file.read(_PIECE):
        digest.update(piece)
    delivered.file.seek(0)
    return f"{KIND}-{digest.hexdigest()}"


def _begun(agency: str, form: ListForm) -> hashlib._Hash:
    return hashlib.sha256(json.dumps([KIND, agency, form.digest]).encode())


def _stored(home: Home, batch: str) -> ReceivedList | None:
    with reading(home) as connection:
        stored = None if connection is None else of_batch(connection, batch)
    if stored is not None:
        refuse_withdrawn(stored)
    return stored


def _statements(vault: Vault, listed: Iterable[Listed], found: _Found) -> Iterator[Statement]:
    """Statements for the vault; what the persons are told apart by is remembered as pseudonyms."""
    rows = [(one, marks(one.row, one.fields)) for one in listed]
    texts = list(dict.fromkeys(text for _, mark in rows for text in _texts(mark)))
    names = dict(zip(texts, vault.pseudonyms(SOURCE, "person", texts), strict=True))
    for one, mark in rows:
        kept = Marks(
            one.row,
            None if mark.document is None else names[mark.document],
            tuple(names[contact] for contact in mark.contacts),
        )
        subject = kept.document or kept.contacts[0]
        content = json.dumps([subject, *sorted(one.fields.items())]).encode()
        first = found.told.setdefault(hashlib.sha256(content).digest()[:16], one.row)
        found.rows[one.row] = (subject, first, one.emptied)
        found.marks.append(kept)
        if first == one.row:
            yield Statement(subject, one.row, one.fields)


def _texts(mark: Marks) -> tuple[str, ...]:
    return mark.contacts if mark.document is None else (mark.document, *mark.contacts)


def _as_they_came(chunk: RawChunk, refused: Iterable[Reject]) -> Iterator[tuple[int, str]]:
    """Rows that could not be split into cells have none to keep."""
    places = {row: at for at, row in enumerate(chunk.rows.to_pylist())}
    for reject in refused:
        at = places.get(reject.row % (1 << 32))
        if at is not None:
            cells = {name: cells[at].as_py() for name, cells in chunk.columns.items()}
            yield reject.row, json.dumps(cells, ensure_ascii=False)


def _check_filled(found: _Found, file: str) -> None:
    if not found.rows and not found.refused:
        raise DataError(
            f"{file} has no rows: nothing was stored", f"{file} 没有数据行：未保存任何数据"
        )


def _insert(
    connection: sqlite3.Connection,
    told: tuple[str, str, str, str | None, str, str],
    found: _Found,
    parts: dict[int, str],
    *,
    at: int,
    by: str,
) -> ReceivedList:
    made = connection.execute(
        "INSERT INTO list (batch, agency, basis, case_key, file, form, rows_in)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*told, len(found.rows) + len(found.refused)),
    )
    number = made.lastrowid
    assert number is not None
    add_step(connection, number, RECEIVED, at=at, by=by)
    connection.executemany(
        "INSERT INTO list_part (number, part, name) VALUES (?, ?, ?)",
        [(number, part, name) for part, name in parts.items()],
    )
    persons = same_persons(found.marks)
    connection.executemany(
        "INSERT INTO list_row (number, row, person, subject, told_at, emptied)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            (number, row, persons[row], subject, first, ",".join(emptied))
            for row, (subject, first, emptied) in found.rows.items()
        ],
    )
    connection.executemany(
        "INSERT INTO list_row (number, row, field, reason_en, reason_zh) VALUES (?, ?, ?, ?, ?)",
        [(number, r.row, r.field, r.reason.en, r.reason.zh) for r in found.refused],
    )
    connection.executemany(
        "INSERT INTO list_mark (mark, number, person, document, has_document)"
        " VALUES (?, ?, ?, ?, ?)",
        _marks_of_persons(number, found.marks, persons),
    )
    stored = of_batch(connection, told[0])
    assert stored is not None
    return stored


def _marks_of_persons(
    number: int, rows: Iterable[Marks], persons: dict[int, int]
) -> list[tuple[str, int, int, int, int]]:
    rows = list(rows)
    documented = {persons[one.row] for one in rows if one.document is not None}
    kept = set()
    for one in rows:
        person = persons[one.row]
        has = int(person in documented)
        if one.document is not None:
            kept.add((one.document, number, person, 1, has))
        kept.update((contact, number, person, 0, has) for contact in one.contacts)
    return sorted(kept)
