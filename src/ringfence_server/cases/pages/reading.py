"""The line list, and the page of one case."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ringfence.errors import NotFound, Text
from ringfence.records.vocabularies import CLASSIFICATIONS, TEST_RESULTS
from ringfence_server.access import Acting, acting_in, needs
from ringfence_server.cases.changing import last_change
from ringfence_server.cases.diseases import disease_named, diseases
from ringfence_server.cases.models import Case, CaseChange
from ringfence_server.cases.pages.asking import case_in
from ringfence_server.cases.pages.forms import FindForm
from ringfence_server.cases.queries import FILTERS, case_of, page, place_at, visible
from ringfence_server.cases.reclassifying import times_of
from ringfence_server.cases.signing import SUSPECTED, signs_as
from ringfence_server.cases.waiting import NAMES, waiting
from ringfence_server.cases.words import CHANGES, OPEN, SIGNS_AS, STATES, TIMES
from ringfence_server.deployment.here import home, now
from ringfence_server.shell.listing import Column, Head, Listing
from ringfence_server.shell.parts import said

_TONES = {
    "entered": "plain",
    "provisional": "warn",
    "traceable": "info",
    "lapsed": "bad",
    "discarded": "plain",
    "withdrawn": "plain",
}
_COLUMNS = (
    Column("number", Text("Number", "编号")),
    Column("disease", Text("Disease", "病种")),
    Column("classification", Text("Classification", "分类")),
    Column("unit", Text("Unit", "单位")),
    Column("onset", Text("Onset", "发病")),
    Column("reported", Text("Report", "报告")),
    Column("state", Text("State", "状态")),
)
_RIGHTS = ("case.write", "case.assign", "case.suspect", "case.withdraw")


@needs("case.read")
def every(request: HttpRequest) -> HttpResponse:
    by, asked = acting_in(request), request.GET
    form = FindForm(asked, diseases=diseases(home()), states=STATES)
    lost = False
    if found := asked.get("find", "").strip():
        try:
            return redirect("case", case=case_of(by, found).pk)
        except NotFound:
            lost = True
    filters = {name: asked.get(name, "") for name in FILTERS}
    if form.is_valid():
        after = asked.get("after", "")
        place = place_at(by, int(after)) if _is_key(after) else None
        waits = asked.get("waiting", "")
        among = waiting(waits, by, now()) if waits else Q()
        listed = page(by, filters, place, among=among)
    else:
        listed, place, waits = page(by, {}), None, ""
    return render(
        request,
        "cases/every.html",
        {
            "form": form,
            "listing": _listing(request, listed.cases, more=listed.next is not None, begun=place),
            "rows": [_row(case) for case in listed.cases],
            "not_found": lost,
            "waits": NAMES.get(waits),
            "may_enter": by.may("case.enter"),
        },
        status=404 if lost else 200,
    )


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _listing(
    request: HttpRequest, cases: list[Case], *, more: bool, begun: object
) -> Listing[Case]:
    kept = request.GET.copy()
    kept.pop("after", None)
    first = f"?{kept.urlencode()}" if begun else ""
    kept["after"] = str(cases[-1].pk) if cases else ""
    lost = bool(request.GET.get("after")) and begun is None
    return Listing(
        cases,
        [Head(column, "", "") for column in _COLUMNS],
        before=first,
        after=f"?{kept.urlencode()}" if more else "",
        lost=lost,
    )


def _row(case: Case) -> dict[str, Any]:
    zone = home().zone
    times = {name: when.in_form(zone) for name, when in times_of(case).items()}
    return {"case": case, "times": times, **told_of(case)}


def told_of(case: Case) -> dict[str, Any]:
    return {
        "disease": disease_named(case.disease),
        "classification": CLASSIFICATIONS[case.classification],
        "state": STATES[case.state],
        "tone": _TONES[case.state],
    }


@needs("case.read")
def one(request: HttpRequest, case: int) -> HttpResponse:
    by = acting_in(request)
    return _page(request, case_in(request, case), by)


def _page(request: HttpRequest, case: Case, by: Acting) -> HttpResponse:
    zone = home().zone
    may = {
        right.replace(".", "_"): visible(by, right).filter(pk=case.pk).exists() for right in _RIGHTS
    }
    times = sorted(times_of(case).items(), key=lambda one: one[1].at)
    signatures = {one.role: one for one in case.signatures.filter(round=case.round)}
    awaited = case.state == "entered" and case.classification in SUSPECTED
    mine = any(one.by_id == by.user.pk for one in signatures.values())
    return render(
        request,
        "cases/one.html",
        {
            "case": case,
            **told_of(case),
            "may": may,
            "is_open": case.state in OPEN,
            "times": [(TIMES[name], when.in_form(zone)) for name, when in times],
            "results": [
                (TEST_RESULTS[one.result], one) for one in case.results.order_by("sampled_at")
            ],
            "awaited": awaited or bool(signatures),
            "signatures": [(role, signatures.get(role)) for role in SIGNS_AS],
            "may_sign": awaited and may["case_suspect"] and not mine and signs_as(by, case),
            "assignments": case.assignments.filter(until__isnull=True)
            .select_related("account", "team")
            .order_by("since"),
            "membership": case.memberships.filter(until__isnull=True)
            .select_related("cluster")
            .first(),
            "versions": case.versions.select_related("by").order_by("-number")[:20],
            "changes": [_change(one) for one in _changes(case)],
            "seen": last_change(case),
            "parts": [part(by, case, now()) for part in said("ON_A_CASE")],
        },
    )


def _changes(case: Case) -> list[CaseChange]:
    return list(case.changes.select_related("by").order_by("-id")[:100])


def _change(one: CaseChange) -> dict[str, Any]:
    return {
        "text": CHANGES[one.kind],
        "one": one,
        "from": _words(_differing(one.before, one.after)),
        "to": _words(_differing(one.after, one.before)),
    }


def _differing(told: dict[str, str], other: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in told.items() if other.get(name) != value}


def _words(told: dict[str, str]) -> list[Text]:
    """Words of the vocabularies in both languages; times as they are."""
    found = []
    for name, value in told.items():
        known = {"state": STATES, "classification": CLASSIFICATIONS, "result": TEST_RESULTS}
        if name in known and value in known[name]:
            found.append(known[name][value])
        elif name in TIMES:
            found.append(Text(f"{TIMES[name].en} {value}", f"{TIMES[name].zh} {value}"))
    return found
