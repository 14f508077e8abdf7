"""The page on which a case is opened in an emergency, with what the account has opened."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from ringfence.errors import Text, UserError
from ringfence_server.access import acting_in, needs
from ringfence_server.accounts.wording import said_text
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.deployment.here import now
from ringfence_server.glass import actions, queries
from ringfence_server.glass.forms import OpenForm
from ringfence_server.glass.rules import rules
from ringfence_server.web.failures import status_of

_SHOWN = 50
_YOURS = Text("This case is yours to see anyway.", "该病例本就在您的权限范围内。")
_LONGEST = 18


@needs(queries.OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def glass(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _asked(request, OpenForm())
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _asked(request, form, 400)
    try:
        found = actions.open_case(**form.cleaned_data, by=acting_in(request), at=now())
    except FieldErrors as error:
        for name, reason in error.fields.items():
            form.add_error(name if name in form.fields else None, str(said_text(reason)))
        return _asked(request, form, 400)
    except UserError as error:
        form.add_error(None, str(said_text(error.text)))
        # What the form names and is not there is a fault of the form, not of the address.
        status = status_of(error)
        return _asked(request, form, 400 if status == 404 else status)
    if found.opening is None:
        messages.info(request, str(said_text(_YOURS)))
    return redirect("case", case=found.case.pk)


@needs(queries.OPEN)
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """The account's own opening, by what is sent: it has no address."""
    key = request.POST.get("opening", "")
    number = int(key) if key.isascii() and key.isdecimal() and len(key) <= _LONGEST else 0
    actions.end_own(opening=number, by=acting_in(request), at=now())
    ended = Text("The case is closed to you again.", "已结束对该病例的查看。")
    messages.success(request, str(said_text(ended)))
    return redirect("glass")


def _asked(request: HttpRequest, form: OpenForm, status: int = 200) -> HttpResponse:
    at = now()
    told: dict[str, Any] = {
        "form": form,
        "hours": int(rules().open_for.total_seconds() // 3600),
        "openings": [
            {
                "opening": one,
                "open": one.until > at,
                "purpose": rules().purposes.get(one.purpose, Text(one.purpose, one.purpose)),
                "review": getattr(one, "review", None),
            }
            for one in queries.own(acting_in(request))[:_SHOWN]
        ],
    }
    return render(request, "glass/glass.html", told, status=status)
