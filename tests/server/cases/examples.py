"""A case with all that hangs on it, at a unit of the tree; written as rows."""

from __future__ import annotations

from ringfence_server.accounts.models import User
from ringfence_server.cases.investigating import Form
from ringfence_server.cases.models import (
    Assignment,
    Case,
    CaseVersion,
    Cluster,
    ClusterCase,
)
from ringfence_server.deployment.here import deployment, now
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox.sealing import seal


def case_at(at: str, team: str) -> Case:
    """Made when first asked for; in a cluster, with one version of its form, and its team's."""
    known = Case.objects.filter(number=f"C-{at}").first()
    if known is not None:
        return known
    unit, moment = Unit.objects.get(code=at), now()
    user = User.objects.order_by("pk")[0]
    case = Case.objects.create(
        number=f"C-{at}",
        disease="covid-19",
        subject=f"s-{at}",
        unit=unit,
        owner=unit,
        classification="suspected",
        state="entered",
        listed_at=moment,
        by=user,
        at=moment,
    )
    sealed = seal(deployment().secret, "investigation form", f"{case.pk}/1", Form().as_json())
    CaseVersion.objects.create(case=case, number=1, sealed=sealed, by=user, at=moment)
    cluster = Cluster.objects.create(name=f"K-{at}", unit=unit, by=user, at=moment)
    ClusterCase.objects.create(cluster=cluster, case=case, since=moment, by=user)
    team_unit = Unit.objects.get(code=team)
    for what in ({"case": case}, {"cluster": cluster}):
        Assignment.objects.create(**what, team=team_unit, since=moment, by=user)
    return case
