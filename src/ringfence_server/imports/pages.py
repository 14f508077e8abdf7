"""The page on which an account sees the files that it sent, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ringfence.errors import Text
from ringfence_server.access import acting_in, needs
from ringfence_server.imports.models import OPEN, Import
from ringfence_server.imports.queries import imports_of
from ringfence_server.shell.listing import Column, listing

_COMMANDS = "ringfence login {site}\nringfence import FILE --as TABLE"
_STATES = {
    "receiving": (Text("being sent", "上传中"), "info"),
    "waiting": (Text("waits", "排队中"), "info"),
    "running": (Text("being imported", "导入中"), "info"),
    "done": (Text("done", "已完成"), "good"),
    "failed": (Text("failed", "失败"), "bad"),
}
_COLUMNS = (
    Column("file", Text("File", "文件")),
    Column("begun", Text("Sent", "上传时间"), ("begun_at",)),
    Column("state", Text("State", "状态")),
    Column("rows", Text("Rows in", "读入行数"), number=True),
    Column("refused", Text("Quarantined", "隔离待查"), number=True),
    Column("result", Text("Result", "结果")),
)


@dataclass(frozen=True)
class Line:
    """`share`: per cent of the bytes that are here, or that were read."""

    one: Import
    state: Text
    tone: str
    share: int | None
    fault: Text | None


@needs("lake.import")
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    shown = listing(imports_of(acting_in(request)), _COLUMNS, request.GET, first="-begun")
    lines = [_line(one) for one in shown.rows]
    told = {
        "listing": shown,
        "heads": shown.heads,
        "lines": lines,
        "commands": _COMMANDS.format(site=request.build_absolute_uri("/")),
        "under_way": any(line.one.state in OPEN for line in lines),
    }
    return render(request, "imports/imports.html", told)


def _line(one: Import) -> Line:
    state, tone = _STATES[one.state]
    done = {"receiving": one.received, "running": one.read}.get(one.state)
    share = None if done is None or not one.size else 100 * done // one.size
    fault = None if one.fault is None else Text(one.fault["en"], one.fault["zh"])
    return Line(one, state, tone, share, fault)
