"""What stands in quarantine: batches with refused rows, and the rows, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence.errors import Text
from ringfence.lake.deliver import rejects
from ringfence.lake.home import Home
from ringfence.lake.lineage import told_place
from ringfence.lake.open_rows import OpenRows
from ringfence.lake.quarantined import acknowledged, with_quarantine


@dataclass(frozen=True)
class RefusedBatch:
    """`quarantined`: rows that were refused. `open`: those of them that are not put right."""

    batch: str
    file: str
    source: str
    mapping: str | None
    table: str | None
    quarantined: int
    open: int
    withdrawn: bool


@dataclass(frozen=True)
class RefusedRow:
    """`open_in`: the batch in which it stands refused; None: it was put right."""

    file: str
    row: int
    field: str
    reason: Text
    open_in: str | None


def refused_batches(home: Home) -> list[RefusedBatch]:
    """Oldest first."""
    left = OpenRows(home)
    return [
        RefusedBatch(
            batch=one.batch,
            file=one.file,
            source=one.source,
            mapping=one.mapping,
            table=one.table,
            quarantined=one.quarantined,
            open=sum(batch == one.batch for batch in left.of(one.batch).values()),
            withdrawn=one.withdrawn,
        )
        for one in with_quarantine(home)
    ]


def refused_rows(home: Home, batch: str) -> tuple[str, list[RefusedRow]]:
    """The whole id of the batch, and its refused rows. NotFound: no such batch."""
    named = acknowledged(home, batch)
    left = OpenRows(home).of(named.batch)
    return named.batch, [
        RefusedRow(
            *told_place(named.file, named.parts, one.row), one.field, one.reason, left.get(one.row)
        )
        for one in rejects(home, named.batch)
    ]
