"""Withdrawing a batch, and taking the withdrawal back: which batches count, nothing more.

What puts a batch's rows right, corrections and refused rows brought again, is withdrawn with it and
comes back with it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ringfence.errors import DataError, NotFound, UsageError
from ringfence.lake import catalog, imports_catalog
from ringfence.lake.catalog import Delivery
from ringfence.lake.durable import storage_faults
from ringfence.lake.home import Home
from ringfence.lake.imports_catalog import Import
from ringfence.lake.leases import writer

SHORTEST_PREFIX = 8


@dataclass(frozen=True)
class BatchAct:
    """A withdrawal or reinstatement; `sequence` is that of its last row in the catalog.

    `along`: the batches that put its rows right, acted on with it.
    """

    act: str
    batch: str
    table: str
    source: str
    file: str
    rows: int
    reason: str
    sequence: int
    at: datetime
    along: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "at": self.at.isoformat()}


@dataclass(frozen=True)
class Named:
    """What a user names by a batch: a delivery, or an import with its delivery of each table."""

    batch: str
    source: str
    file_name: str
    received_at: int
    deliveries: tuple[Delivery, ...]
    imported: Import | None

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(delivery.table_name for delivery in self.deliveries)

    @property
    def every_batch(self) -> tuple[str, ...]:
        """The batches that an act on it names, its own last."""
        within = [d.batch for d in self.deliveries if d.batch != self.batch]
        return (*within, self.batch)


def withdraw(home: Home, batch: str, reason: str, now: datetime) -> BatchAct:
    """From now on this batch does not count: rows that no other batch attests are gone."""
    return _act(home, "withdraw", batch, reason, now)


def reinstate(home: Home, batch: str, reason: str, now: datetime) -> BatchAct:
    """From now on a withdrawn batch counts again, in its old place in the order of receipt."""
    return _act(home, "reinstate", batch, reason, now)


def _act(home: Home, act: str, batch: str, reason: str, now: datetime) -> BatchAct:
    if not reason.strip():
        raise UsageError("a reason is needed", "须说明理由")
    with (
        storage_faults(home.catalog),
        writer(home),
        catalog.writing(home.catalog) as connection,
    ):
        named = find_batch(connection, batch)
        gone = catalog.withdrawn(connection, catalog.last_sequence(connection))
        _refuse_repetition(act, named.batch, named.batch in gone)
        if act == "withdraw":
            along = [one for one in mending(connection, named.batch) if one.batch not in gone]
        else:
            _refuse_without_origin(named, gone)
            along = _gone_with(connection, named.batch)
        sequence = 0
        for one in (*along, named):
            for each in one.every_batch:
                sequence = catalog.record_act(connection, act, now, each, reason)
                if act == "reinstate":
                    catalog.mark_replacing(connection, each)
    return BatchAct(
        act=act,
        batch=named.batch,
        table=", ".join(named.tables),
        source=named.source,
        file=named.file_name,
        rows=sum(delivery.rows for delivery in named.deliveries),
        reason=reason,
        sequence=sequence,
        at=now.astimezone(UTC),
        along=tuple(one.batch for one in along),
    )


def mending(connection: sqlite3.Connection, batch: str) -> list[Named]:
    """The imports that put a batch's rows right, and those that put these right, oldest first."""
    family = {batch}
    found = []
    for taken in imports_catalog.imports(connection, catalog.last_sequence(connection)):
        if taken.mends in family:
            family.add(taken.batch)
            found.append(_named(connection, taken.batch))
    return found


def _gone_with(connection: sqlite3.Connection, batch: str) -> list[Named]:
    """Those that the withdrawal of a batch took with it; what was withdrawn alone stays so."""
    of_batch = _withdrawal(connection, batch)
    return [
        one for one in mending(connection, batch) if _withdrawal(connection, one.batch) == of_batch
    ]


def _withdrawal(connection: sqlite3.Connection, batch: str) -> tuple[int, str] | None:
    """When and why a batch was withdrawn last; None where it counts."""
    row = connection.execute(
        "SELECT kind, at, reason FROM act WHERE batch = ? AND kind IN ('withdraw', 'reinstate')"
        " ORDER BY sequence DESC LIMIT 1",
        (batch,),
    ).fetchone()
    return None if row is None or row[0] != "withdraw" else (row[1], row[2])


def _refuse_without_origin(named: Named, gone: frozenset[str]) -> None:
    mends = named.imported.mends if named.imported else None
    if mends in gone and mends is not None:
        raise DataError(
            f"batch {named.batch[:12]} puts rows of {mends[:12]} right, which is withdrawn:"
            " reinstate that one",
            f"批次 {named.batch[:12]} 更正的是已撤回的批次 {mends[:12]}：请恢复后者",
        )


def _refuse_repetition(act: str, batch: str, is_withdrawn: bool) -> None:
    short = batch[:12]
    if act == "withdraw" and is_withdrawn:
        raise DataError(f"batch {short} is already withdrawn", f"批次 {short} 已经撤回")
    if act == "reinstate" and not is_withdrawn:
        raise DataError(f"batch {short} is not withdrawn", f"批次 {short} 未被撤回")


def find_batch(connection: sqlite3.Connection, batch: str) -> Named:
    """What a whole batch id, or a unique beginning of one, names.

    The rows that an import gave to one table are never acted on alone: their batch names the
    import.
    """
    prefix = batch.lower()
    if len(prefix) < SHORTEST_PREFIX or not all(c in "0123456789abcdef" for c in prefix):
        raise UsageError(
            f"a batch is named by its id or the first {SHORTEST_PREFIX} or more characters of it",
            f"请给出批次编号，或其开头至少 {SHORTEST_PREFIX} 位",
        )
    imports = imports_catalog.imports_of(connection)
    found = {imports.get(b, b) for b in catalog.batches_like(connection, prefix)}
    found.update(imports_catalog.imports_like(connection, prefix))
    if not found:
        raise NotFound(
            f"no batch begins with {prefix[:12]}; see `ringfence lake status`",
            f"没有以 {prefix[:12]} 开头的批次；请查看 `ringfence lake status`",
        )
    if len(found) > 1:
        raise UsageError(
            f"{len(found)} batches begin with {prefix[:12]}: give more characters",
            f"有 {len(found)} 个批次以 {prefix[:12]} 开头：请多给几位",
        )
    return _named(connection, found.pop())


def _named(connection: sqlite3.Connection, batch: str) -> Named:
    taken = imports_catalog.import_of(connection, batch)
    if taken is None:
        delivery = catalog.delivery_of(connection, batch)
        assert delivery is not None
        return Named(
            batch, delivery.source, delivery.file_name, delivery.received_at, (delivery,), None
        )
    parts = (
        catalog.delivery_of(connection, one)
        for one in imports_catalog.deliveries_of(connection, batch)
    )
    deliveries = tuple(delivery for delivery in parts if delivery is not None)
    return Named(batch, taken.source, taken.file_name, taken.received_at, deliveries, taken)
