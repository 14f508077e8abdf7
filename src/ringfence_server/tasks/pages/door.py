"""A worker's pages: what is in hand, one task, its report. Large, for a phone in a doorway."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ringfence_server.access import acting_in, needs
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.deployment.here import home, now
from ringfence_server.shell.parts import said
from ringfence_server.tasks import actions, queries
from ringfence_server.tasks.asked_about import asked_about
from ringfence_server.tasks.classes import classes_of
from ringfence_server.tasks.kinds import kind_of
from ringfence_server.tasks.models import Exposure, Task
from ringfence_server.tasks.pages.asking import during, line_of
from ringfence_server.tasks.pages.forms import ReportForm
from ringfence_server.tasks.revealing import person_of
from ringfence_server.tasks.words import IN_HAND
from ringfence_server.web.surroundings import language

_MOST = 50


@needs("task.work")
@require_safe
def my_tasks(request: HttpRequest) -> HttpResponse:
    by, at = acting_in(request), now()
    groups = (queries.mine(by), queries.free(by), queries.called_off(by, at))
    shown = [list(rows[:_MOST]) for rows in groups]
    classes = classes_of({one.follow_up_id for rows in shown for one in rows})
    mine, free, gone = (
        [{**line_of(one, at), "class": classes.get(one.follow_up_id)} for one in rows]
        for rows in shown
    )
    return render(request, "tasks/my_tasks.html", {"mine": mine, "free": free, "gone": gone})


@needs("task.work")
@require_safe
def my_task(request: HttpRequest, task: int) -> HttpResponse:
    by, at = acting_in(request), now()
    found = queries.worked(by, task)
    in_hand = found.state in IN_HAND
    told = {
        **line_of(found, at),
        "in_hand": in_hand,
        "may_accept": found.state == "dispatched",
        "person": person_of(home(), found, by=by, at=at) if in_hand else None,
        "stays": _stays(found) if in_hand else [],
        "parts": [part(found) for part in said("AT_A_DOOR")] if in_hand else [],
        "draft": _draft(request, found),
    }
    return render(request, "tasks/my_task.html", told)


@needs("task.work")
@require_POST
def step(request: HttpRequest, task: int) -> HttpResponse:
    to, reason = request.POST.get("to", ""), request.POST.get("reason", "")
    done = actions.step(number=task, to=to, by=acting_in(request), at=now(), reason=reason)
    if done.state == "refused":
        return redirect("my_tasks")
    return redirect("my_task", task)


@needs("task.work")
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, task: int) -> HttpResponse:
    """Sent again, as after a lost answer, the form finds its task reported already."""
    by, at = acting_in(request), now()
    found = queries.worked(by, task)
    kind, exposures = kind_of(found.kind), _exposures(found)
    if request.method != "POST":
        if found.state not in IN_HAND:
            return redirect("my_task", task)
        return _form(request, found, ReportForm(kind, exposures))
    form = ReportForm(kind, exposures, request.POST)
    if not form.is_valid():
        if found.state not in IN_HAND:
            return redirect("my_task", task)
        return _form(request, found, form, 400)
    token = form.cleaned_data["token"]
    try:
        actions.report(home=home(), number=task, told=form.report(), token=token, by=by, at=at)
    except FieldErrors as error:
        form.refuse(error, language())
        return _form(request, found, form, 400)
    return redirect("my_task", task)


def _form(request: HttpRequest, task: Task, form: ReportForm, status: int = 200) -> HttpResponse:
    told: dict[str, Any] = {**line_of(task, now()), "form": form, "draft": _draft(request, task)}
    return render(request, "tasks/report.html", told, status=status)


def _stays(task: Task) -> list[tuple[str, str]]:
    return [(one.first.label, during(one)) for one in asked_about(_exposures(task))]


def _exposures(task: Task) -> list[Exposure]:
    """Of a day's follow-up, none: where somebody was is asked once."""
    if task.day is not None:
        return []
    return list(Exposure.objects.filter(follow_up=task.follow_up_id))


def _draft(request: HttpRequest, task: Task) -> str:
    """Under which name the phone keeps a draft: of this account and no other."""
    return f"{acting_in(request).user.pk} {task.pk}"
