"""Waking the worker after a commit, so that what waits does not wait for the minute."""

from __future__ import annotations

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

DRAIN = "outbox.drain"


def drain_after_commit() -> None:
    """Once for each transaction. Where it fails, the periodic job does the same work later."""
    if any(_drain_soon is told for _, told, *_ in connection.run_on_commit):
        return
    transaction.on_commit(_drain_soon, robust=True)


def _drain_soon() -> None:
    try:
        app.configure_task(DRAIN, queueing_lock=DRAIN).defer()
    except AlreadyEnqueued:
        return
