"""The page of the search, and what was found. What was typed comes by POST and is in no address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ringfence.errors import DataError, Text
from ringfence_server.access import Acting, acting_in, signed_in
from ringfence_server.deployment.here import home, now
from ringfence_server.search import things
from ringfence_server.search.allowing import spent
from ringfence_server.search.asking import Answer, OverQuota, ask, told_of_things
from ringfence_server.search.hits import written
from ringfence_server.search.models import Raise
from ringfence_server.search.people import RIGHT
from ringfence_server.search.revealing import CANARY, Whom, of_canary, whom
from ringfence_server.search.typed import LONGEST, Typed, read
from ringfence_server.web.surroundings import language

FOUND_BY = {
    "id_number": Text("number of a document", "证件号码"),
    "phone": Text("telephone", "电话"),
    "name": Text("name", "姓名"),
    "pinyin": Text("name that is read so", "姓名读音"),
    "initials": Text("initials of the name", "姓名首字母"),
}
WHO = {"case": Text("case", "病例"), "contact": Text("contact under follow-up", "随访中的接触者")}
_PEOPLE = "people"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "search/search.html", {"longest": LONGEST, **_quota(request)})
    by, at = acting_in(request), now()
    text = request.POST.get("text", "")
    told: dict[str, Any] = {"text": text[:LONGEST], "longest": LONGEST, "asked": True}
    try:
        typed = read(text, home(), at)
    except DataError as error:
        told |= {"wrong": error.text.to(language()), "asked": False, **_quota(request)}
        return render(request, "search/search.html", told, status=400)
    wants = request.POST.get("among") == _PEOPLE
    status = 200
    if by.may(RIGHT) and typed.forms and (wants or typed.sure):
        try:
            told |= {"people": _people(ask(home=home(), typed=typed, by=by, at=at), by)}
        except OverQuota as error:
            status, told = error.status, {**told, "over": error.text}
    if not wants:
        told["groups"] = _groups(typed, by)
    told |= {"may_be_people": by.may(RIGHT) and bool(typed.forms), **_quota(request)}
    return render(request, "search/search.html", told, status=status)


def _groups(typed: Typed, by: Acting) -> list[things.Group]:
    groups = things.found(home(), typed, by=by, at=now())
    told_of_things(typed, sum(len(group.rows) for group in groups), by=by, at=now())
    return groups


def _people(answer: Answer, by: Acting) -> dict[str, Any]:
    lines = [_line(whom(hit.kind, hit.key, by), hit.found_by) for hit in answer.hits.people]
    lines += [_line(of_canary(one), found_by) for one, found_by in answer.canaries]
    # A planted one stands where it would, were it like the others: by number of the case.
    lines.sort(key=lambda line: (line["order"], line["cases"]))
    return {"lines": lines, "more": answer.hits.more}


def _line(one: Whom, found_by: str) -> dict[str, Any]:
    kind = CANARY if one.canary is not None else one.kind
    return {
        "order": list(FOUND_BY).index(found_by) if found_by in FOUND_BY else len(FOUND_BY),
        "who": WHO[one.kind],
        "unit": one.unit,
        "cases": ", ".join(one.cases),
        "found_by": FOUND_BY.get(found_by, Text("", "")),
        "hit": written(kind, one.key),
    }


def _quota(request: HttpRequest) -> dict[str, Any]:
    by = acting_in(request)
    if not by.may(RIGHT):
        return {}
    waits = Raise.objects.filter(account=by.user, decided_at__isnull=True).exists()
    return {"quota": spent(by.user, now()), "raise_waits": waits}
