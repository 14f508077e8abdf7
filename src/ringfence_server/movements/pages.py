"""The page of a case's movements: maps, days, conflicts, gaps, questions and evidence."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from ringfence.errors import NotAllowed, UserError
from ringfence.operations.moving.page import body
from ringfence.operations.moving.view import View
from ringfence_server.access import acting_in, needs
from ringfence_server.accounts.wording import said_text
from ringfence_server.cases.investigating import RIGHT as MAY_WRITE
from ringfence_server.cases.queries import case_of, number_of, visible
from ringfence_server.deployment.here import home, now
from ringfence_server.movements.asking import movements as asked_for
from ringfence_server.movements.forms import DaysForm
from ringfence_server.tracing.actions import RIGHT
from ringfence_server.web.failures import status_of
from ringfence_server.web.surroundings import language


@needs("trace.run")
@require_safe
def movements(request: HttpRequest, case: int) -> HttpResponse:
    by = acting_in(request)
    found = case_of(by, number_of(by, case), RIGHT)
    told: dict[str, Any] = {
        "case": found,
        "may_write": visible(by, MAY_WRITE).filter(pk=found.pk).exists(),
    }
    form = DaysForm(request.GET)
    status = 200 if form.is_valid() else 400
    if status == 200:
        try:
            answer = asked_for(home=home(), asked=form.asked(found.number), by=by, at=now())
        except NotAllowed:
            raise
        except UserError as error:
            form.add_error(None, str(said_text(error.text)))
            status = status_of(error)
        else:
            # What records say is escaped where it is drawn.
            told["drawn"] = SafeString("".join(body(View(answer, language()))))
    return render(request, "movements/movements.html", {**told, "form": form}, status=status)
