"""Which cases an account sees, and pages of them. What lies outside is as if it did not exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from ringfence.errors import NotAllowed, NotFound
from ringfence_server.access import Acting
from ringfence_server.cases.models import Assignment, Case, Cluster, ClusterCase
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.queries import within

SEE = "case.read"
PAGE = 50
FILTERS = ("disease", "classification", "state")
_ALL = Q()


@dataclass(frozen=True, order=True)
class Place:
    """Of a case in a list: its time and its row."""

    listed_at: datetime
    id: int


@dataclass(frozen=True)
class Page:
    """`next`: the last case's place, where more come after it."""

    cases: list[Case]
    next: Place | None


def visible(acting: Acting, right: str = SEE) -> QuerySet[Case]:
    """The cases on which the account has this right: all of its units, and what is assigned; to
    read, also those that it opened in an emergency.
    """
    own = owned(acting, right)
    if right != SEE or not acting.opened:
        return own
    opened = [one.case for one in acting.opened]
    return Case.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=opened))


def owned(acting: Acting, right: str = SEE) -> QuerySet[Case]:
    """The same without what was opened in an emergency."""
    whole = within(Case.objects.all(), acting.units(right, "jurisdiction"))
    if not _may_be_assigned(acting, right):
        return whole
    return Case.objects.filter(Q(pk__in=whole.values("pk")) | Q(pk__in=assigned(acting, right)))


def assigned(acting: Acting, right: str = SEE) -> QuerySet[Case, Any]:
    """Rows of the cases that are this account's or its team's, by themselves or in a cluster."""
    open_now = _mine(acting, right)
    direct = open_now.filter(case__isnull=False).values("case_id")
    through = ClusterCase.objects.filter(
        until__isnull=True, cluster__in=open_now.filter(cluster__isnull=False).values("cluster")
    ).values("case_id")
    return Case.objects.filter(Q(pk__in=direct) | Q(pk__in=through)).values("pk")


def clusters(acting: Acting, right: str = SEE) -> QuerySet[Cluster]:
    whole = within(Cluster.objects.all(), acting.units(right, "jurisdiction"))
    if not _may_be_assigned(acting, right):
        return whole
    mine = _mine(acting, right).filter(cluster__isnull=False).values("cluster")
    return Cluster.objects.filter(Q(pk__in=whole.values("pk")) | Q(pk__in=mine))


def anywhere(number: str) -> Case | None:
    """Whether there is such a case at all: whose it is may be told, and nothing else."""
    if "\0" in number:
        return None
    return Case.objects.filter(number=number).select_related("unit", "owner").first()


def case_of(acting: Acting, number: str, right: str = SEE) -> Case:
    """NotFound: no such case within reach. NotAllowed: it is seen, but without this right."""
    if "\0" in number:
        raise _no_case()
    found = visible(acting).filter(number=number).select_related("unit", "owner", "by").first()
    if found is None:
        raise _no_case()
    if right != SEE and not visible(acting, right).filter(pk=found.pk).exists():
        raise NotAllowed("you may not do this with this case", "您没有对该病例执行此操作的权限")
    return found


def number_of(acting: Acting, key: int) -> str:
    """Of the case in this row, as an address names it. NotFound: none within reach."""
    found = visible(acting).filter(pk=key).values_list("number", flat=True).first()
    if found is None:
        raise _no_case()
    return found


def place_at(acting: Acting, key: int) -> Place | None:
    """Where in the lists the case in this row stands, if it is within reach."""
    found = visible(acting).filter(pk=key).values_list("listed_at", flat=True).first()
    return None if found is None else Place(found, key)


def cluster_of(acting: Acting, key: int, right: str = SEE) -> Cluster:
    """The same of a cluster."""
    found = clusters(acting).filter(pk=key).first()
    if found is None:
        raise NotFound("there is no such cluster", "没有此聚集性疫情")
    if right != SEE and not clusters(acting, right).filter(pk=key).exists():
        raise NotAllowed(
            "you may not do this with this cluster", "您没有对该聚集性疫情执行此操作的权限"
        )
    return found


def page(
    acting: Acting,
    filters: Mapping[str, str],
    after: Place | None = None,
    size: int = PAGE,
    among: Q = _ALL,
) -> Page:
    """The latest first. Each unit is one range of an index, whatever its level; several are merged
    row by row, for one question about them together would have to be sorted.
    """
    units = _topmost(acting.units(SEE, "jurisdiction"))
    parts = [within(Case.objects.all(), [unit]) for unit in units]
    if _may_be_assigned(acting, SEE):
        parts.append(Case.objects.filter(pk__in=assigned(acting)))
    found = [_part(rows.filter(among), filters, after, size) for rows in parts]
    merged = merge(*found, key=place_of, reverse=True)
    cases = list(islice(_each_once(merged), size + 1))
    more = len(cases) > size
    return Page(cases[:size], place_of(cases[size - 1]) if more else None)


def place_of(case: Case) -> Place:
    return Place(case.listed_at, case.pk)


def _part(
    rows: QuerySet[Case], filters: Mapping[str, str], after: Place | None, size: int
) -> list[Case]:
    rows = rows.filter(**{name: filters[name] for name in FILTERS if filters.get(name)})
    if after is not None:
        # One bound of the index, however many cases came at the same moment.
        rows = rows.extra(
            where=["(cases_case.listed_at, cases_case.id) < (%s, %s)"],
            params=[after.listed_at, after.id],
        )
    return list(
        rows.select_related("unit__parent", "owner").order_by("-listed_at", "-id")[: size + 1]
    )


def _each_once(cases: Iterable[Case]) -> Iterable[Case]:
    last = None
    for case in cases:
        if case.pk != last:
            yield case
        last = case.pk


def _topmost(units: Iterable[Unit]) -> list[Unit]:
    """Without those that lie in another of them."""
    several = {unit.code: unit for unit in units}
    return [
        unit
        for unit in several.values()
        if not any(
            other.code != unit.code
            and (other.level == "country" or unit.line.get(other.level) == other.code)
            for other in several.values()
        )
    ]


def _may_be_assigned(acting: Acting, right: str) -> bool:
    return bool(acting.units(right, "assigned"))


def _mine(acting: Acting, right: str) -> QuerySet[Assignment]:
    teams = [unit.code for unit in acting.units(right, "assigned")]
    return Assignment.objects.filter(Q(account=acting.user) | Q(team__in=teams), until__isnull=True)


def _no_case() -> NotFound:
    return NotFound("there is no such case", "没有此病例")
