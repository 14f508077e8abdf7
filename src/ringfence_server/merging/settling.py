"""Carrying a decision out in the home. Each is one act there, whoever is killed: an act bears the
time at which its decision was taken up, by which it is found again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from ringfence import identity
from ringfence.errors import DataError, Text, UserError
from ringfence.identity import store
from ringfence.lake import Home
from ringfence_server.merging.following import follow
from ringfence_server.merging.models import Decision
from ringfence_server.merging.reach import people_of
from ringfence_server.merging.refusals import SORRY
from ringfence_server.merging.words import UNDER_WAY

_SETTLING = 0x52_46_4D_53  # the database's lock of this work


def run_decision(home: Home, number: int, *, clock: Callable[[], datetime]) -> None:
    """One that waits, or that an ended process left. One that has ended is left as it is: a job may
    come twice.
    """
    with _alone():
        one = Decision.objects.select_related("by").filter(pk=number, state__in=UNDER_WAY).first()
        if one is None:
            return
        try:
            act = _done_before(home, one) if one.state == "running" else None
            if act is None:
                act = _done_now(home, one, clock())
        except UserError as error:
            _fail(one, error.text, clock(), error.exit_code)
        except Exception:
            _fail(one, SORRY, clock())
            raise
        else:
            _end(home, one, act, clock())


def _done_now(home: Home, one: Decision, at: datetime) -> int:
    """The number of the act."""
    one.state, one.begun_at = "running", at
    one.save(update_fields=["state", "begun_at"])
    told: dict[str, Any] = {"reason": one.reason, "by": one.by.username, "now": at}
    if one.kind == "undo":
        assert one.undoes is not None
        return identity.undo(home, one.undoes, **told).act
    does = {"merge": identity.merge, "split": identity.split}[one.kind]
    return does(home, one.subjects, **told).act


def _done_before(home: Home, one: Decision) -> int | None:
    """The act of a process that ended before it could say so."""
    with store.reading(home) as acts:
        every = [] if acts is None else store.acts(acts)
    wanted = (one.kind, one.begun_at, one.by.username, one.reason)
    found = [act.number for act in every if (act.kind, act.at, act.by, act.reason) == wanted]
    return found[-1] if found else None


def _end(home: Home, one: Decision, act: int, at: datetime) -> None:
    """With what follows from it for cases and contacts."""
    with transaction.atomic():
        people = people_of(home, one.people, at)
        followed = follow(people, by=one.by, at=at)
        one.state, one.act, one.ended_at = "done", act, at
        one.persons = [list(subjects) for subjects in people]
        one.cases, one.to_trace = list(followed.cases), list(followed.to_trace)
        one.save(update_fields=["state", "act", "ended_at", "persons", "cases", "to_trace"])


def _fail(one: Decision, text: Text, at: datetime, code: int = DataError.exit_code) -> None:
    one.state, one.ended_at = "failed", at
    one.fault = {**text._asdict(), "exit_code": code}
    one.save(update_fields=["state", "ended_at", "fault"])


@contextmanager
def _alone() -> Iterator[None]:
    """Not in a transaction: that it was taken up must be known before the home's act."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_SETTLING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_SETTLING])
