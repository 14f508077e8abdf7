"""Files into the lake: begun by their digest, sent in parts, imported by the worker, looked at."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.request import UnreadablePostError
from ninja import Body, Query, Router, Schema
from pydantic import Field

from ringfence.errors import DataError, Text
from ringfence_server.access import acting_in, needs
from ringfence_server.api.operations import Taking, reads, writes
from ringfence_server.api.reading import LARGEST_NUMBER
from ringfence_server.api.shapes import Sent, Told
from ringfence_server.deployment.here import deployment, home, now
from ringfence_server.imports import actions
from ringfence_server.imports.models import Import
from ringfence_server.imports.queries import import_of

router = Router(tags=["lake"])
_RAW = "application/octet-stream"


class ImportEntry(Sent):
    """`digest`: SHA-256 of the file in hexadecimal. `table` of a canonical file, else `mapping`."""

    file: str = Field(max_length=255, description="its name, for receipts · 文件名，用于回执")
    size: int = Field(ge=0, le=LARGEST_NUMBER)
    digest: str = Field(max_length=64)
    table: str | None = Field(None, max_length=64)
    mapping: str | None = Field(None, max_length=128)
    source: str | None = Field(None, max_length=128)
    dry_run: bool = False


class FaultTold(Told):
    """`exit_code`: of the command line, by which it tells kinds of errors apart."""

    en: str
    zh: str
    exit_code: int


class ImportTold(Told):
    """`state`: receiving, waiting, running, done or failed. `received`: bytes that are here: the
    next part begins there. `part_bytes`: of a part at most. `rows`, `read`: how far the importer
    is. `receipt`: of the lake, once it is done.
    """

    id: int
    state: str
    file: str
    size: int
    received: int
    part_bytes: int
    rows: int
    read: int
    receipt: dict[str, Any] | None
    unlinked_subjects: int
    fault: FaultTold | None


class Place(Schema):
    at: int = Field(
        ge=0, le=LARGEST_NUMBER, description="its first byte's place · 首字节在文件中的位置"
    )


@writes(router, "/lake/imports", Text("Begin to bring a file", "开始导入文件"), answers=ImportTold)
@needs("lake.import")
def begin_import(request: HttpRequest, told: Body[ImportEntry]) -> ImportTold:
    """The import of the same file that is under way, where there is one."""
    wanted = actions.Wanted(
        file=told.file,
        size=told.size,
        digest=told.digest,
        table=told.table or "",
        mapping=told.mapping or "",
        source=told.source or "",
        dry_run=told.dry_run,
    )
    made = actions.begin(home=home(), wanted=wanted, by=acting_in(request), at=now())
    return told_of(made)


@reads(router, "/lake/imports/{int:file}", Text("How far it is", "导入进度"), answers=ImportTold)
@needs("lake.import")
def one_import(request: HttpRequest, file: int) -> ImportTold:
    return told_of(import_of(acting_in(request), file))


@writes(
    router,
    "/lake/imports/{int:file}/content",
    Text("Send a part of it", "上传一部分"),
    answers=ImportTold,
    method="PUT",
    taking=Taking((_RAW,), actions.PART),
)
@needs("lake.import")
def send_part(request: HttpRequest, file: int, place: Query[Place]) -> ImportTold:
    """A part that is here already has no effect; with the last one the worker begins."""
    by = acting_in(request)
    import_of(by, file)
    return told_of(
        actions.take_part(
            home=home(),
            number=file,
            begins=place.at,
            content=_content(request),
            secret=deployment().secret,
            by=by,
            at=now(),
        )
    )


def _content(request: HttpRequest) -> bytes:
    """DataError: the link was cut in it; nothing of the part is kept."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    try:
        content = request.read(length)
    except (UnreadablePostError, OSError):
        content = b""
    if len(content) != length:
        raise DataError(
            "the part did not come to its end: send it again", "此部分未传完：请重新上传"
        )
    return content


def told_of(one: Import) -> ImportTold:
    return ImportTold(
        id=one.pk,
        state=one.state,
        file=one.file,
        size=one.size,
        received=one.received,
        part_bytes=actions.PART,
        rows=one.rows,
        read=one.read,
        receipt=one.receipt,
        unlinked_subjects=one.unlinked,
        fault=None if one.fault is None else FaultTold(**one.fault),
    )
