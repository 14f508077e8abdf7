"""The middleware that lets a request through to its view, or not. What names no need is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import get_adapter as mfa_adapter
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ringfence.errors import UserError
from ringfence_server.access import Acting, Need, acting_in, acting_of, need_of
from ringfence_server.deployment.here import now
from ringfence_server.web.failures import refused, told_error

# Pages by which an account gets ready: reached before anything else is.
_READYING = frozenset(
    {
        "account_logout",
        "account_change_password",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "choose_language",
    }
)


class Deciding:
    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._answer(request)

    def process_view(
        self, request: HttpRequest, view: Any, _given: Any, _named: Any
    ) -> HttpResponse | None:
        need = need_of(view)
        if need is None:
            return refused(request)
        if need.who in ("all", "token"):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return _unready(request) or _without(request, need)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """What a user can mend and a view did not tell itself is told on a page of its own."""
        return told_error(request, fault) if isinstance(fault, UserError) else None


def _unready(request: HttpRequest) -> HttpResponse | None:
    """Who has not changed the first password, or has no second factor yet, does that first."""
    acting = acting_of(request.user, now())  # type: ignore[arg-type]
    request.acting = acting  # type: ignore[attr-defined]
    missing = missing_of(acting)
    request.ready = missing is None  # type: ignore[attr-defined]
    match = request.resolver_match
    if missing is None or (match is not None and match.url_name in _READYING):
        return None
    return redirect(missing)


def missing_of(acting: Acting) -> str | None:
    """The page on which the account gets what it lacks."""
    if acting.user.first_password:
        return "account_change_password"
    if acting.needs_second_factor and not mfa_adapter().is_mfa_enabled(acting.user):
        return "mfa_activate_totp"
    return None


def _without(request: HttpRequest, need: Need) -> HttpResponse | None:
    if need.right is None or acting_in(request).may(need.right):
        return None
    return refused(request)
