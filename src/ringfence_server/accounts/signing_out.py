"""Signing out: nothing of the person stays in the browser, the language neither."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LogoutView
from django.conf import settings
from django.http import HttpRequest, HttpResponse


class SignOutView(LogoutView):  # type: ignore[misc]
    def post(self, request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        answer: HttpResponse = super().post(request, *given, **named)
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return answer
