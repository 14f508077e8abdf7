"""What the worker does of imports: one at a time, so that traces always find a free hand."""

from __future__ import annotations

from procrastinate.contrib.django import app

from ringfence_server.deployment.here import deployment, home, now
from ringfence_server.imports.clearing import clear_away
from ringfence_server.imports.running import run_import
from ringfence_server.imports.sorting import sort_in

_RUN = "imports.run"
_CLEAR = "imports.clear"
_SORT = "imports.sort"


@app.task(name=_RUN, queue="imports", lock=_RUN)
def run(number: int) -> None:
    run_import(home(), number, secret=deployment().secret, clock=now)


@app.periodic(cron="40 * * * *")
@app.task(name=_CLEAR, queueing_lock=_CLEAR)
def clear(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    clear_away(home(), at=now())


@app.periodic(cron="*/5 * * * *")
@app.task(name=_SORT, queue="imports", lock=_RUN, queueing_lock=_SORT)
def sort(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    """Never beside an import: both together would leave no hand for a trace."""
    sort_in(home())
