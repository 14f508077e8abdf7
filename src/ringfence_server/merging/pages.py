"""Questions whether numbers are one person: listed, looked at, decided in two looks, undone."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ringfence.errors import Text, UserError
from ringfence.identity.words import DISPUTES
from ringfence_server.access import acting_in, needs
from ringfence_server.deployment.here import home, now
from ringfence_server.merging import actions, queries
from ringfence_server.merging.explaining import sources_of
from ringfence_server.merging.jobs import look_soon
from ringfence_server.merging.looking import fresh
from ringfence_server.merging.models import Decision, Question
from ringfence_server.merging.previewing import follows
from ringfence_server.merging.reach import people_of, seen
from ringfence_server.merging.weighing import Wanted, weigh
from ringfence_server.merging.words import KINDS, LEFT, UNDER_WAY
from ringfence_server.web.failures import status_of

_MOST = 200
_RECENT = 50
_BOTH = ("GET", "HEAD", "POST")
_STATES = {
    "waiting": (Text("waits", "排队中"), "info"),
    "running": (Text("being carried out", "执行中"), "info"),
    "done": (Text("done", "已完成"), "good"),
    "failed": (Text("not done", "未执行"), "bad"),
}
_ACTS = {
    "merge": Text("Make them one person", "合并为同一人"),
    "split": Text("Split them off", "拆分"),
    "undo": Text("Undo this act", "取消此操作"),
    LEFT: Text("Leave it as it is", "维持现状"),
}


@needs("identity.settle")
@require_safe
def identity_questions(request: HttpRequest) -> HttpResponse:
    by = acting_in(request)
    looking = not fresh(home(), now())
    if looking:
        look_soon()
    found = queries.questions(by)
    done = queries.decisions(by)[:_RECENT]
    told = {
        "looking": looking,
        "lines": [_line(one) for one in found[:_MOST]],
        "more": max(0, len(found) - _MOST),
        "decisions": [_decided(one) for one in done],
    }
    return render(request, "merging/questions.html", told)


@needs("identity.settle")
@require_http_methods(_BOTH)
def identity_question(request: HttpRequest, question: int) -> HttpResponse:
    """Chosen, looked at, decided: three steps on one address."""
    by, sent = acting_in(request), request.POST
    found = queries.question_of(by, question)
    if request.method != "POST":
        return _choose(request, found)
    kind = sent.get("kind", "")
    numbers = tuple(sent.getlist("number"))
    wanted = Wanted(LEFT, question=found) if kind == LEFT else Wanted(kind, numbers)
    if kind not in ("merge", "split", LEFT) or set(numbers) - set(found.people):
        wrong = Text("choose what is right, and for which numbers", "请选择认定结果与相应编号")
        return _choose(request, found, wrong, status=400)
    try:
        return _decide(request, wanted, {"question": found})
    except UserError as error:
        if sent.get("step") == "send":
            raise
        return _choose(request, found, error.text, status=status_of(error))


@needs("identity.settle")
@require_http_methods(_BOTH)
def identity_undo(request: HttpRequest, decision: int) -> HttpResponse:
    by = acting_in(request)
    found = queries.decision_of(by, decision)
    told: dict[str, Any] = {"decision": found, **_decided(found)}
    if request.method != "POST":
        return render(request, "merging/undo.html", told)
    try:
        return _decide(request, Wanted("undo", act=found.act), {"decision": found})
    except UserError as error:
        if request.POST.get("step") == "send":
            raise
        reason = request.POST.get("reason", "")
        told |= {"wrong": error.text, "reason": reason}
        return render(request, "merging/undo.html", told, status=status_of(error))


@needs("identity.settle")
@require_safe
def identity_decision(request: HttpRequest, decision: int) -> HttpResponse:
    found = queries.decision_of(acting_in(request), decision)
    return render(request, "merging/decision.html", _decided(found))


@needs("identity.settle")
@require_safe
def identity_decision_state(request: HttpRequest, decision: int) -> HttpResponse:
    """The part of the page that tells how far it is; when it is done, the page loads anew."""
    found = queries.decision_of(acting_in(request), decision)
    answer = render(request, "merging/state.html", _decided(found))
    if found.state not in UNDER_WAY:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _decide(request: HttpRequest, wanted: Wanted, about: dict[str, Any]) -> HttpResponse:
    """The preview, or what was confirmed on it."""
    by, at, sent = acting_in(request), now(), request.POST
    reason = sent.get("reason", "")
    if sent.get("step") == "send":
        made = actions.decide_once(
            home=home(),
            wanted=wanted,
            reason=reason,
            digest=sent.get("digest", ""),
            token=sent.get("token", ""),
            by=by,
            at=at,
        )
        return redirect("identity_decision", made.pk)
    actions.check_reason(reason)
    weighed = weigh(home=home(), wanted=wanted, by=by, at=at)
    told = {
        **about,
        "people": weighed.people,
        "kind": wanted.kind,
        "numbers": wanted.subjects,
        "reason": reason,
        "digest": weighed.digest,
        "token": secrets.token_urlsafe(24),
        "follows": follows(weighed, by),
        "act": _ACTS[wanted.kind],
    }
    return render(request, "merging/preview.html", told)


def _choose(
    request: HttpRequest, found: Question, wrong: Text | None = None, status: int = 200
) -> HttpResponse:
    at, sent = now(), request.POST
    people = people_of(home(), found.subjects, at)
    said = sources_of(home(), found.people, at)
    chosen = set(sent.getlist("number")) if sent else set() if found.linked else {*found.subjects}
    persons = [
        {
            "person": person,
            "numbers": [
                {
                    "number": subject,
                    "asked": subject in found.subjects,
                    "chosen": subject in chosen,
                    "known": [one for one in person.known if one.subject == subject],
                    "said": [one for one in said if one.subject == subject],
                }
                for subject in person.subjects
            ],
        }
        for person in seen(acting_in(request), people)
    ]
    told = {
        **_line(queries.Asked(found)),
        "persons": persons,
        "kinds": [
            ("split", _ACTS["split"]) if found.linked else ("merge", _ACTS["merge"]),
            (LEFT, _ACTS[LEFT]),
        ],
        "kind": sent.get("kind", ""),
        "reason": sent.get("reason", ""),
        "wrong": wrong,
    }
    return render(request, "merging/question.html", told, status=status)


def _line(one: queries.Asked) -> dict[str, Any]:
    return {
        "question": one.question,
        "left": one.left,
        "why": [DISPUTES[kind] for kind in one.question.kinds],
    }


def _decided(one: Decision) -> dict[str, Any]:
    state, tone = _STATES[one.state]
    acted = one.state == "done" and one.act is not None
    return {
        "one": one,
        "what": KINDS[one.kind],
        "state": state,
        "tone": tone,
        "under_way": one.state in UNDER_WAY,
        "may_undo": acted and one.act not in queries.undone([one.act or 0]),
        "fault": None if one.fault is None else Text(one.fault["en"], one.fault["zh"]),
    }
