"""Reading runs and their contacts: whoever sees the case sees them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from ringfence.errors import NotFound
from ringfence.protocols.model import Outcome
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import visible
from ringfence_server.tracing.models import Contact, Run

PAGE = 100
OUTCOMES = tuple(outcome.value for outcome in Outcome)


def run_of(by: Acting, number: int) -> Run:
    """NotFound: no such run of a case within reach."""
    runs = Run.objects.select_related("case", "case__unit", "asked_by").defer("answer", "kept")
    found = runs.filter(case__in=visible(by), pk=number).first()
    if found is None:
        raise NotFound("there is no such trace", "没有此次追踪")
    return found


def case_key_of(run: int) -> int | None:
    """The row of the case that a run is of, whoever may see it."""
    return Run.objects.filter(pk=run).values_list("case", flat=True).first()


def may(by: Acting, right: str, run: Run) -> bool:
    """Whether this right is held on the case of the run."""
    return visible(by, right).filter(pk=run.case_id).exists()


def runs_of(case: Case) -> QuerySet[Run]:
    """Newest first."""
    return (
        Run.objects.filter(case=case)
        .select_related("asked_by")
        .defer("answer", "kept")
        .order_by("-id")
    )


def traced_here(by: Acting, subjects: Collection[str]) -> set[str]:
    """Those of them who are the person of a case within reach, or a contact that one was traced
    to.
    """
    seen = visible(by)
    cases = seen.filter(subject__in=subjects).values_list("subject", flat=True)
    contacts = Contact.objects.filter(run__case__in=seen, person__in=subjects)
    return {*cases, *contacts.values_list("person", flat=True)}


def contacts_of(run: Run, *, outcome: str = "", person: str = "") -> QuerySet[Contact]:
    """Gravest and earliest first, without their reasons."""
    rows = Contact.objects.filter(run=run).defer("why")
    if outcome in OUTCOMES:
        rows = rows.filter(outcome=outcome)
    if "\0" in person:
        return rows.none()
    return rows.filter(person__startswith=person)


def contact_of(run: Run, rank: int) -> Contact:
    """NotFound: the run lists nobody there."""
    found = Contact.objects.filter(run=run, rank=rank).first()
    if found is None:
        raise NotFound("this trace lists nobody there", "此次追踪没有该接触者")
    return found
