"""What the pages around a page show of the audit."""

from datetime import datetime

from ringfence.errors import Text
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import visible
from ringfence_server.shell import Page
from ringfence_server.shell.fragments import Fragment

PAGES = (
    Page(
        name="audit",
        text=Text("Who looked", "审计"),
        sign="log",
        about=Text("what was done with persons' data, and by whom", "谁对人员数据做了什么"),
    ),
)


def on_a_case(by: Acting, case: Case, at: datetime) -> Fragment:  # noqa: ARG001 - as all parts are asked
    """The way to who looked at it, for the unit whose it is."""
    may = visible(by, "case.assign").filter(pk=case.pk).exists()
    return Fragment("looking/on_a_case.html", {"case": case, "may": may})


ON_A_CASE = (on_a_case,)
