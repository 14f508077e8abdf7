"""What the pages around a page show of people who are followed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from ringfence.errors import Text
from ringfence_server.access import Acting
from ringfence_server.follow_ups.releasing import RIGHT, watched
from ringfence_server.follow_ups.telling import to_tell
from ringfence_server.shell import Page, Work

PAGES = (
    Page(
        name="releases",
        text=Text("Releases", "解除管控"),
        sign="person",
        about=Text("whose measures end today", "今日应解除管控的人员"),
    ),
)


def work(by: Acting, now: datetime) -> list[Work]:
    if not by.may(RIGHT):
        return []
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    # The index of open tasks knows no more than when a release is due: as its day ends, or a day
    # after it was made, where that day was over. Tomorrow's are due as tomorrow ends.
    due = watched(by).filter(due_at__lt=today + timedelta(days=2))
    late = due.filter(due_at__lte=today).count()
    return [Work(Text("people to release", "待解除人员"), reverse("releases"), due.count(), late)]


WORK = (work,)
AT_A_DOOR = (to_tell,)
