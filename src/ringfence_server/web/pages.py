"""The page that everybody comes to first, and the choice of a language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.i18n import set_language

from ringfence_server.access import open_to_all, signed_in

choose_language = open_to_all(set_language)


@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    return render(request, "inbox.html")
