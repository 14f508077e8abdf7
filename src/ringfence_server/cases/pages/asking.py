"""What the views of this part share: about which case, and a form that was refused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ringfence.errors import NotFound, UserError
from ringfence_server.access import acting_in
from ringfence_server.cases.changing import Done
from ringfence_server.cases.models import Case
from ringfence_server.cases.pages.forms import Told
from ringfence_server.cases.queries import SEE, case_of, number_of
from ringfence_server.web.failures import status_of
from ringfence_server.web.surroundings import language


def case_in(request: HttpRequest, key: int, right: str = SEE) -> Case:
    by = acting_in(request)
    return case_of(by, number_of(by, key), right)


def again(
    request: HttpRequest, template: str, form: Told, error: UserError | None, **told: Any
) -> HttpResponse:
    """The form as it was typed, with why it was refused."""
    status = 400
    if error is not None:
        form.refuse(error)
        # What the form names and is not there is a fault of the form, not of the address.
        status = 400 if isinstance(error, NotFound) else status_of(error)
    return render(request, template, {"form": form, **told}, status=status)


def tell(request: HttpRequest, done: Done, en: str, zh: str) -> None:
    """That it was done, and what followed for others."""
    here = language()
    messages.success(request, zh if here == "zh" else en)
    for notice in done.notices:
        messages.warning(request, notice.to(here))
