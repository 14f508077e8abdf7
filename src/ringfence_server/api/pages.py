"""An account's own tokens: listed, made, revoked. What a program shows is on one answer alone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ringfence.errors import Text, UserError
from ringfence_server.access import acting_in, signed_in
from ringfence_server.accounts.wording import said, said_text
from ringfence_server.api import actions
from ringfence_server.api.fresh import asked_again
from ringfence_server.api.models import LONGEST_LIFE, Token
from ringfence_server.api.queries import tokens_of
from ringfence_server.api.scopes import SCOPES
from ringfence_server.deployment.here import now

_SHOWN = 100
_LIVES = (30, 90, LONGEST_LIFE.days)
_STATES = {
    "alive": ("good", Text("valid", "有效")),
    "over": ("plain", Text("expired", "已过期")),
    "revoked": ("plain", Text("revoked", "已吊销")),
    "ended": ("plain", Text("ended", "已失效")),
}


class TokenForm(forms.Form):
    name = forms.CharField(
        label=said("What is it for", "用途"),
        max_length=64,
        help_text=said("by which you know it again; name nobody", "便于日后辨认；勿写个人信息"),
    )
    scopes = forms.MultipleChoiceField(
        label=said("What it may do", "可执行的操作"), widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=said("How long", "有效期"),
        coerce=int,
        choices=[(str(days), said(f"{days} days", f"{days} 天")) for days in _LIVES],
    )

    def __init__(self, rights: frozenset[str], *given: Any) -> None:
        super().__init__(*given)
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)
        scopes.choices = [
            (right, said_text(text)) for right, text in SCOPES.items() if right in rights
        ]


@signed_in
@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    by, at = acting_in(request), now()
    told = {
        "lines": [_line(one, at, by.user.sessions) for one in tokens_of(by.user)[:_SHOWN]],
        "may_make": bool(SCOPES.keys() & by.rights),
    }
    return render(request, "api/tokens.html", told)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new_token(request: HttpRequest) -> HttpResponse:
    by = acting_in(request)
    if not SCOPES.keys() & by.rights:
        return redirect("tokens")
    again = asked_again(request, by.user, reverse("new_token"))
    if again is not None:
        return again
    if request.method != "POST":
        return render(request, "api/new_token.html", {"form": TokenForm(by.rights)})
    form = TokenForm(by.rights, request.POST)
    if form.is_valid():
        try:
            made = actions.make(**form.cleaned_data, by=by, at=now())
            return render(request, "api/token_made.html", {"made": made})
        except UserError as error:
            form.add_error(None, str(said_text(error.text)))
    return render(request, "api/new_token.html", {"form": form}, status=400)


@signed_in
@require_POST
def revoke_token(request: HttpRequest, token: int) -> HttpResponse:
    actions.revoke(key=token, by=acting_in(request), at=now())
    done = Text(
        "Revoked: programs that show it are let in no more.", "已吊销：使用它的程序不再获准。"
    )
    messages.success(request, str(said_text(done)))
    return redirect("tokens")


def _line(one: Token, at: Any, sessions: int) -> dict[str, Any]:
    state = "alive"
    if one.revoked_at is not None:
        state = "revoked"
    elif one.until <= at:
        state = "over"
    elif one.sessions != sessions:
        state = "ended"
    tone, word = _STATES[state]
    scopes = [SCOPES[right] for right in one.scopes if right in SCOPES]
    return {"token": one, "tone": tone, "word": word, "alive": state == "alive", "scopes": scopes}
