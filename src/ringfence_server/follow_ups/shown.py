"""What the pages around a page show of people who are followed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse

from ringfence.errors import Text
from ringfence_server.access import Acting
from ringfence_server.deployment.here import home
from ringfence_server.follow_ups.releasing import RIGHT, watched
from ringfence_server.follow_ups.watching import local_day, midnight
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
    served = home()
    today = local_day(served, now)
    # A release is due when its day ends; the index of open tasks knows no more than that.
    due = watched(by).filter(due_at__lte=midnight(served, today + timedelta(days=1)))
    late = due.filter(due_at__lte=midnight(served, today)).count()
    return [Work(Text("people to release", "待解除人员"), reverse("releases"), due.count(), late)]


WORK = (work,)
