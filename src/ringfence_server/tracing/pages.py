"""Pages of a trace: asked with one click, watched while it runs, read down to file and row."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ringfence.errors import Text
from ringfence.trace import words
from ringfence.trace.views import html
from ringfence.trace.views.figures import when
from ringfence_server.access import acting_in, needs
from ringfence_server.deployment.here import home, now
from ringfence_server.shell.listing import Column, listing
from ringfence_server.tracing import actions, queries
from ringfence_server.tracing.answering import ANSWERS, RIGHT, answer
from ringfence_server.tracing.answers import answer_of, beside_of, check_kept
from ringfence_server.tracing.comparing import difference
from ringfence_server.tracing.models import UNDER_WAY, Run
from ringfence_server.web.surroundings import language

_CLASSES = {outcome.value: text for outcome, text in words.CLASS_SHORT.items()}
_TONES = {"close": "bad", "general": "warn", "second": "info"}
_COLUMNS = (
    Column("person", Text("Person", "人员")),
    Column("rank", Text("Class", "类别"), ("rank",)),
    Column("exposure", Text("Exposure", "接触时间"), ("first_exposure",)),
    Column("minutes", Text("Minutes", "分钟"), number=True),
    Column("rule", Text("Rule", "规则")),
    Column("release", Text("Release", "解除日期")),
)


@needs("trace.run")
@require_POST
def begin(request: HttpRequest, case: int) -> HttpResponse:
    run = actions.ask(case=case, by=acting_in(request), at=now())
    return redirect("trace", run.pk)


@needs("case.read")
@require_safe
def trace(request: HttpRequest, run: int) -> HttpResponse:
    by = acting_in(request)
    found = queries.run_of(by, run)
    told = {
        "run": found,
        "under_way": found.state in UNDER_WAY,
        "runs": queries.runs_of(found.case),
        "may_trace": queries.may(by, actions.RIGHT, found),
        "may_export": queries.may(by, "export.contacts", found),
        "may_approve": queries.may(by, "trace.approve", found),
        "may_hand_over": queries.may(by, "contact.hand_over", found),
    }
    if found.state == "done":
        told |= _answer(request, found)
    if found.fault is not None:
        told["fault"] = Text(**found.fault)
    return render(request, "tracing/trace.html", told)


@needs("case.read")
@require_safe
def state(request: HttpRequest, run: int) -> HttpResponse:
    """The part of the page that tells how far it is; when it is done, the page loads anew."""
    found = queries.run_of(acting_in(request), run)
    answer = render(
        request, "tracing/state.html", {"run": found, "under_way": found.state in UNDER_WAY}
    )
    if found.state not in UNDER_WAY:
        answer.headers["HX-Refresh"] = "true"
    return answer


@needs("review.answer")
@require_POST
def settle(request: HttpRequest, run: int) -> HttpResponse:
    """An answer to one of the questions."""
    sent = request.POST
    asked = {name: sent.get(name, "") for name in ("question", "word")}
    answer(home=home(), run=run, **asked, by=acting_in(request), at=now())
    return redirect(f"{reverse('trace', args=[run])}#questions")


@needs("case.read")
@require_safe
def contact(request: HttpRequest, run: int, rank: int) -> HttpResponse:
    found = queries.run_of(acting_in(request), run)
    check_kept(found)
    one = queries.contact_of(found, rank)
    why = [(Text(*said["said"]), [Text(*row) for row in said["rows"]]) for said in one.why]
    told = {"run": found, "contact": one, "why": why, "tone": _TONES[one.outcome]}
    return render(request, "tracing/contact.html", {**told, "class": _CLASSES[one.outcome]})


@needs("case.read")
@require_safe
def picture(request: HttpRequest, run: int) -> HttpResponse:
    """Timeline and graph: the page of the command line, which runs its own scripts and no other."""
    found = queries.run_of(acting_in(request), run)
    page = html.page_of({**answer_of(found), "language": language()})
    return HttpResponse(page, headers={"Content-Security-Policy": html.policy()})


def _answer(request: HttpRequest, run: Run) -> dict[str, object]:
    asked = request.GET
    rows = queries.contacts_of(
        run, outcome=asked.get("class", ""), person=asked.get("person", "").strip()
    )
    shown = listing(rows, _COLUMNS, asked, first="rank", size=queries.PAGE)
    told = beside_of(run)
    rules = {rule: Text(*both) for rule, both in told["rules"].items()}
    return {
        "listing": shown,
        "heads": shown.heads,
        "lines": [
            {
                "contact": one,
                "class": _CLASSES[one.outcome],
                "tone": _TONES[one.outcome],
                "rules": [rules.get(rule, Text(rule, rule)) for rule in one.rules],
            }
            for one in shown.rows
        ],
        "protocol": Text(*told["title"]),
        "warnings": [Text(*both) for both in told["warnings"]],
        "difference": difference(run),
        "questions": _questions(run, told["questions"]),
        "answered": run.answers.count(),
        "may_answer": queries.may(acting_in(request), RIGHT, run),
        "figures": [
            *((_CLASSES[name], run.figures[name]) for name in queries.OUTCOMES),
            (Text("questions", "待核问题"), run.figures["questions"]),
            (Text("crowded venues", "人员密集场所"), run.figures["venues"]),
        ],
        "classes": list(_CLASSES.items()),
        "asked": {"class": asked.get("class", ""), "person": asked.get("person", "")},
    }


def _questions(run: Run, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Most settling first. `words`: none where people have to be asked."""
    zone = home().zone
    given = {one.question: one for one in run.answers.select_related("by")}
    found = []
    for item in items:
        words = ANSWERS.get(item["fact"], {}) if item["place"] is not None else {}
        one = given.get(item["id"])
        found.append(
            {
                "id": item["id"],
                "text": Text(*item["question"]),
                "people": item["people"],
                "when": _when(item, zone),
                "words": list(words.items()),
                "askable": not words and None not in (item["place"], item["start"], item["end"]),
                "answer": one,
                "answered": one and words[one.word],
            }
        )
    return found


def _when(item: dict[str, Any], zone: str) -> str:
    """Of the stay that is asked about, as the home's clock showed it; empty: of no time."""
    if item["start"] is None or item["end"] is None:
        return ""
    start, end = (datetime.fromtimestamp(item[name], UTC) for name in ("start", "end"))
    return when(start, end, zone)
