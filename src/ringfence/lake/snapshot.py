"""What was known at a sequence, as the files that hold it: what engines are handed."""

from __future__ import annotations

import json
import os
import sqlite3
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from ringfence.engines.persons import Persons
from ringfence.engines.snapshot import Batch, PurgedSpan, Snapshot, SortedFile, TableFiles
from ringfence.errors import NotFound, UsageError
from ringfence.lake import catalog, imports_catalog
from ringfence.lake.catalog import Delivery, DerivedFile
from ringfence.lake.durable import storage_faults
from ringfence.lake.home import Home
from ringfence.lake.layout import copies, usable
from ringfence.lake.leases import SPILL, lease
from ringfence.lake.workbench import paths_of
from ringfence.records import TABLES

PersonsAt = Callable[[int, datetime | None], Persons | None]
"""Which subjects were one person, as known at a sequence of the lake and a moment (None: now)."""


def nobody_merged(_sequence: int, _moment: datetime | None) -> None:
    """Each subject is a person of its own."""


def snapshot(
    home: Home,
    now: datetime,
    as_of: datetime | int | None = None,
    persons: PersonsAt = nobody_merged,
) -> Snapshot:
    """What was known: now, at a moment, or at a sequence number.

    While the Snapshot object lives its files stay, whatever compaction and purge do meanwhile.
    """
    with storage_faults(home.catalog):
        while True:
            with catalog.reading(home.catalog) as connection:
                epoch = catalog.epoch(connection)
            held = lease(home, epoch)
            with catalog.reading(home.catalog) as connection:
                if catalog.epoch(connection) == epoch:
                    try:
                        taken = _taken(home, connection, now, as_of, persons)
                    except BaseException:
                        _release(held)
                        raise
                    weakref.finalize(taken, _release, held)
                    return taken
            _release(held)


def _release(held: int | None) -> None:
    if held is not None:
        os.close(held)


def _taken(
    home: Home,
    connection: sqlite3.Connection,
    now: datetime,
    as_of: datetime | int | None,
    persons: PersonsAt,
) -> Snapshot:
    sequence, moment = _known_at(home, connection, now, as_of)
    every = catalog.deliveries(connection, sequence)
    gone = catalog.withdrawn(connection, sequence)
    generations = catalog.generations(connection)
    tables = {}
    for name in TABLES:
        delivered = [d for d in every if d.table_name == name]
        if delivered:
            base = generations.get(name, sequence + 1)
            stands = base <= sequence and not changed_since(connection, delivered, base, gone)
            derived = _present(home, connection, name) if stands else None
            after = 0 if derived is None else base
            fresh = [d for d in delivered if d.batch not in gone and d.sequence > after]
            tables[name] = _files(home, name, derived or (), fresh)
    return Snapshot(
        sequence=sequence,
        as_of=moment,
        zone=home.zone,
        jurisdiction=home.jurisdiction,
        synthetic=home.synthetic,
        tables=tables,
        batches=_batches(connection, every),
        purged=_purged(connection),
        historical=as_of is not None,
        spill=home.staging / SPILL,
        compiled=home.compiled,
        persons=persons(sequence, None if as_of is None else moment),
        layouts=home.layouts,
    )


def _known_at(
    home: Home, connection: sqlite3.Connection, now: datetime, as_of: datetime | int | None
) -> tuple[int, datetime]:
    last = catalog.last_sequence(connection)
    if as_of is None:
        return last, now.astimezone(UTC)
    if isinstance(as_of, datetime):
        if as_of.tzinfo is None:
            raise UsageError("as-of needs a time zone offset", "--as-of 须带时区偏移")
        (sequence,) = connection.execute(
            "SELECT coalesce(max(sequence), 0) FROM act WHERE at <= ?", (catalog.micros(as_of),)
        ).fetchone()
        return int(sequence), min(as_of, now).astimezone(UTC)
    if not 0 <= as_of <= last:
        raise NotFound(
            f"sequence {as_of} is not known; the last one is {last}",
            f"序号 {as_of} 不存在；最新序号为 {last}",
        )
    row = connection.execute("SELECT at FROM act WHERE sequence = ?", (as_of,)).fetchone()
    return as_of, catalog.moment(row[0]) if row else home.created_at


def _present(home: Home, connection: sqlite3.Connection, table: str) -> list[DerivedFile] | None:
    """The newest generation, unless files of it were deleted: they can all be made again."""
    derived = catalog.derived_files(connection, table)
    return derived if usable(home.root, table, derived) else None


def changed_since(
    connection: sqlite3.Connection,
    delivered: Iterable[Delivery],
    base: int,
    gone: frozenset[str],
) -> list[Delivery]:
    """Deliveries up to `base` that were withdrawn or reinstated since."""
    gone_then = catalog.withdrawn(connection, base)
    return [
        d for d in delivered if d.sequence <= base and (d.batch in gone) != (d.batch in gone_then)
    ]


def _files(
    home: Home, table: str, derived: Sequence[DerivedFile], fresh: Iterable[Delivery]
) -> TableFiles:
    return TableFiles(
        table,
        first=_sorted(home, derived, 0),
        lookups={
            copy.lookup: _sorted(home, derived, number)
            for number, copy in enumerate(copies(TABLES[table]))
            if copy.lookup is not None and derived
        },
        fresh=tuple(paths_of(home, fresh)),
        replacing=any(d.replaces for d in fresh),
    )


def _sorted(home: Home, derived: Iterable[DerivedFile], copy: int) -> tuple[SortedFile, ...]:
    return tuple(
        SortedFile(
            home.root / file.path,
            None if file.day is None else catalog.utc_day(file.day),
            file.rows,
        )
        for file in derived
        if file.copy == copy
    )


def _batches(connection: sqlite3.Connection, every: Sequence[Delivery]) -> dict[str, Batch]:
    parts = imports_catalog.all_parts(connection)
    within = imports_catalog.imports_of(connection)
    return {
        d.batch: _batch(d, parts.get(within.get(d.batch, d.batch), {}), within.get(d.batch))
        for d in every
    }


def _batch(delivery: Delivery, parts: Mapping[int, str], imported: str | None) -> Batch:
    return Batch(
        delivery.batch,
        delivery.sequence,
        delivery.table_name,
        delivery.source,
        delivery.file_name,
        catalog.moment(delivery.received_at),
        parts,
        imported,
    )


def _purged(connection: sqlite3.Connection) -> tuple[PurgedSpan, ...]:
    rows = connection.execute(
        "SELECT table_name, first, until, sequence, held_cases FROM purged"
        " ORDER BY sequence, table_name"
    )
    return tuple(
        PurgedSpan(
            table,
            catalog.moment(first),
            catalog.moment(until),
            sequence,
            frozenset(json.loads(held)),
        )
        for table, first, until, sequence, held in rows
    )
