"""Asking for a higher quota, and deciding about one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ringfence.errors import Text, UserError
from ringfence_server.access import acting_in, needs
from ringfence_server.deployment.here import now
from ringfence_server.search.allowing import spent
from ringfence_server.search.models import Raise
from ringfence_server.search.quotas import quotas
from ringfence_server.search.raising import ask_for, decide, waiting
from ringfence_server.web.failures import status_of
from ringfence_server.web.surroundings import language

_ASKED = Text("Asked for. Somebody else of your units decides.", "已提交。由辖区内的其他账户审批。")
_GRANTED = Text("Granted for 72 hours.", "已批准，72 小时内有效。")
_REFUSED = Text("Refused.", "已拒绝。")


@needs("identity.reveal")
@require_http_methods(["GET", "HEAD", "POST"])
def quota(request: HttpRequest) -> HttpResponse:
    by, status, wrong = acting_in(request), 200, ""
    if request.method == "POST":
        try:
            ask_for(reason=request.POST.get("reason", ""), by=by, at=now())
            messages.success(request, _ASKED.to(language()))
            return redirect("search_quota")
        except UserError as error:
            status, wrong = status_of(error), error.text.to(language())
    told = {
        "quota": spent(by.user, now()),
        "quotas": quotas(),
        "hours": int(quotas().raised_for.total_seconds() // 3600),
        "wrong": wrong,
        "raises": Raise.objects.filter(account=by.user).order_by("-pk")[:10],
        "waits": Raise.objects.filter(account=by.user, decided_at__isnull=True).exists(),
    }
    return render(request, "search/quota.html", told, status=status)


@needs("search.raise")
@require_safe
def raises(request: HttpRequest) -> HttpResponse:
    by, at = acting_in(request), now()
    rows = [(one, spent(one.account, at), one.account_id == by.user.pk) for one in waiting(by)]
    return render(request, "search/raises.html", {"rows": rows, "raised": quotas().raised})


@needs("search.raise")
@require_POST
def raise_decide(request: HttpRequest, asked: int) -> HttpResponse:
    grant = request.POST.get("decision") == "grant"
    decide(key=asked, grant=grant, by=acting_in(request), at=now())
    messages.success(request, (_GRANTED if grant else _REFUSED).to(language()))
    return redirect("search_raises")
