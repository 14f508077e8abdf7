"""What is in the lake, in figures; and what was refused, with reasons. No row of a person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from ringfence.errors import Text
from ringfence.lake import status
from ringfence.lake.refused import refused_batches, refused_rows
from ringfence_server.access import needs
from ringfence_server.api.operations import reads
from ringfence_server.api.shapes import InBoth, Told, in_both
from ringfence_server.deployment.here import home

router = Router(tags=["lake"])


class StatusTold(Told):
    """As `ringfence lake status --json` has it; the folder is the server's own business."""

    status: dict[str, Any]


class RefusedBatchTold(Told):
    batch: str
    file: str
    source: str
    mapping: str | None
    table: str | None
    quarantined: int
    open: int
    withdrawn: bool


class RefusedBatches(Told):
    batches: list[RefusedBatchTold]


class RefusedRowTold(Told):
    file: str
    row: int
    field: str
    reason: InBoth
    open_in: str | None


class RefusedRows(Told):
    batch: str
    rows: list[RefusedRowTold]


@reads(router, "/lake/status", Text("The lake in figures", "数据湖概况"), answers=StatusTold)
@needs("lake.import")
def lake_status(request: HttpRequest) -> StatusTold:  # noqa: ARG001
    return StatusTold(status=status(home()).as_json() | {"root": "home"})


@reads(
    router,
    "/lake/quarantine",
    Text("Files with refused rows", "含隔离行的文件"),
    answers=RefusedBatches,
)
@needs("lake.import")
def lake_refused(request: HttpRequest) -> RefusedBatches:  # noqa: ARG001
    return RefusedBatches(
        batches=[RefusedBatchTold(**vars(one)) for one in refused_batches(home())]
    )


@reads(
    router,
    "/lake/quarantine/{str:batch}",
    Text("Refused rows of a file, and why", "某文件的隔离行及原因"),
    answers=RefusedRows,
)
@needs("lake.import")
def lake_refused_rows(request: HttpRequest, batch: str) -> RefusedRows:  # noqa: ARG001
    """A batch, or its first 8 characters or more."""
    named, rows = refused_rows(home(), batch)
    return RefusedRows(
        batch=named,
        rows=[RefusedRowTold(**{**vars(one), "reason": in_both(one.reason)}) for one in rows],
    )
