"""What movements show on the page of a case."""

from __future__ import annotations

from datetime import datetime

from ringfence.errors import NotAllowed
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import visible
from ringfence_server.shell.fragments import Fragment
from ringfence_server.tracing.actions import RIGHT, check_traceable


def on_a_case(by: Acting, case: Case, at: datetime) -> Fragment:
    may = visible(by, RIGHT).filter(pk=case.pk).exists()
    try:
        check_traceable(case, at)
    except NotAllowed:
        may = False
    return Fragment("movements/on_a_case.html", {"case": case, "may": may})


ON_A_CASE = (on_a_case,)
