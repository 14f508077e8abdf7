"""Who looked: the audit for the auditor, its chain checked, and a case's own rows for its unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from ringfence.audit import Entry, verify
from ringfence_server.access import acting_in, needs
from ringfence_server.accounts.roles import roles
from ringfence_server.cases.queries import case_of, number_of
from ringfence_server.deployment.here import home, now
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.looking import queries
from ringfence_server.looking.forms import Search
from ringfence_server.looking.words import ACTS, NAMES, STATES
from ringfence_server.outbox import auditing
from ringfence_server.web.surroundings import language
from ringfence_server.web.templatetags.building import place

_PLACE = "before"
_HIDDEN = frozenset({"row"})
_UNITS = frozenset({"unit", "owner", "parent", "from", "to"})
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
        told |= {"lines": _lines(found.entries), "next": _next(request, found.next)}
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
    told = {"case": found, "lines": _lines(queries.about_case(home(), found))}
    return render(request, "looking/case.html", told)


def _lines(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    rows = list(entries)
    codes = {one.about[name] for one in rows for name in _UNITS & one.about.keys()}
    units = Unit.objects.select_related("parent").in_bulk(codes)
    return [
        {
            "entry": one,
            "act": ACTS.get(one.act),
            "state": STATES.get(one.state),
            "about": [
                (NAMES.get(name, name), _said(name, text, units))
                for name, text in one.about.items()
                if name not in _HIDDEN
            ],
        }
        for one in rows
    ]


def _said(name: str, text: str, units: Mapping[str, Unit]) -> str:
    if name in _UNITS and text in units:
        return f"{place(units[text])} ({text})"
    if name == "role" and text in roles():
        return roles()[text].name.to(language())
    return text


def _next(request: HttpRequest, number: int | None) -> str:
    if number is None:
        return ""
    kept = request.GET.copy()
    kept[_PLACE] = str(number)
    return f"?{kept.urlencode()}"
