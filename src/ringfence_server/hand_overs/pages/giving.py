"""Hand-overs: the list, one made in two looks, one as it stands, its file."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ringfence.errors import NotAllowed, Text, UserError
from ringfence.trace import words
from ringfence_server.access import Acting, acting_in, needs
from ringfence_server.deployment.here import home, now
from ringfence_server.hand_overs import actions, queries
from ringfence_server.hand_overs.gathering import candidates
from ringfence_server.hand_overs.models import Handed, HandOver, Received
from ringfence_server.hand_overs.pages.asking import (
    answers_in,
    attached,
    tell,
    unit_in,
    units_below,
)
from ringfence_server.hand_overs.sending import Preview, choices, file_of
from ringfence_server.hand_overs.words import ANSWERS, FIELDS, STATES
from ringfence_server.tasks.kinds import ASKED, NAMED, kind_of
from ringfence_server.tasks.models import Link

_TONES = {"waiting": "warn", "answered": "good", "taken_back": "plain"}
ANSWER_TONES = {"": "warn", "accepted": "good", "refused": "bad", "taken_back": "plain"}
CLASSES = {outcome.value: text for outcome, text in words.CLASS_SHORT.items()} | {
    NAMED: Text("named by somebody", "他人提及"),
    ASKED: Text("not settled yet", "待核实"),
}
_MOST = 100


@needs("contact.hand_over")
@require_safe
def hand_overs(request: HttpRequest) -> HttpResponse:
    by, at = acting_in(request), now()
    given = queries.given(by).order_by("due_at", "pk")
    received = queries.received(by).order_by("due_at", "pk")
    told = {
        "given": [line_of(one, at) for one in given.filter(state="waiting")[:_MOST]],
        "offered": [
            line_of(one, at)
            for one in queries.offered(by).filter(state="waiting").order_by("due_at")[:_MOST]
        ],
        "received": [line_of(one, at) for one in received.filter(state="waiting")[:_MOST]],
        "over": [
            line_of(one, at) for one in given.exclude(state="waiting").order_by("-pk")[:_MOST]
        ],
        "answered": [
            line_of(one, at) for one in received.exclude(state="waiting").order_by("-pk")[:_MOST]
        ],
    }
    return render(request, "hand_overs/hand_overs.html", told)


def line_of(one: HandOver | Received, at: Any) -> dict[str, Any]:
    return {
        "one": one,
        "state": STATES[one.state],
        "tone": _TONES[one.state],
        "late": one.state == "waiting" and one.due_at <= at,
        "people": one.people.count(),
    }


@needs("contact.hand_over")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, case: int) -> HttpResponse:
    """Chosen, looked at, sent: three steps on one address."""
    by, at = acting_in(request), now()
    held = queries.case_to_hand_over(by, case)
    if request.method != "POST":
        return _choose(request, held)
    to, refs = request.POST.get("to", ""), request.POST.getlist("ref")
    if request.POST.get("step") == "send":
        made = actions.send(
            home=home(),
            case=case,
            to=to,
            refs=refs,
            digest=request.POST.get("digest", ""),
            token=request.POST.get("token", ""),
            by=by,
            at=at,
        )
        return redirect("hand_over", made.pk)
    try:
        seen = actions.preview(home=home(), case=case, to=to, refs=refs, by=by, at=at)
    except UserError as error:
        return _choose(request, held, error.text, status=400)
    return render(request, "hand_overs/preview.html", _previewed(seen))


def _choose(
    request: HttpRequest, case: Any, fault: Text | None = None, status: int = 200
) -> HttpResponse:
    chosen = set(request.POST.getlist("ref")) | set(request.GET.getlist("ref"))
    told = {
        "case": case,
        "choices": choices(case),
        "to": request.POST.get("to", ""),
        "fault": fault,
        "lines": [
            {
                "one": one,
                "class": CLASSES[one.outcome],
                "kinds": [kind_of(kind).text for kind in one.kinds],
                "chosen": one.follow_up.person in chosen,
            }
            for one in candidates(case)
        ],
    }
    return render(request, "hand_overs/new.html", told, status=status)


def _previewed(seen: Preview) -> dict[str, Any]:
    people = {one.ref: one for one in seen.people}
    return {
        "case": seen.case,
        "to": seen.to,
        "digest": seen.digest,
        "token": secrets.token_urlsafe(24),
        "lines": [
            {
                "ref": one.follow_up.person,
                "class": CLASSES[one.outcome],
                "kinds": [kind_of(kind).text for kind in one.kinds],
                "person": people.get(one.follow_up.person),
                "fields": [
                    FIELDS[name]
                    for name in getattr(people.get(one.follow_up.person), "identity", {})
                ],
            }
            for one in seen.chosen
        ],
    }


@needs("contact.hand_over")
@require_safe
def one(request: HttpRequest, hand_over: int) -> HttpResponse:
    by, at = acting_in(request), now()
    found = queries.hand_over_of(by, hand_over)
    ours = queries.given(by).filter(pk=found.pk).exists()
    theirs = queries.offered(by).filter(pk=found.pk).exists()
    told = {
        **line_of(found, at),
        "hand_over": found,
        "goal": found.partner or found.to_unit,
        "lines": _people(found),
        "may_take_back": ours and found.state == "waiting",
        "may_answer": theirs and found.state == "waiting",
        "ours": ours,
        "units": units_below(by, found.to_unit) if theirs and found.to_unit else [],
    }
    return render(request, "hand_overs/hand_over.html", told)


def _people(found: HandOver) -> list[dict[str, Any]]:
    rows = Handed.objects.filter(hand_over=found).order_by("ref")
    listed = set(
        Link.objects.filter(follow_up__in=rows.values("follow_up"), until__isnull=True).values_list(
            "follow_up", flat=True
        )
    )
    return [
        {
            "row": row,
            "answer": ANSWERS[row.answer],
            "tone": ANSWER_TONES[row.answer],
            "gone": row.follow_up_id not in listed,
        }
        for row in rows
    ]


@needs("contact.hand_over")
@require_safe
def file(request: HttpRequest, hand_over: int) -> HttpResponse:
    by = acting_in(request)
    queries.hand_over_of(by, hand_over)
    found = _ours(by, hand_over)
    return attached(file_of(hand_over=found), f"hand-over-{found.number}.json")


@needs("contact.hand_over")
@require_POST
def take_back(request: HttpRequest, hand_over: int) -> HttpResponse:
    by = acting_in(request)
    queries.hand_over_of(by, hand_over)
    _ours(by, hand_over)
    reason = request.POST.get("reason", "")
    actions.take_back(hand_over=hand_over, reason=reason, by=by, at=now())
    return redirect("hand_over", hand_over)


@needs("contact.hand_over")
@require_POST
def answer(request: HttpRequest, hand_over: int) -> HttpResponse:
    by = acting_in(request)
    found = queries.hand_over_of(by, hand_over)
    if not queries.offered(by).filter(pk=found.pk).exists():
        raise NotAllowed("the unit that it was offered to answers", "须由接收单位答复")
    refs = Handed.objects.filter(hand_over=found).order_by("ref").values_list("ref", flat=True)
    actions.answer_offer(
        hand_over=hand_over,
        answers=answers_in(request, list(refs)),
        unit=unit_in(request),
        by=by,
        at=now(),
    )
    messages.success(request, tell(Text("Answered.", "已答复。")))
    return redirect("hand_overs")


def _ours(by: Acting, hand_over: int) -> HandOver:
    found = queries.given(by).filter(pk=hand_over).first()
    if found is None:
        raise NotAllowed("the unit that handed over does this", "须由移交单位操作")
    return found
