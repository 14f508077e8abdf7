"""The background work of the search, each minute: names that are new are read."""

from __future__ import annotations

from procrastinate.contrib.django import app

from ringfence_server.deployment.here import home, now
from ringfence_server.search import units, venues

READ = "search.read"


@app.periodic(cron="* * * * *")
@app.task(name=READ, queueing_lock=READ)
def read_names(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    units.read_anew()
    venues.read_anew(home(), at=now())
