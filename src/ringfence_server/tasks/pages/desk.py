"""Tasks at the desk: the list of a unit, one task with its history, who fell out, the clocks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from ringfence.errors import Text
from ringfence_server.access import Acting, acting_in, needs
from ringfence_server.deployment.here import deployment, home, now
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.queries import covers, within
from ringfence_server.outbox.sealing import unseal
from ringfence_server.shell.listing import Column, listing
from ringfence_server.tasks import actions, queries
from ringfence_server.tasks import clocks as stages
from ringfence_server.tasks.assigning import last_state, loads
from ringfence_server.tasks.kinds import book, kind_of
from ringfence_server.tasks.models import Exposure, Feedback, Link, Task
from ringfence_server.tasks.pages.asking import line_of, number_in, states_of
from ringfence_server.tasks.reporting import PURPOSE, SYMPTOMS
from ringfence_server.tasks.words import LEADS_TO, OPEN, SAMPLE, STATES
from ringfence_server.web.surroundings import language

_COLUMNS = (
    Column("due", Text("Due", "时限"), ("due_at",)),
    Column("kind", Text("Task", "任务")),
    Column("person", Text("Person", "人员")),
    Column("unit", Text("Unit", "单位")),
    Column("account", Text("In hand of", "执行人")),
    Column("state", Text("State", "状态")),
)
_THERE = {"yes": Text("was there", "在场"), "no": Text("was not there", "不在场")}
_LOST = 500


@needs("task.dispatch")
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    by, asked, at = acting_in(request), request.GET, now()
    unit, filters, rows = queries.asked_at_desk(by, asked)
    shown = listing(rows, _COLUMNS, asked, first="due")
    told = {
        "listing": shown,
        "heads": shown.heads,
        "lines": [line_of(one, at) for one in shown.rows],
        "unit": unit,
        "units": [unit, *(one for one in _choices(by, unit) if one != unit)],
        "states": [(key, STATES[key]) for key in OPEN],
        "kinds": [(key, kind.text) for key, kind in book().kinds.items()],
        "asked": {name: filters.get(name, "") for name in ("state", "kind", "symptoms")},
        "ill": queries.with_symptoms(within(queries.of_desk(by), [unit])).count(),
        "export": urlencode({**filters, "unit": unit.code}) if by.may("export.contacts") else "",
    }
    return render(request, "tasks/tasks.html", told)


def _choices(by: Acting, unit: Unit) -> list[Unit]:
    """The account's own units, the one above and those right below."""
    own = queries.units_of(by, queries.DISPATCH)
    above = [one for one in [unit.parent] if one and any(covers(top, one) for top in own)]
    return [*own, *above, *unit.children.order_by("code")]


@needs("task.dispatch")
@require_safe
def one(request: HttpRequest, task: int) -> HttpResponse:
    by, at = acting_in(request), now()
    found = queries.dispatched(by, task)
    kind = kind_of(found.kind)
    end = kind.ends.get(found.outcome)
    ill = found.symptoms and found.state == "feedback"
    there = {other.kind for other in _open(found)}
    more = [
        (key, one.with_group)
        for key, one in book().kinds.items()
        if one.by_hand and found.state in OPEN and key not in there
    ]
    told = {
        **line_of(found, at),
        "states": states_of(found),
        "seen": last_state(found),
        "source": kind.source,
        "group": kind.group,
        "outcome": kind.said(found.outcome) if found.outcome else None,
        "settled": bool(end and end.settled),
        "cases": _cases(found),
        "others": [line_of(one, at) for one in _others(found)],
        "reports": [_report(one) for one in found.feedback.select_related("by").order_by("pk")],
        "may_send": "dispatched" in LEADS_TO[found.state],
        "loads": loads(found.unit, at),
        "below": [found.unit, *found.unit.children.order_by("code")],
        "more": more,
        "ill": ill,
        "sample": SAMPLE if ill and SAMPLE in dict(more) else "",
    }
    return render(request, "tasks/task.html", told)


def _cases(task: Task) -> list[Link]:
    rests = Link.objects.filter(follow_up=task.follow_up_id, until__isnull=True)
    return list(rests.select_related("case").order_by("case__number"))


def _others(task: Task) -> list[Task]:
    rows = Task.objects.filter(follow_up=task.follow_up_id).exclude(pk=task.pk)
    return list(rows.select_related("unit__parent", "account", "follow_up").order_by("pk"))


def _open(task: Task) -> list[Task]:
    return list(Task.objects.filter(follow_up=task.follow_up_id, state__in=OPEN))


_ERASED = Text("erased when its time was over", "已到保存期限，内容已清除")


def _told(one: Feedback) -> dict[str, Any]:
    if not one.sealed:
        gone = {"said": [], "symptoms": [], "since": "", "others": []}
        return {**gone, "note": _ERASED.to(language())}
    told: dict[str, Any] = unseal(deployment().secret, PURPOSE, str(one.pk), bytes(one.sealed))
    return told


def _report(one: Feedback) -> dict[str, Any]:
    told = _told(one)
    asked = Exposure.objects.in_bulk([said["exposure"] for said in told["said"]])
    return {
        "feedback": one,
        "outcome": kind_of(one.task.kind).said(one.outcome),
        "said": [
            (asked[said["exposure"]], _THERE[said["was_there"]], said)
            for said in told["said"]
            if said["was_there"] and said["exposure"] in asked  # its time may be over before
        ],
        "symptoms": [SYMPTOMS[word] for word in told["symptoms"]],
        "since": told["since"],
        "others": len(told["others"]),
        "note": told["note"],
    }


@needs("task.dispatch")
@require_POST
def send(request: HttpRequest, task: int) -> HttpResponse:
    sent = request.POST
    given = {name: sent.get(name, "").strip() for name in ("unit", "account", "reason")}
    actions.send(
        number=task,
        seen=number_in(sent.get("seen", "")),
        by=acting_in(request),
        at=now(),
        **given,
    )
    return redirect("task", task)


@needs("task.dispatch")
@require_POST
def check(request: HttpRequest, task: int) -> HttpResponse:
    seen = number_in(request.POST.get("seen", ""))
    actions.check(number=task, seen=seen, by=acting_in(request), at=now())
    return redirect("task", task)


@needs("task.dispatch")
@require_POST
def close(request: HttpRequest, task: int) -> HttpResponse:
    seen = number_in(request.POST.get("seen", ""))
    actions.close(number=task, seen=seen, by=acting_in(request), at=now())
    return redirect("task", task)


@needs("task.dispatch")
@require_POST
def more(request: HttpRequest, task: int) -> HttpResponse:
    kind = request.POST.get("kind", "")
    made = actions.add(home=home(), number=task, kind=kind, by=acting_in(request), at=now())
    return redirect("task", made.pk)


@needs("trace.approve")
@require_safe
def lost(request: HttpRequest) -> HttpResponse:
    rows = queries.lost_within(acting_in(request))[:_LOST]
    return render(request, "tasks/lost.html", {"contacts": rows})


@needs("trace.approve")
@require_safe
def clocks(request: HttpRequest) -> HttpResponse:
    found = stages.clocks(acting_in(request))
    units = Unit.objects.select_related("parent").in_bulk([code for code, _ in found.units])
    told = {
        "cases": found.cases,
        "units": [(units[code], clock) for code, clock in found.units],
    }
    return render(request, "tasks/clocks.html", told)
