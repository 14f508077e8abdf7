"""Which batches have rows in quarantine, and what is known of where they came from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ringfence.lake import catalog, imports_catalog
from ringfence.lake.catalog import Delivery
from ringfence.lake.durable import storage_faults
from ringfence.lake.home import Home
from ringfence.lake.imports_catalog import Import
from ringfence.lake.withdrawal import find_batch


@dataclass(frozen=True)
class Acknowledged:
    """A delivery or import as its sender knows it. `table` of a canonical file, else `mapping`.

    `quarantined`: rows that were refused. `mends`: the batch that it puts right.
    """

    batch: str
    source: str
    file: str
    received_at: datetime
    quarantined: int
    table: str | None = None
    mapping: str | None = None
    mends: str | None = None
    withdrawn: bool = False
    parts: Mapping[int, str] = field(default_factory=dict)


def acknowledged(home: Home, batch: str) -> Acknowledged:
    """What a batch id, or a unique beginning of one, names. NotFound: no such batch."""
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        named = find_batch(connection, batch)
        gone = catalog.withdrawn(connection, catalog.last_sequence(connection))
        parts = imports_catalog.parts_of(connection, named.batch)
    return _acknowledged(named.imported or named.deliveries[0], gone, parts)


def with_quarantine(home: Home) -> tuple[Acknowledged, ...]:
    """Batches of which rows were refused, oldest first."""
    with storage_faults(home.catalog), catalog.reading(home.catalog) as connection:
        last = catalog.last_sequence(connection)
        within = imports_catalog.imports_of(connection)
        taken: list[Delivery | Import] = [
            *(d for d in catalog.deliveries(connection, last) if d.batch not in within),
            *imports_catalog.imports(connection, last),
        ]
        gone = catalog.withdrawn(connection, last)
        parts = imports_catalog.all_parts(connection)
    refused = sorted((one for one in taken if one.rejects_path), key=lambda one: one.sequence)
    return tuple(_acknowledged(one, gone, parts.get(one.batch, {})) for one in refused)


def _acknowledged(
    taken: Delivery | Import, gone: frozenset[str], parts: Mapping[int, str]
) -> Acknowledged:
    imported = taken if isinstance(taken, Import) else None
    return Acknowledged(
        batch=taken.batch,
        source=taken.source,
        file=taken.file_name,
        received_at=catalog.moment(taken.received_at),
        quarantined=json.loads(taken.receipt)["quarantined"],
        table=taken.table_name if isinstance(taken, Delivery) else None,
        mapping=imported.mapping if imported else None,
        mends=imported.mends if imported else None,
        withdrawn=taken.batch in gone,
        parts=parts,
    )
