"""The page of somebody found: no name, until one is asked for under a case and for a purpose."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ringfence.errors import DataError, NotAllowed, Text, UsageError
from ringfence_server.access import acting_in, needs
from ringfence_server.deployment.here import home, now
from ringfence_server.search.hits import read
from ringfence_server.search.pages.searching import WHO
from ringfence_server.search.people import CASE
from ringfence_server.search.revealing import SHOWN, Whom, reveal, whom
from ringfence_server.web.failures import status_of
from ringfence_server.web.surroundings import language

_LABELS = {
    "name": Text("Name", "姓名"),
    "id_number": Text("Number of the document", "证件号码"),
    "phone": Text("Telephone", "电话"),
    "address": Text("Address", "住址"),
}


@needs("identity.reveal")
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, hit: str) -> HttpResponse:
    by = acting_in(request)
    one = whom(*read(hit), by)
    told: dict[str, Any] = {"one": one, "who": WHO[one.kind], "url": _case_page(one)}
    if request.method != "POST":
        return render(request, "search/person.html", told)
    case, purpose = request.POST.get("case", ""), request.POST.get("purpose", "")
    try:
        shown = reveal(home(), one, case=case, purpose=purpose, by=by, at=now())
    except (DataError, NotAllowed, UsageError) as error:
        told |= {"wrong": error.text.to(language()), "purpose": purpose[:200]}
        return render(request, "search/person.html", told, status=status_of(error))
    told["shown"] = [(_LABELS[name], shown[name]) for name in SHOWN if name in shown]
    told["revealed"] = True
    return render(request, "search/person.html", told)


def _case_page(one: Whom) -> str:
    return reverse("case", args=[one.key]) if one.kind == CASE and one.canary is None else ""
