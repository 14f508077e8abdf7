"""Waking the worker after a commit, so that what waits does not wait for the minute."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

DRAIN = "outbox.drain"
DELIVER = "outbox.deliver"


def drain_after_commit() -> None:
    _after_commit(_drain_soon)


def deliver_after_commit() -> None:
    _after_commit(_deliver_soon)


def _after_commit(soon: Callable[[], None]) -> None:
    """Once for each transaction. Where it fails, the periodic job does the same work later."""
    if any(soon is told for _, told, *_ in connection.run_on_commit):
        return
    transaction.on_commit(soon, robust=True)


def _drain_soon() -> None:
    _wake(DRAIN)


def _deliver_soon() -> None:
    _wake(DELIVER)


def _wake(task: str) -> None:
    try:
        app.configure_task(task, queueing_lock=task).defer()
    except AlreadyEnqueued:
        return
