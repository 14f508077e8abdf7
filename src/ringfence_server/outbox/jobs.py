"""The background work of the outbox: each minute, and as soon as an act is committed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from ringfence_server.deployment.here import deployment, home, now
from ringfence_server.outbox import auditing, delivering
from ringfence_server.outbox.waking import DELIVER, DRAIN


@app.periodic(cron="* * * * *")
@app.task(name=DRAIN, queueing_lock=DRAIN)
def drain(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    auditing.drain(home())


@app.periodic(cron="* * * * *")
@app.task(name=DELIVER, queueing_lock=DELIVER)
def deliver(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    delivering.deliver(home(), secret=deployment().secret, at=now())
