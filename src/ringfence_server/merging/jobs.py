"""What the worker does of decisions and questions: decisions one at a time, in their order."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from ringfence_server.deployment.here import deployment, home, now
from ringfence_server.merging.following import trace_anew
from ringfence_server.merging.looking import look as look_at
from ringfence_server.merging.settling import run_decision
from ringfence_server.outbox.delivering import deliver

_SETTLE = "merging.settle"
_LOOK = "merging.look"
_TRACE = "merging.trace"


@app.task(name=_SETTLE, queue="merging", lock=_SETTLE)
def settle(number: int) -> None:
    """What was entered of the people must be in the lake before they are merged."""
    served = home()
    deliver(served, secret=deployment().secret, at=now())
    run_decision(served, number, clock=now)
    trace_anew(at=now())
    look_at(served, at=now())


@app.periodic(cron="*/15 * * * *")
@app.task(name=_LOOK, queue="merging", queueing_lock=_LOOK, lock=_LOOK)
def look(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    look_at(home(), at=now())


@app.periodic(cron="* * * * *")
@app.task(name=_TRACE, queueing_lock=_TRACE)
def trace(timestamp: int = 0) -> None:  # noqa: ARG001
    """Of cases that were being traced while it was decided."""
    trace_anew(at=now())


def look_soon() -> None:
    """Before the quarter of an hour is over; asked for again until then, it is one look."""
    try:
        with transaction.atomic():
            app.configure_task(_LOOK, queueing_lock=_LOOK, lock=_LOOK).defer()
    except AlreadyEnqueued:
        return
