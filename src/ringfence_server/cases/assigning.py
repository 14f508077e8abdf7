"""Whose work a case or a cluster is, and which cases make a cluster."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ringfence.errors import DataError, NotAllowed, NotFound
from ringfence.operations.checks import check_words
from ringfence_server.access import Acting, acting_of
from ringfence_server.accounts.models import User
from ringfence_server.cases.changing import held
from ringfence_server.cases.models import Assignment, Cluster, ClusterCase
from ringfence_server.cases.queries import case_of, cluster_of
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox import auditing

RIGHT = "case.assign"


def assign(
    *,
    by: Acting,
    at: datetime,
    number: str | None = None,
    cluster: int | None = None,
    account: User | None = None,
    team: Unit | None = None,
) -> Assignment:
    """A case by its number, or a cluster, to an account, or to all of a unit who see what is
    assigned.
    """
    if (number is None) == (cluster is None) or (account is None) == (team is None):
        raise TypeError("one case or one cluster, to one account or one unit")
    if account is not None and not acting_of(account, at).may("case.read"):
        raise NotAllowed("this account may not see cases", "该账户无查看病例的权限")
    try:
        with transaction.atomic():
            case = held(by, number, RIGHT, None) if number is not None else None
            group = cluster_of(by, cluster, RIGHT) if cluster is not None else None
            made = Assignment.objects.create(
                case=case, cluster=group, account=account, team=team, since=at, by=by.user
            )
            auditing.told("case.assigned", by=by.user.username, at=at, about=_about(made))
    except IntegrityError:
        raise DataError("it is assigned so already", "已分派给该对象") from None
    return made


def end_assignment(*, key: int, by: Acting, at: datetime) -> None:
    with transaction.atomic():
        made = (
            Assignment.objects.select_for_update(of=("self",))
            .filter(pk=key, until__isnull=True)
            .first()
        )
        if made is None:
            raise NotFound("there is no such assignment", "没有此分派")
        if made.case is not None:
            case_of(by, made.case.number, RIGHT)
        elif made.cluster_id is not None:
            cluster_of(by, made.cluster_id, RIGHT)
        made.until = at
        made.save(update_fields=["until"])
        auditing.told("case.unassigned", by=by.user.username, at=at, about=_about(made))


def make_cluster(*, name: str, unit: Unit, by: Acting, at: datetime) -> Cluster:
    """`name`: of the place or the event, never of a person."""
    check_words("name of the cluster", "聚集性疫情名称", name)
    if unit not in by.units(RIGHT, "jurisdiction") and not by.may(RIGHT, unit):
        raise NotAllowed("you may not make clusters of this unit", "您没有在该辖区建立的权限")
    with transaction.atomic():
        made = Cluster.objects.create(name=name.strip(), unit=unit, by=by.user, at=at)
        about = {"cluster": str(made.pk), "unit": unit.code}
        auditing.told("cluster.made", by=by.user.username, at=at, about=about)
    return made


def join(*, cluster: int, number: str, by: Acting, at: datetime) -> None:
    """A case is in one cluster at a time."""
    try:
        with transaction.atomic():
            group, case = cluster_of(by, cluster, RIGHT), held(by, number, RIGHT, None)
            ClusterCase.objects.create(cluster=group, case=case, since=at, by=by.user)
            about = {"cluster": str(group.pk), "case": case.number}
            auditing.told("cluster.joined", by=by.user.username, at=at, about=about)
    except IntegrityError:
        raise DataError(
            "the case is in a cluster already: it leaves that one first",
            "病例已属于另一聚集性疫情：请先移出",
        ) from None


def leave(*, cluster: int, number: str, by: Acting, at: datetime) -> None:
    with transaction.atomic():
        group, case = cluster_of(by, cluster, RIGHT), held(by, number, RIGHT, None)
        left = ClusterCase.objects.filter(cluster=group, case=case, until__isnull=True)
        if not left.update(until=at):
            raise NotFound("the case is not in this cluster", "病例不在该聚集性疫情中")
        about = {"cluster": str(group.pk), "case": case.number}
        auditing.told("cluster.left", by=by.user.username, at=at, about=about)


def _about(made: Assignment) -> dict[str, str]:
    to = made.account.username if made.account else str(made.team_id)
    if made.case is not None:
        return {"case": made.case.number, "to": to}
    return {"cluster": str(made.cluster_id), "to": to}
