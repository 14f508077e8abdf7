"""Who is to be released today, what stands in the way, and whose date moved."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ringfence.errors import Text
from ringfence_server.access import acting_in, needs
from ringfence_server.deployment.here import home, now
from ringfence_server.follow_ups import actions
from ringfence_server.follow_ups.releasing import due, moves, watched
from ringfence_server.follow_ups.watching import local_day
from ringfence_server.tasks.assigning import last_state
from ringfence_server.tasks.kinds import kind_of
from ringfence_server.tasks.models import Task
from ringfence_server.web.surroundings import language

_LATELY = timedelta(days=7)
_MOST = 100


@needs("trace.approve")
@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    by, at = acting_in(request), now()
    found, today = due(home(), by, at), local_day(home(), at)
    told = {
        "ready": [(one, Text(**one.watch.rule)) for one in found if not one.missing],
        "blocked": [
            (
                one,
                [
                    (task, kind_of(task.kind).text, last_state(task), _over(task, today))
                    for task in one.missing
                ],
            )
            for one in found
            if one.missing
        ],
        "moves": moves(by, at - _LATELY)[:_MOST],
        "watched": watched(by).count(),
    }
    return render(request, "follow_ups/releases.html", told)


@needs("trace.approve")
@require_POST
def release(request: HttpRequest, follow_up: int) -> HttpResponse:
    seen = _number(request.POST.get("seen", ""))
    done = actions.release(
        home=home(), follow_up=follow_up, seen=seen, by=acting_in(request), at=now()
    )
    rule = Text(**done.rule).to(language())
    text = Text(f"Released: {rule}", f"已解除：{rule}")
    messages.success(request, text.to(language()))
    return redirect("releases")


@needs("trace.approve")
@require_POST
def give_up(request: HttpRequest, task: int) -> HttpResponse:
    actions.give_up(
        home=home(),
        task=task,
        seen=_number(request.POST.get("seen", "")),
        reason=request.POST.get("reason", ""),
        by=acting_in(request),
        at=now(),
    )
    return redirect("releases")


def _over(task: Task, today: date) -> bool:
    """Whether it is of a day that nobody can ask about any more."""
    return task.day is not None and task.day < today


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0
