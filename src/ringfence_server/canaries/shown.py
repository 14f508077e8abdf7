"""What the pages around a page show of canaries."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from ringfence.errors import Text
from ringfence_server.access import Acting
from ringfence_server.canaries.queries import WATCH, waiting
from ringfence_server.shell import Page, Work


def work(by: Acting, now: datetime) -> list[Work]:  # noqa: ARG001 - as every part is asked
    if not by.may(WATCH):
        return []
    alerts = waiting(by)
    text = Text("alerts of canary persons", "诱饵记录警报")
    return [Work(text, reverse("oversight"), alerts, alerts)]


PAGES = (
    Page(
        name="canaries",
        text=Text("Canaries", "诱饵记录"),
        sign="person",
        about=Text("invented persons who raise an alert", "被查询即告警的虚构人员"),
    ),
)
WORK = (work,)
