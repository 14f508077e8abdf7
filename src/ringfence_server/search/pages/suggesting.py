"""Suggestions beside a field: units and accounts within reach. What was typed comes by POST."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from ringfence_server.access import Acting, acting_in, signed_in
from ringfence_server.access.operator import reach_of
from ringfence_server.accounts.models import User
from ringfence_server.jurisdictions.queries import within
from ringfence_server.search import units
from ringfence_server.search.things import staff
from ringfence_server.search.typed import LONGEST
from ringfence_server.web.surroundings import language

_MOST = 8
_NAMING = ("case.assign", "task.dispatch", "account.manage")
"""Rights with which somebody names an account: those within their reach are told."""


@signed_in
@require_POST
def suggest(request: HttpRequest) -> JsonResponse:
    by, text = acting_in(request), request.POST.get("text", "").strip()
    what = request.POST.get("what", "")
    if not text or len(text) > LONGEST or not text.isprintable():
        return JsonResponse({"found": []})
    found = {"unit": _units, "account": _accounts}.get(what, _nothing)(by, text)
    return JsonResponse({"found": found})


def _units(by: Acting, text: str) -> list[dict[str, str]]:
    here = language()
    return [
        {"value": one.code, "text": one.name(here), "about": one.code}
        for one in units.found(by, text, _MOST)
    ]


def _accounts(by: Acting, text: str) -> list[dict[str, str]]:
    reached = [unit for right in _NAMING for unit in reach_of(by, right) or []]
    rows: QuerySet[User] = User.objects.filter(is_active=True)
    return [
        {"value": username, "text": name, "about": username}
        for _, username, name in staff(within(rows, reached), text)[:_MOST]
    ]


def _nothing(_by: Acting, _text: str) -> list[dict[str, str]]:
    return []
