"""What of this part waits for somebody."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from ringfence.errors import Text
from ringfence_server.access import Acting
from ringfence_server.glass import queries
from ringfence_server.shell import Work


def work(by: Acting, now: datetime) -> list[Work]:
    if not by.may(queries.REVIEW):
        return []
    rows = queries.waiting(by, now)
    return [
        Work(
            Text("emergency openings without a review", "待复核的紧急查看"),
            f"{reverse('openings')}?state=waiting",
            rows.count(),
            queries.late(rows, now).count(),
        )
    ]
