"""The auditor's page of searches: alerts first, then who searched, then quotas that were raised."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ringfence.errors import Text
from ringfence_server.access import acting_in, needs
from ringfence_server.canaries.queries import alerts
from ringfence_server.deployment.here import now
from ringfence_server.search.overseeing import searchers
from ringfence_server.search.raising import raises

_WAYS = {
    "search": Text("looked for the person", "查询此人"),
    "number": Text("looked for the case number", "查询病例编号"),
    "reveal": Text("had the person named", "查看身份"),
}
_MOST = 100


@needs("audit.read")
@require_safe
def oversight(request: HttpRequest) -> HttpResponse:
    by, at = acting_in(request), now()
    told = {
        "alerts": [(one, _WAYS[one.way]) for one in alerts(by).order_by("seen_at", "-pk")[:_MOST]],
        "searchers": searchers(by, at),
        "raises": raises(by)[:_MOST],
        "now": at,
        "may_plant": by.may("canary.plant"),
    }
    return render(request, "search/oversight.html", told)
