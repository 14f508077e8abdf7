"""The list of a trace as work: previewed, and sent on one approval."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ringfence.errors import Text
from ringfence.trace import words
from ringfence_server.access import acting_in, needs
from ringfence_server.deployment.here import home, now
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.tasks import actions, queries
from ringfence_server.tasks.approving import Preview
from ringfence_server.tasks.kinds import book
from ringfence_server.tasks.planning import CASE, Change
from ringfence_server.web.surroundings import language

_MOST = 200
_CLASSES = {outcome.value: text for outcome, text in words.CLASS_SHORT.items()}


@needs("trace.approve")
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    runs = (
        queries.to_approve(acting_in(request))
        .select_related("case__unit__parent")
        .defer("answer", "kept")
    )
    return render(request, "tasks/approvals.html", {"runs": runs.order_by("ended_at")[:_MOST]})


@needs("trace.approve")
@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: HttpRequest, run: int) -> HttpResponse:
    by, at = acting_in(request), now()
    if request.method == "POST":
        digest = request.POST.get("digest", "")
        actions.approve(home=home(), run=run, digest=digest, by=by, at=at)
        return redirect("trace_approval", run)
    seen = actions.preview(home=home(), run=run, by=by, at=at)
    return render(request, "tasks/approval.html", _told(seen))


@needs("trace.approve")
@require_POST
def ask(request: HttpRequest, run: int) -> HttpResponse:
    """People whom a question is about, as work. An empty question is none."""
    made = actions.ask_people(
        home=home(),
        run=run,
        question=request.POST.get("question", ""),
        by=acting_in(request),
        at=now(),
    )
    text = Text(f"{made} people will be asked.", f"将询问 {made} 人。")
    messages.success(request, text.to(language()))
    return redirect("trace", run)


def _told(seen: Preview) -> dict[str, Any]:
    kinds = book().kinds
    changes = seen.plan.changes
    moving = [one for one in changes if not one.quiet]
    units = Unit.objects.select_related("parent").in_bulk({one.unit for one in changes})
    return {
        "run": seen.run,
        "approval": seen.approval,
        "sent": _sent(seen),
        "digest": seen.digest,
        "people": sum(one.listed is not None for one in changes),
        "cases": sum(one.listed is not None and one.end == CASE for one in changes),
        "dropped": sum(one.listed is None for one in changes),
        "makes": [(kinds[kind].text, n) for kind, n in seen.plan.kinds.items()],
        "withdraws": sum(len(one.withdraws) for one in changes),
        "closes": sum(len(one.closes) for one in changes),
        "open": seen.plan.open_before,
        "shared": sum(one.cases > 1 for one in changes),
        "units": [
            {
                "unit": units[code],
                "people": sum(one.listed is not None for one in own),
                "makes": sum(len(one.makes) + len(one.measures) for one in own),
                "assumed": sum(one.assumed for one in own),
            }
            for code, own in sorted(seen.by_unit.items())
        ],
        "lines": [_line(one, units) for one in moving[:_MOST]],
        "more": max(0, len(moving) - _MOST),
        "quiet": len(changes) - len(moving),
    }


def _sent(seen: Preview) -> int:
    """Approvals of before knew of no tasks by measure."""
    figures = seen.approval.figures if seen.approval is not None else {}
    return int(figures.get("made", 0)) + int(figures.get("by_measure", 0))


def _line(one: Change, units: dict[str, Unit]) -> dict[str, Any]:
    outcome = one.listed.outcome if one.listed is not None else ""
    return {
        "change": one,
        "unit": units[one.unit],
        "is_case": one.end == CASE,
        "class": _CLASSES.get(outcome, Text("dropped", "移出")),
        "makes": [book().kinds[kind].text for kind in (*one.makes, *one.measures)],
    }
