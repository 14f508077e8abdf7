"""The entry form, and the entry of a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ringfence.errors import UserError
from ringfence_server.access import acting_in, needs
from ringfence_server.cases.actions import Entry, enter, enter_file
from ringfence_server.cases.diseases import diseases
from ringfence_server.cases.filing import MOST_BYTES
from ringfence_server.cases.models import Case
from ringfence_server.cases.pages.asking import again, tell
from ringfence_server.cases.pages.forms import (
    EntryForm,
    FileForm,
    new_token,
    times_in,
    unit_named,
)
from ringfence_server.cases.persons import PERSON
from ringfence_server.cases.queries import visible
from ringfence_server.cases.refusals import Doubtful
from ringfence_server.cases.words import TIMES
from ringfence_server.deployment.here import home, now

_TRUTH = {"yes": True, "no": False}


@needs("case.enter")
def new(request: HttpRequest) -> HttpResponse:
    by, at, here = acting_in(request), now(), home()
    if request.method != "POST":
        begin = {"token": new_token(), "unit": by.user.unit_id, "classification": "suspected"}
        form = EntryForm(initial=begin, diseases=diseases(here))
        return render(request, "cases/new.html", {"form": form})
    form = EntryForm(request.POST, diseases=diseases(here))
    if not form.is_valid():
        return again(request, "cases/new.html", form, None)
    told = form.cleaned_data
    try:
        entry = Entry(
            disease=told["disease"],
            unit=unit_named("unit", told["unit"]),
            classification=told["classification"],
            symptomatic=_TRUTH.get(told["symptomatic"]),
            times=times_in(form, TIMES, here, at),
            person={name: told[name] for name in PERSON if told.get(name)},
            number=told["number"],
            positive=told["positive"],
            looked_at=told["looked_at"],
        )
        done = enter(home=here, entry=entry, token=told["token"], by=by, at=at)
    except UserError as error:
        return again(request, "cases/new.html", form, error, doubtful=isinstance(error, Doubtful))
    tell(request, done, f"Case {done.number} is entered.", f"病例 {done.number} 已录入。")
    made = Case.objects.get(number=done.number)
    if not visible(by).filter(pk=made.pk).exists():
        return redirect("cases")
    return redirect("case", case=made.pk)


@needs("case.enter")
def file(request: HttpRequest) -> HttpResponse:
    by, at = acting_in(request), now()
    if request.method != "POST":
        form = FileForm(initial={"token": new_token(), "unit": by.user.unit_id})
        return render(request, "cases/file.html", {"form": form})
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return again(request, "cases/file.html", form, None)
    told = form.cleaned_data
    try:
        filed = enter_file(
            home=home(),
            content=told["file"].read(MOST_BYTES + 1),
            unit=unit_named("unit", told["unit"]),
            token=told["token"],
            by=by,
            at=at,
        )
    except UserError as error:
        return again(request, "cases/file.html", form, error)
    return render(request, "cases/filed.html", {"filed": filed})
