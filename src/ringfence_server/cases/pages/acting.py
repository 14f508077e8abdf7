"""Acts on a case, each with a form of its own that says what will happen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ringfence.errors import NotFound, Text, UserError
from ringfence_server.access import acting_in, needs
from ringfence_server.accounts.models import User
from ringfence_server.cases import actions
from ringfence_server.cases.changing import Done, last_change
from ringfence_server.cases.models import Assignment, Case
from ringfence_server.cases.pages.asking import again, case_in, tell
from ringfence_server.cases.pages.forms import (
    AssignForm,
    ReasonForm,
    ReclassifyForm,
    ResultForm,
    TimesForm,
    Told,
    new_token,
    times_in,
    unit_named,
)
from ringfence_server.cases.reclassifying import times_of
from ringfence_server.cases.refusals import Doubtful, FieldErrors
from ringfence_server.cases.words import EVENT_OF
from ringfence_server.deployment.here import home, now
from ringfence_server.shell.parts import said

_WITHDRAW_WHY = Text(
    "It was no case, or was entered by mistake. What rests on it is told; nothing is deleted.",
    "并非病例或录入有误。相关部分会收到通知，数据不会删除。",
)
_RESULT_WHY = Text(
    "A positive result confirms the case; from then on it can be traced.",
    "阳性结果即确诊病例，此后可进行追踪。",
)
_ACTS: dict[str, tuple[Text, Text | None, Text]] = {
    "result": (Text("Laboratory result", "实验室结果"), _RESULT_WHY, Text("Record", "录入")),
    "reclassify": (Text("Reclassify", "订正分类"), None, Text("Reclassify", "订正")),
    "withdraw": (Text("Withdraw", "撤销病例"), _WITHDRAW_WHY, Text("Withdraw", "撤销")),
    "times": (Text("Mend times", "订正时间"), None, Text("Save", "保存")),
    "assign": (Text("Assign", "分派"), None, Text("Assign", "分派")),
}


def _act(
    request: HttpRequest,
    name: str,
    case: Case,
    form: Told,
    does: Callable[[dict[str, Any]], Done],
) -> HttpResponse:
    """Shows the form; sent, does the act and returns to the case, or says why not."""
    title, why, word = _ACTS[name]
    told = {"case": case, "title": title, "why": why, "act": word, "danger": name == "withdraw"}
    if name == "withdraw":
        told["follows"] = [text for part in said("BEFORE_A_WITHDRAWAL") for text in part(case)]
    if request.method != "POST":
        return render(request, "cases/act.html", {"form": form, **told})
    if not form.is_valid():
        return again(request, "cases/act.html", form, None, **told)
    try:
        done = does(form.cleaned_data)
    except NotFound:
        raise
    except UserError as error:
        doubtful = isinstance(error, Doubtful)
        return again(request, "cases/act.html", form, error, **told, doubtful=doubtful)
    tell(request, done, f"{title.en}: done.", f"{title.zh}：已完成。")
    return redirect("case", case=case.pk)


@needs("case.write")
def result(request: HttpRequest, case: int) -> HttpResponse:
    found, at, here = case_in(request, case, "case.write"), now(), home()
    form = ResultForm(request.POST or None, initial={"token": new_token()})

    def does(told: dict[str, Any]) -> Done:
        times = times_in(form, ("sampled",), here, at)
        return actions.record_result(
            home=here,
            number=found.number,
            sampled=times["sampled"],
            result=told["result"],
            token=told["token"],
            by=acting_in(request),
            at=at,
        )

    return _act(request, "result", found, form, does)


@needs("case.suspect")
@require_POST
def sign(request: HttpRequest, case: int) -> HttpResponse:
    found = case_in(request, case, "case.suspect")
    seen = request.POST.get("seen", "")
    done = actions.sign(
        number=found.number,
        by=acting_in(request),
        at=now(),
        seen=int(seen) if seen.isascii() and seen.isdecimal() else 0,
    )
    tell(request, done, "Signed.", "已签署。")
    return redirect("case", case=found.pk)


@needs("case.withdraw")
def reclassify(request: HttpRequest, case: int) -> HttpResponse:
    found = case_in(request, case, "case.withdraw")
    begin = {"seen": last_change(found), "classification": found.classification}
    form = ReclassifyForm(request.POST or None, initial=begin)

    def does(told: dict[str, Any]) -> Done:
        return actions.reclassify(
            home=home(), number=found.number, by=acting_in(request), at=now(), **told
        )

    return _act(request, "reclassify", found, form, does)


@needs("case.withdraw")
def withdraw(request: HttpRequest, case: int) -> HttpResponse:
    found = case_in(request, case, "case.withdraw")
    form = ReasonForm(request.POST or None, initial={"seen": last_change(found)})

    def does(told: dict[str, Any]) -> Done:
        return actions.withdraw(
            home=home(), number=found.number, by=acting_in(request), at=now(), **told
        )

    return _act(request, "withdraw", found, form, does)


@needs("case.write")
def times(request: HttpRequest, case: int) -> HttpResponse:
    found, at, here = case_in(request, case, "case.write"), now(), home()
    stands = {name: when.in_form(here.zone) for name, when in times_of(found).items()}
    form = TimesForm(request.POST or None, initial={**stands, "seen": last_change(found)})

    def does(told: dict[str, Any]) -> Done:
        return actions.mend_times(
            home=here,
            number=found.number,
            times=times_in(form, EVENT_OF, here, at),
            reason=told["reason"],
            by=acting_in(request),
            at=at,
            seen=told["seen"],
            looked_at=told["looked_at"],
        )

    return _act(request, "times", found, form, does)


@needs("case.assign")
def assign(request: HttpRequest, case: int) -> HttpResponse:
    found = case_in(request, case, "case.assign")
    form = AssignForm(request.POST or None)

    def does(told: dict[str, Any]) -> Done:
        actions.assign(number=found.number, by=acting_in(request), at=now(), **whom(told))
        return Done(found.number)

    return _act(request, "assign", found, form, does)


def whom(told: dict[str, Any]) -> dict[str, Any]:
    """FieldErrors: nobody, or both, or no such account or unit."""
    if bool(told["account"]) == bool(told["team"]):
        reason = Text("name an account or a unit, one of them", "请填写账户或单位之一")
        raise FieldErrors({"account": reason})
    if told["team"]:
        return {"team": unit_named("team", told["team"])}
    named = User.objects.filter(username=told["account"], is_active=True).first()
    if named is None:
        raise FieldErrors({"account": Text("there is no such account", "没有此账户")})
    return {"account": named}


@needs("case.assign")
@require_POST
def unassign(request: HttpRequest, assignment: int) -> HttpResponse:
    actions.end_assignment(key=assignment, by=acting_in(request), at=now())
    made = Assignment.objects.get(pk=assignment)
    if made.case_id is None:
        return redirect("cluster", cluster=made.cluster_id)
    return redirect("case", case=made.case_id)
