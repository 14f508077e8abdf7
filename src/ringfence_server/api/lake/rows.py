"""What came of a row of a file: of cases and contacts within reach, numbers only."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Body, Router
from pydantic import Field

from ringfence.errors import Text
from ringfence.lake.lineage import part_and_row
from ringfence_server.access import acting_in, needs
from ringfence_server.api.operations import writes
from ringfence_server.api.shapes import InBoth, Sent, Told, in_both
from ringfence_server.deployment.here import home, now
from ringfence_server.search.rows import where

router = Router(tags=["lake"])


class RowSent(Sent):
    """`row`: its number, or PART:ROW in a file of several parts."""

    batch: str = Field(min_length=8, max_length=64)
    row: str = Field(min_length=1, max_length=200)


class RefusalTold(Told):
    field: str
    reason: InBoth


class RecordTold(Told):
    """`subjects`: those within reach."""

    batch: str
    file: str
    part: str | None
    row: int
    source: str
    read_as: str
    table: str
    subjects: list[str]
    received_at: datetime
    withdrawn: bool


class RowTold(Told):
    """As `ringfence where --json` has it, reasons in both languages."""

    batch: str
    file: str
    part: str | None
    row: int
    source: str
    read_as: str | None
    received_at: datetime
    withdrawn: bool
    refused: list[RefusalTold]
    records: list[RecordTold]


@writes(
    router, "/lake/rows", Text("What came of a row of a file", "某文件一行的去向"), answers=RowTold
)
@needs("lake.import")
def where_row(request: HttpRequest, told: Body[RowSent]) -> RowTold:
    """Of a case or contact within reach; counted on the quota of searches."""
    came = where(home=home(), batch=told.batch, row=told.row, by=acting_in(request), at=now())
    named = came.batch
    part, row = part_and_row(came.row)
    return RowTold(
        batch=named.batch,
        file=named.file,
        part=named.parts.get(part),
        row=row,
        source=named.source,
        read_as=named.mapping or named.table,
        received_at=named.received_at,
        withdrawn=named.withdrawn,
        refused=[RefusalTold(field=o.field, reason=in_both(o.reason)) for o in came.refused],
        records=[
            RecordTold(
                batch=one.batch,
                file=one.file,
                part=one.parts.get(part_and_row(one.row)[0]),
                row=part_and_row(one.row)[1],
                source=one.source,
                read_as=one.read_as,
                table=one.table,
                subjects=list(one.subjects),
                received_at=one.received_at,
                withdrawn=one.withdrawn,
            )
            for one in came.found
        ],
    )
