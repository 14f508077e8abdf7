"""What the pages around a page show of searches."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from ringfence.errors import Text
from ringfence_server.access import Acting
from ringfence_server.search.raising import RIGHT, waiting
from ringfence_server.shell import Page, Work


def work(by: Acting, now: datetime) -> list[Work]:  # noqa: ARG001 - as every part is asked
    if not by.may(RIGHT):
        return []
    text = Text("search quotas that somebody asks to raise", "待审批的查询限额申请")
    return [Work(text, reverse("search_raises"), waiting(by).exclude(account=by.user).count())]


PAGES = (
    Page(
        name="oversight",
        text=Text("Searches", "查询监督"),
        sign="search",
        about=Text("who looked for people, alerts, raised quotas", "人员查询、警报与限额"),
    ),
)
WORK = (work,)
