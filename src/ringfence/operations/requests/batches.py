"""Deliveries as answers: what they hold and when they came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ringfence.lake import Home, catalog
from ringfence.lake.catalog import Delivery
from ringfence.lake.durable import storage_faults
from ringfence.lake.withdrawal import find_batch


@dataclass(frozen=True)
class Delivered:
    batch: str
    tables: frozenset[str]
    received_at: datetime
    withdrawn: bool
    deliveries: tuple[Delivery, ...]


def delivered(home: Home, batch: str) -> Delivered:
    """The delivery that a batch id, or the beginning of one, names."""
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        found = find_batch(connection, batch)
        gone = catalog.withdrawn(connection, catalog.last_sequence(connection))
    return Delivered(
        found.batch,
        frozenset(found.tables),
        catalog.moment(found.received_at),
        found.batch in gone,
        found.deliveries,
    )
