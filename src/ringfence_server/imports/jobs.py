"""What the worker does of imports: one at a time, so that traces always find a free hand."""

from __future__ import annotations

from procrastinate.contrib.django import app

from ringfence_server.deployment.here import deployment, home, now
from ringfence_server.imports.clearing import clear_away
from ringfence_server.imports.running import run_import

_RUN = "imports.run"
_CLEAR = "imports.clear"


@app.task(name=_RUN, queue="imports", lock=_RUN)
def run(number: int) -> None:
    run_import(home(), number, secret=deployment().secret, clock=now)


@app.periodic(cron="40 * * * *")
@app.task(name=_CLEAR, queueing_lock=_CLEAR)
def clear(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    clear_away(home(), at=now())
