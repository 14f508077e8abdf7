"""What the pages around a page show of people who are followed."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from ringfence.errors import Text
from ringfence_server.access import Acting
from ringfence_server.deployment.here import home
from ringfence_server.follow_ups.releasing import RIGHT, watched
from ringfence_server.follow_ups.watching import local_day
from ringfence_server.shell import Page, Work

PAGES = (
    Page(
        name="releases",
        text=Text("Releases", "解除"),
        sign="person",
        about=Text("whose measures end today", "今日应解除管控的人员"),
    ),
)


def work(by: Acting, now: datetime) -> list[Work]:
    if not by.may(RIGHT):
        return []
    today = local_day(home(), now)
    due = watched(by).filter(follow_up__watch__release_date__lte=today)
    late = due.filter(follow_up__watch__release_date__lt=today).count()
    return [Work(Text("people to release", "待解除人员"), reverse("releases"), due.count(), late)]


WORK = (work,)
