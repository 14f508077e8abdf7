"""The background work of the API: keys that nobody sends any more are forgotten."""

from __future__ import annotations

from procrastinate.contrib.django import app

from ringfence_server.api.once import forget
from ringfence_server.deployment.here import now

FORGET = "api.forget_keys"


@app.periodic(cron="40 * * * *")
@app.task(name=FORGET, queueing_lock=FORGET)
def forget_keys(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    forget(at=now())
