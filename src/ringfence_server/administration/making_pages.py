"""Making accounts: one, or all of a list. First passwords are on the answer, and only there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ringfence_server.access import acting_in, needs
from ringfence_server.accounts import actions, first_passwords
from ringfence_server.accounts.making import AT_ONCE, Made
from ringfence_server.accounts.managing import RIGHT
from ringfence_server.accounts.roles import roles
from ringfence_server.administration.asking import tried
from ringfence_server.administration.forms import LARGEST_LIST, NewAccount, Upload
from ringfence_server.deployment.here import now


@needs(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_account(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _asked(request, NewAccount())
    form, by = NewAccount(request.POST), acting_in(request)
    made = tried(
        form,
        lambda: actions.make_account(
            fields=form.cleaned_data, by=by, at=now(), draw=first_passwords.draw
        ),
    )
    return _asked(request, form, 400) if made is None else _shown(request, [made])


@needs(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def account_list(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _asked_list(request, Upload(most=LARGEST_LIST))
    form, by = Upload(request.POST, request.FILES, most=LARGEST_LIST), acting_in(request)
    made = tried(
        form,
        lambda: actions.make_accounts(
            file=form.cleaned_data["file"].file,
            name=form.cleaned_data["file"].name,
            by=by,
            at=now(),
            draw=first_passwords.draw,
            most=AT_ONCE,
        ),
    )
    return _asked_list(request, form, 400) if made is None else _shown(request, made)


def _asked(request: HttpRequest, form: NewAccount, status: int = 200) -> HttpResponse:
    told = {"form": form}
    return render(request, "administration/new_account.html", told, status=status)


def _asked_list(request: HttpRequest, form: Upload, status: int = 200) -> HttpResponse:
    told = {"form": form, "most": AT_ONCE, "roles": roles().values()}
    return render(request, "administration/account_list.html", told, status=status)


def _shown(request: HttpRequest, made: list[Made]) -> HttpResponse:
    known = roles()
    told = {
        "shown": [(one.user, known[one.role].name, one.password) for one in made],
        "days": first_passwords.GOOD_FOR.days,
    }
    return render(request, "administration/first_passwords.html", told)
