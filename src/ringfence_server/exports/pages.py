"""The pages on which a list is taken out, and the list of those that were."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from ringfence.errors import NotFound, StorageError, Text, UserError
from ringfence_server.access import acting_in, needs
from ringfence_server.access.operator import reach_of
from ringfence_server.accounts.wording import said_text
from ringfence_server.cases.queries import FILTERS, case_of, visible
from ringfence_server.deployment.here import home, now
from ringfence_server.exports import tables
from ringfence_server.exports.actions import MOST_ROWS, RIGHT, export
from ringfence_server.exports.files import TYPES, parts
from ringfence_server.exports.filtering import narrowed
from ringfence_server.exports.forms import ExportForm
from ringfence_server.exports.models import Export
from ringfence_server.exports.tables import Table
from ringfence_server.exports.words import FORMS, KINDS
from ringfence_server.jurisdictions.queries import within
from ringfence_server.shell.listing import Column, listing
from ringfence_server.tasks.queries import asked_at_desk
from ringfence_server.tracing.answers import check_kept
from ringfence_server.tracing.queries import contacts_of, run_of
from ringfence_server.web.failures import status_of
from ringfence_server.web.surroundings import language

_AUDIT = "audit.read"
_COLUMNS = (
    Column("number", Text("Export", "导出编号"), ("pk",)),
    Column("at", Text("When", "时间")),
    Column("by", Text("By", "导出者")),
    Column("kind", Text("What", "内容")),
    Column("rows", Text("Rows", "行数"), number=True),
    Column("purpose", Text("What for", "用途")),
)


@needs(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request: HttpRequest, run: int) -> HttpResponseBase:
    by = acting_in(request)
    found = run_of(by, run)
    # Not what is only opened to be read.
    case_of(by, found.case.number, RIGHT)
    if found.state != "done":
        raise NotFound("this trace has no list", "此次追踪没有名单")
    check_kept(found)
    table = tables.contacts(home(), found, contacts_of(found), language())
    return _asked(request, table, reverse("trace", args=[run]))


@needs(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def cases(request: HttpRequest) -> HttpResponseBase:
    by, asked = acting_in(request), request.GET
    filters = {name: asked[name] for name in FILTERS if asked.get(name) and "\0" not in asked[name]}
    rows = visible(by, RIGHT).filter(**filters).order_by("-listed_at", "-id")
    table = tables.cases(home(), by.user.unit, rows, filters, language())
    return _asked(request, table, f"{reverse('cases')}?{urlencode(filters)}")


@needs(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def tasks(request: HttpRequest) -> HttpResponseBase:
    by, asked = acting_in(request), request.GET
    unit, filters, rows = asked_at_desk(by, asked)
    rows = within(rows, reach_of(by, RIGHT) or [])
    table = tables.tasks(home(), unit, rows, {**filters, "unit": unit.code}, language())
    return _asked(request, table, f"{reverse('tasks')}?{urlencode(table.filters)}")


@needs(_AUDIT)
@require_safe
def exports(request: HttpRequest) -> HttpResponseBase:
    rows = within(Export.objects.all(), reach_of(acting_in(request), _AUDIT) or [])
    shown = listing(
        rows.select_related("by", "unit", "case"), _COLUMNS, request.GET, first="-number"
    )
    told = {
        "listing": shown,
        "lines": [
            (one, KINDS[one.kind], FORMS[one.form], narrowed(one.kind, one.filters))
            for one in shown.rows
        ],
    }
    return render(request, "exports/exports.html", told)


def _asked(request: HttpRequest, table: Table, back: str) -> HttpResponseBase:
    form = ExportForm(request.POST if request.method == "POST" else None)
    told: dict[str, Any] = {"form": form, "table": table, "kind": KINDS[table.kind], "back": back}
    told |= {"heads": table.heads, "only": narrowed(table.kind, table.filters), "most": MOST_ROWS}
    if request.method != "POST":
        return render(request, "exports/export.html", told)
    if not form.is_valid():
        return render(request, "exports/export.html", told, status=400)
    try:
        made = export(home(), table, **form.cleaned_data, by=acting_in(request), at=now())
    except StorageError:
        raise
    except UserError as error:
        form.add_error(None, str(said_text(error.text)))
        return render(request, "exports/export.html", told, status=status_of(error))
    return StreamingHttpResponse(
        parts(home(), made, table, language()),
        content_type=TYPES[made.form],
        headers={
            "Content-Disposition": f'attachment; filename="ringfence-export-{made.pk}.{made.form}"'
        },
    )
