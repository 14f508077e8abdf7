"""Withdrawing a batch, and taking the withdrawal back: which batches count, nothing more."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ringfence.errors import DataError, NotFound, UsageError
from ringfence.lake import catalog
from ringfence.lake.catalog import Delivery
from ringfence.lake.durable import storage_faults
from ringfence.lake.home import Home
from ringfence.lake.leases import writer

SHORTEST_PREFIX = 8


@dataclass(frozen=True)
class BatchAct:
    """A withdrawal or reinstatement. What was known before it is known at `sequence` - 1."""

    act: str
    batch: str
    table: str
    source: str
    file: str
    rows: int
    reason: str
    sequence: int
    at: datetime

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "at": self.at.isoformat()}


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
        delivery = find_batch(connection, batch)
        gone = catalog.withdrawn(connection, catalog.last_sequence(connection))
        _refuse_repetition(act, delivery, delivery.batch in gone)
        sequence = catalog.record_act(connection, act, now, delivery.batch, reason)
        if act == "reinstate":
            catalog.mark_replacing(connection, delivery.batch)
    return BatchAct(
        act=act,
        batch=delivery.batch,
        table=delivery.table_name,
        source=delivery.source,
        file=delivery.file_name,
        rows=delivery.rows,
        reason=reason,
        sequence=sequence,
        at=now.astimezone(UTC),
    )


def _refuse_repetition(act: str, delivery: Delivery, is_withdrawn: bool) -> None:
    short = delivery.batch[:12]
    if act == "withdraw" and is_withdrawn:
        raise DataError(f"batch {short} is already withdrawn", f"批次 {short} 已经撤回")
    if act == "reinstate" and not is_withdrawn:
        raise DataError(f"batch {short} is not withdrawn", f"批次 {short} 未被撤回")


def find_batch(connection: sqlite3.Connection, batch: str) -> Delivery:
    """The delivery that a whole batch id, or a unique beginning of one, names."""
    prefix = batch.lower()
    if len(prefix) < SHORTEST_PREFIX or not all(c in "0123456789abcdef" for c in prefix):
        raise UsageError(
            f"a batch is named by its id or the first {SHORTEST_PREFIX} or more characters of it",
            f"请给出批次编号，或其开头至少 {SHORTEST_PREFIX} 位",
        )
    found = catalog.batches_like(connection, prefix)
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
    delivery = catalog.delivery_of(connection, found[0])
    assert delivery is not None
    return delivery
