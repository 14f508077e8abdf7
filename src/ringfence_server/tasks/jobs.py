"""The background work of this part: traces after reports, reminders and what is late."""

from __future__ import annotations

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from ringfence_server.deployment.here import home, now
from ringfence_server.tasks.counting import count_lost
from ringfence_server.tasks.escalating import escalate
from ringfence_server.tasks.retracing import retrace

RETRACE = "tasks.retrace"
ESCALATE = "tasks.escalate"
COUNT = "tasks.count_lost"


@app.periodic(cron="* * * * *")
@app.task(name=RETRACE, queueing_lock=RETRACE)
def retrace_cases(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    retrace(home(), at=now())


@app.periodic(cron="*/5 * * * *")
@app.task(name=ESCALATE, queueing_lock=ESCALATE)
def escalate_late(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    escalate(at=now())


@app.periodic(cron="*/5 * * * *")
@app.task(name=COUNT, queueing_lock=COUNT)
def count_who_fell_out(timestamp: int = 0) -> None:  # noqa: ARG001 - given to every periodic job
    count_lost(at=now())


def ask_after_commit() -> None:
    """Once for each transaction. Where it fails, the periodic job does the same work later."""
    if any(_ask_soon is told for _, told, *_ in connection.run_on_commit):
        return
    transaction.on_commit(_ask_soon, robust=True)


def _ask_soon() -> None:
    try:
        app.configure_task(RETRACE, queueing_lock=RETRACE).defer()
    except AlreadyEnqueued:
        return
