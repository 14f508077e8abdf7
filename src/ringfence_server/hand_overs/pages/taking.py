"""Files of other cities: read, answered, the receipt fetched."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ringfence.errors import NotFound, Text
from ringfence.operations.hand_over import Person
from ringfence_server.access import acting_in, needs
from ringfence_server.deployment.here import home, now
from ringfence_server.hand_overs import actions, queries
from ringfence_server.hand_overs.models import Received, ReceivedPerson
from ringfence_server.hand_overs.pages.asking import (
    answers_in,
    attached,
    file_in,
    tell,
    unit_in,
    units_below,
)
from ringfence_server.hand_overs.pages.giving import ANSWER_TONES, CLASSES, line_of
from ringfence_server.hand_overs.receiving import content_of
from ringfence_server.hand_overs.refusals import file_erased
from ringfence_server.hand_overs.words import ANSWERS, FIELDS


@needs("contact.hand_over")
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    found = actions.read(home=home(), file=file_in(request), by=acting_in(request), at=now())
    if isinstance(found, Received):
        return redirect("received", found.pk)
    messages.success(request, tell(Text("The receipt was read.", "回执已读取。")))
    return redirect("hand_over", found.pk)


@needs("contact.hand_over")
@require_http_methods(["GET", "HEAD", "POST"])
def received(request: HttpRequest, received: int) -> HttpResponse:
    by, at = acting_in(request), now()
    found = queries.received_of(by, received)
    rows = list(ReceivedPerson.objects.filter(received=found).order_by("ref"))
    if request.method == "POST":
        answers = answers_in(request, [row.ref for row in rows])
        unit = unit_in(request)
        actions.answer(home=home(), received=received, answers=answers, unit=unit, by=by, at=at)
        return redirect("received", received)
    content = content_of(found)
    people = {one.ref: one for one in content.people} if content else {}
    told = {
        **line_of(found, at),
        "received": found,
        "lines": [_person(row, people.get(row.ref)) for row in rows],
        "may_answer": found.state == "waiting",
        "units": units_below(by, found.unit) or queries.units_of(by),
    }
    return render(request, "hand_overs/received.html", told)


def _person(row: ReceivedPerson, told: Person | None) -> dict[str, Any]:
    """Which fields came, never what they say: who verifies the person is shown that."""
    return {
        "row": row,
        "answer": ANSWERS[row.answer],
        "tone": ANSWER_TONES[row.answer],
        "district": told.district if told else None,
        "fields": [FIELDS[name] for name in told.identity] if told else [],
        "exposures": [(one, CLASSES[one.outcome]) for one in told.exposures] if told else [],
    }


@needs("contact.hand_over")
@require_safe
def receipt(request: HttpRequest, received: int) -> HttpResponse:
    found = queries.received_of(acting_in(request), received)
    if found.receipt is None and found.state != "waiting":
        raise file_erased()
    if found.receipt is None:
        raise NotFound("there is no receipt before the answer", "答复之后才有回执")
    return attached(bytes(found.receipt), f"receipt-{found.number}.json")
