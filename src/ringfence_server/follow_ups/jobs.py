"""The background work of this part: the tasks of each day."""

from __future__ import annotations

from procrastinate.contrib.django import app

from ringfence_server.deployment.here import home, now
from ringfence_server.follow_ups.days import make_days

DAYS = "follow_ups.days"


@app.periodic(cron="*/10 * * * *")
@app.task(name=DAYS, queueing_lock=DAYS)
def days(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    make_days(home(), at=now())
