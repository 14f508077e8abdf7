"""The background work of the outbox: each minute, and as soon as an act is committed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from ringfence_server.deployment.here import home
from ringfence_server.outbox import auditing
from ringfence_server.outbox.waking import DRAIN


@app.periodic(cron="* * * * *")
@app.task(name=DRAIN, queueing_lock=DRAIN)
def drain(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    auditing.drain(home())
