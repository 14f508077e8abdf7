"""The auditor's pages: canaries that are planted, and the alerts that they raised."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from ringfence.errors import NotFound, Text, UserError
from ringfence_server.access import acting_in, needs
from ringfence_server.canaries import actions, queries
from ringfence_server.canaries.forms import KIND_WORDS, PlantForm
from ringfence_server.canaries.models import Canary
from ringfence_server.deployment.here import home, now
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.web.failures import status_of
from ringfence_server.web.surroundings import language

_PLANTED = Text("It is planted. Tell nobody.", "已设置。请勿告知他人。")
_ENDED = Text("It has ended.", "已结束。")
_NO_UNIT = Text("your own unit has no unit of this code", "您的辖区内没有该代码的单位")


@needs("canary.plant")
@require_http_methods(["GET", "HEAD", "POST"])
def canaries(request: HttpRequest) -> HttpResponse:
    form = PlantForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                _plant(request, form)
                messages.success(request, _PLANTED.to(language()))
                return redirect("canaries")
            status = 400
        except UserError as error:
            status = 400 if isinstance(error, NotFound) else status_of(error)
            form.add_error(None, error.text.to(language()))
    rows = [(one, KIND_WORDS[one.canary.kind]) for one in queries.planted(acting_in(request))]
    return render(request, "canaries/canaries.html", {"form": form, "rows": rows}, status=status)


def _plant(request: HttpRequest, form: PlantForm) -> Canary:
    told = form.cleaned_data
    unit = Unit.objects.filter(code=told["unit"].strip()).first()
    if unit is None or not acting_in(request).may(queries.PLANT, unit):
        raise NotFound(*_NO_UNIT)
    return actions.plant(
        home=home(),
        kind=told["kind"],
        unit=unit,
        fields={name: told[name] for name in actions.FIELDS},
        by=acting_in(request),
        at=now(),
    )


@needs("canary.plant")
@require_POST
def end(request: HttpRequest, canary: int) -> HttpResponse:
    actions.end(key=canary, by=acting_in(request), at=now())
    messages.success(request, _ENDED.to(language()))
    return redirect("canaries")


@needs("audit.read")
@require_POST
def seen(request: HttpRequest, alert: int) -> HttpResponse:
    actions.look_at(key=alert, by=acting_in(request), at=now())
    return redirect("oversight")
