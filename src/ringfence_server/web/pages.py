"""The page that everybody comes to first, and the choice of a language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.i18n import set_language

from ringfence_server.access import acting_in, open_to_all, signed_in
from ringfence_server.accounts.models import User
from ringfence_server.accounts.rights import RIGHTS
from ringfence_server.accounts.speaking import speak
from ringfence_server.deployment.here import now
from ringfence_server.shell import gives_work, pages_for, work_for


@open_to_all
def choose_language(request: HttpRequest) -> HttpResponse:
    """For this browser until it is closed; by somebody signed in, for the account as well."""
    answer: HttpResponse = set_language(request)
    chosen = request.POST.get("language", "")
    if request.method == "POST" and isinstance(request.user, User):
        speak(request.user, chosen)
    return answer


@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    acting = acting_in(request)
    told = {
        "work": work_for(acting, now()),
        "works": gives_work(),
        "others": [page for page in pages_for(acting) if page.name != "inbox"],
        "grants": [
            (grant, [RIGHTS[right] for right in RIGHTS if right in grant.role.rights])
            for grant in acting.grants
        ],
    }
    return render(request, "inbox.html", told)
