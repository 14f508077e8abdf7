"""What narratives show on the page of a case."""

from __future__ import annotations

from datetime import datetime

from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import visible
from ringfence_server.narratives.keeping import RIGHT
from ringfence_server.narratives.models import Narrative
from ringfence_server.shell.fragments import Fragment

_MOST = 20


def on_a_case(by: Acting, case: Case, at: datetime) -> Fragment:  # noqa: ARG001 - as all parts
    may = visible(by, RIGHT).filter(pk=case.pk).exists()
    found = Narrative.objects.filter(case=case).select_related("by").order_by("-at")[:_MOST]
    return Fragment("narratives/on_a_case.html", {"case": case, "may": may, "narratives": found})


ON_A_CASE = (on_a_case,)
