"""What the views of this part share: who asks, about which case, and how a refusal is answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ringfence.errors import NotAllowed, NotFound, StorageError, UserError
from ringfence_server.access import Acting
from ringfence_server.cases.changing import Done
from ringfence_server.cases.models import Case
from ringfence_server.cases.pages.forms import Told
from ringfence_server.cases.queries import SEE, case_of, number_of
from ringfence_server.web.failures import not_found, told_error
from ringfence_server.web.surroundings import language

_STATUS: dict[type[UserError], int] = {NotAllowed: 403, StorageError: 503}
View = Callable[..., HttpResponse]


def acting_in(request: HttpRequest) -> Acting:
    found: Acting = request.acting  # type: ignore[attr-defined]
    return found


def case_in(request: HttpRequest, key: int, right: str = SEE) -> Case:
    by = acting_in(request)
    return case_of(by, number_of(by, key), right)


def answering(view: View) -> View:
    """What a view refuses without a form to say it beside has a page of its own."""

    @wraps(view)
    def answer(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, *given, **named)
        except NotFound:
            return not_found(request)
        except UserError as error:
            return told_error(request, error)

    return answer


def again(
    request: HttpRequest, template: str, form: Told, error: UserError | None, **told: Any
) -> HttpResponse:
    """The form as it was typed, with why it was refused."""
    status = 400
    if error is not None:
        form.refuse(error)
        status = getattr(error, "status", None) or _STATUS.get(type(error), 400)
    return render(request, template, {"form": form, **told}, status=status)


def tell(request: HttpRequest, done: Done, en: str, zh: str) -> None:
    """That it was done, and what followed for others."""
    here = language()
    messages.success(request, zh if here == "zh" else en)
    for notice in done.notices:
        messages.warning(request, notice.to(here))
