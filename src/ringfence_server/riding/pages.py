"""The page of who rode with a case, and the case's rides as its own page shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ringfence.errors import NotAllowed, NotFound, UserError
from ringfence.operations.riding.asking import PassengerList
from ringfence.protocols.catalogue import load_all
from ringfence.protocols.model import Protocol
from ringfence_server.access import Acting, acting_in, needs
from ringfence_server.accounts.wording import said_text
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import case_of, number_of
from ringfence_server.deployment.here import home, now
from ringfence_server.riding import asking
from ringfence_server.riding.forms import RunForm
from ringfence_server.riding.lines import MOST, run_shown
from ringfence_server.tracing.actions import RIGHT
from ringfence_server.web.failures import status_of


@needs("trace.run")
@require_safe
def rides(request: HttpRequest, case: int) -> HttpResponse:
    """The list alone, for the page of the case."""
    by = acting_in(request)
    found = case_of(by, number_of(by, case), RIGHT)
    return render(
        request, "riding/rides.html", {"case": found, "rides": _rides(found, by), "alone": True}
    )


@needs("trace.run")
@require_safe
def passengers(request: HttpRequest, case: int) -> HttpResponse:
    by, sent = acting_in(request), request.GET
    found = case_of(by, number_of(by, case), RIGHT)
    told: dict[str, Any] = {"case": found}
    form = RunForm(sent if "service" in sent else None, protocols=_protocols(found))
    status = 200
    if form.is_valid():
        try:
            asked = form.asked(found.number)
            answer = asking.passengers(home=home(), asked=asked, by=by, at=now())
        except NotAllowed:
            raise
        except UserError as error:
            form.add_error(None, str(said_text(error.text)))
            # What the form names and is not there is a fault of the form, not of the address.
            status = 400 if isinstance(error, NotFound) else status_of(error)
        else:
            most = None if "all" in sent else MOST
            told["runs"] = [run_shown(one, most) for one in _runs(answer)]
    elif form.is_bound:
        status = 400
    if "runs" not in told:
        told["rides"] = _rides(found, by)
    return render(request, "riding/passengers.html", {**told, "form": form}, status=status)


def _rides(case: Case, by: Acting) -> list[dict[str, Any]]:
    own = asking.rides(home=home(), case=case.number, by=by, at=now())
    return [
        {"run": one.run, "key": one.run.keys[0], "seat": one.leg.seat.label, "way": one.stations}
        for one in own
    ]


def _runs(told: PassengerList) -> Iterator[PassengerList]:
    """The one that was asked about, and those that the case changed to."""
    following: PassengerList | None = told
    while following is not None:
        yield following
        following = following.onward


def _protocols(case: Case) -> list[Protocol]:
    """Those of its disease that say anything of rides."""
    every = (file.protocol for file in load_all(home().protocols))
    return [
        one
        for one in every
        if one.disease == case.disease and any("ride" in rule.evidence for rule in one.rules)
    ]
