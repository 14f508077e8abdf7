"""The tree of jurisdictions: a unit with those below it, acts on it, and loading its table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ringfence.errors import NotFound, Text
from ringfence.records.vocabularies import JURISDICTION_LEVELS
from ringfence_server.access import Acting, acting_in, needs
from ringfence_server.access.operator import reach_of, reaches
from ringfence_server.administration.asking import in_words, tried
from ringfence_server.administration.forms import LARGEST_TREE, Move, NewUnit, UnitNames, Upload
from ringfence_server.deployment.here import now
from ringfence_server.jurisdictions import actions
from ringfence_server.jurisdictions.actions import RIGHT
from ringfence_server.jurisdictions.models import LEVELS, Unit
from ringfence_server.jurisdictions.queries import line_above
from ringfence_server.shell.listing import Column, listing

_COLUMNS = (
    Column("code", Text("Code", "代码"), ("code",)),
    Column("name", Text("Name", "名称")),
    Column("level", Text("Level", "层级")),
)


@needs(RIGHT)
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    code = request.GET.get("at")
    own = reach_of(acting_in(request), RIGHT) or []
    return _page(request, own[0] if not code else _found(request, code))


@needs(RIGHT)
@require_POST
def add_unit(request: HttpRequest) -> HttpResponse:
    form = NewUnit(request.POST)

    def add(above: Unit, by: Acting) -> Unit:
        told = form.cleaned_data
        names = {"name_zh": told["name_zh"], "name_en": told["name_en"]}
        return actions.add_unit(
            code=told["code"], parent=above.code, level=told["level"], **names, by=by, at=now()
        )

    return _acted(request, "add", form, add)


@needs(RIGHT)
@require_POST
def rename_unit(request: HttpRequest) -> HttpResponse:
    form = UnitNames(request.POST)

    def rename(unit: Unit, by: Acting) -> Unit:
        actions.rename_unit(unit=unit, **form.cleaned_data, by=by, at=now())
        return unit

    return _acted(request, "rename", form, rename)


@needs(RIGHT)
@require_POST
def move_unit(request: HttpRequest) -> HttpResponse:
    form = Move(request.POST)

    def move(unit: Unit, by: Acting) -> Unit:
        actions.move_unit(unit=unit, parent=form.cleaned_data["parent"], by=by, at=now())
        return unit

    return _acted(request, "move", form, move)


@needs(RIGHT)
@require_POST
def remove_unit(request: HttpRequest) -> HttpResponse:
    unit = _found(request, request.POST.get("at", ""))
    actions.remove_unit(unit=unit, by=acting_in(request), at=now())
    messages.success(request, in_words(Text("The unit is removed.", "已删除该单位。")))
    return redirect("units")


@needs(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def unit_table(request: HttpRequest) -> HttpResponse:
    sent = request.method == "POST"
    data = (request.POST, request.FILES) if sent else ()
    form, by = Upload(*data, most=LARGEST_TREE), acting_in(request)
    if sent:
        changes = tried(
            form,
            lambda: actions.load(
                file=form.cleaned_data["file"].file,
                name=form.cleaned_data["file"].name,
                by=by,
                at=now(),
            ),
        )
        if changes is not None:
            words = Text(
                f"Loaded: {changes.added} added, {changes.renamed} renamed,"
                f" {len(changes.moved)} moved; {changes.kept} not in the table stay.",
                f"已导入：新增 {changes.added}，更名 {changes.renamed}，"
                f"调整 {len(changes.moved)}；表中未列的 {changes.kept} 个保持不变。",
            )
            messages.success(request, in_words(words))
            return redirect("units")
    status = 400 if sent else 200
    return render(request, "administration/unit_table.html", {"form": form}, status=status)


def _acted(
    request: HttpRequest,
    name: str,
    form: NewUnit | UnitNames | Move,
    act: Callable[[Unit, Acting], Unit],
) -> HttpResponse:
    unit = _found(request, request.POST.get("at", ""))
    by = acting_in(request)
    done = tried(form, lambda: act(unit, by))
    if done is None:
        return _page(request, unit, {name: form}, status=400)
    messages.success(request, in_words(Text("Done.", "已完成。")))
    return redirect(f"{reverse('units')}?{urlencode({'at': done.code})}")


def _found(request: HttpRequest, code: str) -> Unit:
    """NotFound: it is not of one's own."""
    unit = None if "\0" in code else Unit.objects.filter(pk=code).first()
    if unit is None or not reaches(reach_of(acting_in(request), RIGHT), unit):
        raise NotFound("there is no such unit", "没有该管辖地")
    return unit


def _page(
    request: HttpRequest,
    unit: Unit,
    sent: dict[str, NewUnit | UnitNames | Move] | None = None,
    status: int = 200,
) -> HttpResponse:
    reach = reach_of(acting_in(request), RIGHT)
    names = {"name_zh": unit.name_zh, "name_en": unit.name_en}
    forms = {
        "add": NewUnit(),
        "rename": UnitNames(initial=names),
        "move": Move(initial={"parent": unit.parent_id}),
    }
    told: dict[str, Any] = {
        "unit": unit,
        "level": JURISDICTION_LEVELS[unit.level],
        "above": [(one, reaches(reach, one)) for one in line_above(unit)[:-1]],
        "own": reach,
        "listing": listing(unit.children.all(), _COLUMNS, request.GET, first="code"),
        "levels": JURISDICTION_LEVELS,
        "lowest": unit.level == LEVELS[-1],
        **forms,
        **(sent or {}),
    }
    told["add"].offer_below(unit.level)
    return render(request, "administration/units.html", told, status=status)
