"""Who looked: the audit for the auditor, its chain checked, and a case's own rows for its unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from ringfence.audit import Entry, verify
from ringfence_server.access import acting_in, needs
from ringfence_server.cases.queries import case_of, number_of
from ringfence_server.deployment.here import home, now
from ringfence_server.looking import queries
from ringfence_server.looking.forms import Search
from ringfence_server.looking.words import ACTS, NAMES
from ringfence_server.outbox import auditing

_PLACE = "before"
_HIDDEN = frozenset({"row"})
_LONGEST = 15


@needs(queries.AUDIT)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    asked, served = request.GET, home()
    form = Search(asked)
    place = asked.get(_PLACE, "")
    before = (
        int(place) if place.isascii() and place.isdecimal() and len(place) <= _LONGEST else None
    )
    told: dict[str, Any] = {"form": form, "waiting": auditing.waiting(), "begun": before}
    if form.is_valid():
        found = queries.page(served, acting_in(request), form.wanted(served.zone), before=before)
        told |= {"lines": [_line(one) for one in found.entries], "next": _next(request, found.next)}
    return render(request, "looking/audit.html", told, status=200 if form.is_valid() else 400)


@needs(queries.AUDIT)
@require_POST
def chain(request: HttpRequest) -> HttpResponse:
    """Every row is checked: of a long log this takes a while."""
    return render(request, "looking/chain.html", {"report": verify(home()), "at": now()})


@needs("case.assign")
@require_safe
def of_case(request: HttpRequest, case: int) -> HttpResponse:
    by = acting_in(request)
    found = case_of(by, number_of(by, case), "case.assign")
    told = {"case": found, "lines": [_line(one) for one in queries.about_case(home(), found)]}
    return render(request, "looking/case.html", told)


def _line(one: Entry) -> dict[str, Any]:
    return {"entry": one, "act": ACTS.get(one.act), "about": _about(one.about)}


def _about(about: Mapping[str, str]) -> list[tuple[Any, str]]:
    return [(NAMES.get(name, name), text) for name, text in about.items() if name not in _HIDDEN]


def _next(request: HttpRequest, number: int | None) -> str:
    if number is None:
        return ""
    kept = request.GET.copy()
    kept[_PLACE] = str(number)
    return f"?{kept.urlencode()}"
