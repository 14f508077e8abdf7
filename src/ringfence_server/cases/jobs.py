"""The background work of cases, each minute: what other channels brought, and what lapses."""

from __future__ import annotations

from contextlib import suppress

from procrastinate.contrib.django import app

from ringfence.errors import NotFound
from ringfence_server.cases.actions import lapse, take_from_lake
from ringfence_server.deployment.here import home, now

TAKE = "cases.take"
LAPSE = "cases.lapse"


@app.periodic(cron="* * * * *")
@app.task(name=TAKE, queueing_lock=TAKE)
def take(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    with suppress(NotFound):  # before any unit is loaded there is none to give a case to
        take_from_lake(home(), by=None, at=now())


@app.periodic(cron="* * * * *")
@app.task(name=LAPSE, queueing_lock=LAPSE)
def lapsed(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    lapse(at=now())
