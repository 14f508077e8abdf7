"""Clusters: their list, and the page of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ringfence.errors import UserError
from ringfence_server.access import acting_in, needs
from ringfence_server.cases import actions
from ringfence_server.cases.models import Case
from ringfence_server.cases.pages.acting import whom
from ringfence_server.cases.pages.asking import again, case_in
from ringfence_server.cases.pages.forms import AssignForm, ClusterForm, NumberForm, unit_named
from ringfence_server.cases.pages.reading import told_of
from ringfence_server.cases.queries import cluster_of, clusters, visible
from ringfence_server.deployment.here import now

_SHOWN = 100


@needs("case.read")
def every(request: HttpRequest) -> HttpResponse:
    by = acting_in(request)
    form = ClusterForm(request.POST or None, initial={"unit": by.user.unit_id})
    told = {
        "clusters": clusters(by).select_related("unit__parent").order_by("-at", "-id")[:_SHOWN],
        "may_make": by.may("case.assign"),
    }
    if request.method != "POST":
        return render(request, "cases/clusters.html", {"form": form, **told})
    if not form.is_valid():
        return again(request, "cases/clusters.html", form, None, **told)
    try:
        unit = unit_named("unit", form.cleaned_data["unit"])
        name = form.cleaned_data["cluster_name"]
        made = actions.make_cluster(name=name, unit=unit, by=by, at=now())
    except UserError as error:
        return again(request, "cases/clusters.html", form, error, **told)
    return redirect("cluster", cluster=made.pk)


@needs("case.read")
def one(request: HttpRequest, cluster: int) -> HttpResponse:
    return _shown(request, cluster, NumberForm(), AssignForm())


def _shown(
    request: HttpRequest,
    key: int,
    joining: NumberForm,
    assigning: AssignForm,
    error: UserError | None = None,
) -> HttpResponse:
    by = acting_in(request)
    group = cluster_of(by, key)
    cases = Case.objects.filter(pk__in=group.memberships.filter(until__isnull=True).values("case"))
    seen = cases.filter(pk__in=visible(by).values("pk")).select_related("unit__parent")
    told = {
        "cluster": group,
        "rows": [{"case": case, **told_of(case)} for case in seen.order_by("-listed_at")[:_SHOWN]],
        "unseen": cases.count() - seen.count(),
        "assignments": group.assignments.filter(until__isnull=True).select_related(
            "account", "team__parent"
        ),
        "may_assign": clusters(by, "case.assign").filter(pk=group.pk).exists(),
        "assigning": assigning,
    }
    if error is not None or joining.errors or assigning.errors:
        return again(request, "cases/cluster.html", joining, error, **told)
    return render(request, "cases/cluster.html", {"form": joining, **told})


@needs("case.assign")
@require_POST
def join(request: HttpRequest, cluster: int) -> HttpResponse:
    cluster_of(acting_in(request), cluster, "case.assign")
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _shown(request, cluster, form, AssignForm())
    try:
        number = form.cleaned_data["number"]
        actions.join(cluster=cluster, number=number, by=acting_in(request), at=now())
    except UserError as error:
        return _shown(request, cluster, form, AssignForm(), error)
    return redirect("cluster", cluster=cluster)


@needs("case.assign")
@require_POST
def leave(request: HttpRequest, cluster: int, case: int) -> HttpResponse:
    number = case_in(request, case, "case.assign").number
    actions.leave(cluster=cluster, number=number, by=acting_in(request), at=now())
    return redirect("cluster", cluster=cluster)


@needs("case.assign")
@require_POST
def assign(request: HttpRequest, cluster: int) -> HttpResponse:
    cluster_of(acting_in(request), cluster, "case.assign")
    form = AssignForm(request.POST)
    if form.is_valid():
        try:
            whom_ = whom(form.cleaned_data)
            actions.assign(cluster=cluster, by=acting_in(request), at=now(), **whom_)
            return redirect("cluster", cluster=cluster)
        except UserError as error:
            form.refuse(error)
    return _shown(request, cluster, NumberForm(), form)
