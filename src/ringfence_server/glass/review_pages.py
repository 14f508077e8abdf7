"""The openings of one's units, and the review of one, beside what was looked at meanwhile."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ringfence.audit import Entry, Wanted, newest
from ringfence.errors import NotFound, Text, UserError
from ringfence_server.access import Acting, acting_in, needs
from ringfence_server.accounts.wording import said_text
from ringfence_server.deployment.here import home, now
from ringfence_server.glass import actions, queries
from ringfence_server.glass.forms import ReviewForm
from ringfence_server.glass.models import Opening
from ringfence_server.glass.rules import rules
from ringfence_server.shell.listing import Column, listing
from ringfence_server.web.failures import status_of

_COLUMNS = (
    Column("at", Text("Opened", "查看时间"), ("at",)),
    Column("case", Text("Case", "病例")),
    Column("unit", Text("Unit of the case", "病例归属单位")),
    Column("by", Text("By", "查看者")),
    Column("purpose", Text("What for", "用途")),
    Column("state", Text("State", "状态")),
)
_STATES = {
    "waiting": Text("waits for a review", "待复核"),
    "justified": Text("justified", "有正当理由"),
    "not": Text("not justified", "无正当理由"),
}
_LATE = Text("late", "超期")
_OPEN = Text("open now", "查看中")
_PAGES: dict[str, Text] = {
    "case": Text("the case", "病例页"),
    "case_version": Text("its investigation form", "流调表"),
    "trace": Text("a trace", "追踪结果"),
    "trace_contact": Text("a contact of a trace", "追踪中的接触者"),
    "trace_picture": Text("timeline and graph of a trace", "追踪时间线与关系图"),
    "trace_state": Text("how far a trace is", "追踪进度"),
}
_OTHER = Text("asked for another page", "请求其他页面")
_SHOWN = 500


@needs(queries.REVIEW)
@require_safe
def openings(request: HttpRequest) -> HttpResponse:
    by, at, asked = acting_in(request), now(), request.GET
    rows = queries.seen(by)
    state = asked.get("state", "")
    if state == "waiting":
        rows = rows.filter(review__isnull=True)
    elif state in _STATES:
        rows = rows.filter(review__justified=state == "justified")
    shown = listing(rows, _COLUMNS, asked, first="-at")
    told = {
        "listing": shown,
        "lines": [_line(one, at) for one in shown.rows],
        "states": list(_STATES.items()),
        "state": state,
    }
    return render(request, "glass/openings.html", told)


@needs(queries.REVIEW)
@require_safe
def opening(request: HttpRequest, opening: int) -> HttpResponse:
    by = acting_in(request)
    return _one(request, queries.opening_of(by, opening), by, ReviewForm())


@needs(queries.REVIEW)
@require_POST
def review(request: HttpRequest, opening: int) -> HttpResponse:
    by, form = acting_in(request), ReviewForm(request.POST)
    found = queries.opening_of(by, opening)
    if not form.is_valid():
        return _one(request, found, by, form, 400)
    told = form.cleaned_data
    try:
        actions.review(
            opening=opening,
            justified=told["found"] == "justified",
            reason=told["reason"],
            by=by,
            at=now(),
        )
    except NotFound:
        raise
    except UserError as error:
        form.add_error(None, str(said_text(error.text)))
        return _one(request, queries.opening_of(by, opening), by, form, status_of(error))
    messages.success(request, str(said_text(Text("The review is kept.", "复核已保存。"))))
    return redirect("opening", opening)


@needs(queries.REVIEW)
@require_POST
def stop(request: HttpRequest, opening: int) -> HttpResponse:
    actions.stop(opening=opening, by=acting_in(request), at=now())
    return redirect("opening", opening)


def _line(one: Opening, at: datetime) -> dict[str, Any]:
    review = getattr(one, "review", None)
    state = "waiting" if review is None else "justified" if review.justified else "not"
    return {
        "opening": one,
        "purpose": rules().purposes.get(one.purpose, Text(one.purpose, one.purpose)),
        "review": review,
        "state": _STATES[state],
        "tone": {"waiting": "warn", "justified": "good", "not": "bad"}[state],
        "late": _LATE if review is None and one.at <= at - rules().review_within else None,
        "open": _OPEN if one.at <= at < one.until else None,
    }


def _one(
    request: HttpRequest, found: Opening, by: Acting, form: ReviewForm, status: int = 200
) -> HttpResponse:
    told = {
        **_line(found, now()),
        "form": form,
        "may_review": queries.may_review(by, found) and getattr(found, "review", None) is None,
        "looked": [_look(one) for one in _meanwhile(found)],
        "most": _SHOWN,
    }
    return render(request, "glass/opening.html", told, status=status)


def _meanwhile(found: Opening) -> list[Entry]:
    """What the audit says that the account did with this case, from the opening to its end."""
    wanted = Wanted(by=found.by.username, case=found.case.number, since=found.at, until=found.until)
    return sorted(islice(newest(home(), wanted), _SHOWN), key=lambda one: one.number)


def _look(one: Entry) -> dict[str, Any]:
    page = one.about.get("page", "")
    rank = one.about.get("rank", "")
    text = _PAGES.get(page, _OTHER) if one.act == "glass.looked" else Text(one.act, one.act)
    return {"entry": one, "text": text, "rank": rank, "page": page}
