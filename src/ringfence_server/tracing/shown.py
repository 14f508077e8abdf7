"""What tracing shows on the page of a case."""

from __future__ import annotations

from datetime import datetime

from ringfence.errors import NotAllowed
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import visible
from ringfence_server.shell.fragments import Fragment
from ringfence_server.tracing.actions import RIGHT, check_traceable
from ringfence_server.tracing.models import UNDER_WAY
from ringfence_server.tracing.queries import runs_of

_LATEST = 5


def on_a_case(by: Acting, case: Case, at: datetime) -> Fragment:
    """Its traces, and the click that asks for one."""
    refused = None
    try:
        check_traceable(case, at)
    except NotAllowed as reason:
        refused = reason.text
    runs = list(runs_of(case)[:_LATEST])
    told = {
        "case": case,
        "runs": runs,
        "under_way": bool(runs) and runs[0].state in UNDER_WAY,
        "may": visible(by, RIGHT).filter(pk=case.pk).exists(),
        "refused": refused,
    }
    return Fragment("tracing/on_a_case.html", told)


ON_A_CASE = (on_a_case,)
