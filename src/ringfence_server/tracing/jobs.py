"""What the worker does of tracing."""

from __future__ import annotations

from procrastinate.contrib.django import app

from ringfence_server.deployment.here import deployment, home, now
from ringfence_server.outbox.delivering import deliver
from ringfence_server.tracing.running import run_trace

WAITED_FOR, AFTERWARDS = 10, -10
"""Priorities: whoever waits at a screen comes before all other work, and that before the traces
that the program asks by itself. After an evening's reports hundreds of those wait.
"""


@app.task(name="trace", queue="traces")
def trace(run: int) -> None:
    """What was entered of the case must be in the lake before it is asked."""
    served, at = home(), now()
    deliver(served, secret=deployment().secret, at=at)
    run_trace(served, run, now=at)
