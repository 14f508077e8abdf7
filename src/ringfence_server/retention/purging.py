"""The purge of the database: each clock is applied, looked at again, and told in the audit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from ringfence.engines.sql import SqlEngine
from ringfence.errors import StorageError
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.trace.case_files import known_cases
from ringfence.trace.open_cases import open_cases
from ringfence_server.accounts.purging import erase_attempts
from ringfence_server.api.purging import erase_tokens
from ringfence_server.cases.purging import erase_forms, erase_submissions, numbers_of_open
from ringfence_server.follow_ups.purging import erase_watches
from ringfence_server.glass.purging import erase_missed
from ringfence_server.hand_overs.purging import (
    erase_files,
    erase_handed,
    erase_refused,
    waiting_for_an_answer,
)
from ringfence_server.imports.purging import erase_imports
from ringfence_server.merging.purging import erase_decisions
from ringfence_server.narratives.purging import erase_narratives
from ringfence_server.outbox import auditing
from ringfence_server.outbox.purging import erase_audit_rows, erase_deliveries
from ringfence_server.retention.clocks import clocks
from ringfence_server.search.purging import erase_searches, erase_venues
from ringfence_server.tasks.purging import (
    cases_followed_up,
    erase_exposures,
    erase_follow_ups,
    erase_reports,
    over,
)
from ringfence_server.tracing.purging import erase_traces

BY = "ringfence"
ACT = "server.purge"
_PURGING = 0x52_46_50_47  # the database's lock of this work
_EXPIRED = "DELETE FROM web_cache WHERE expires < %s"


def erase_runs(before: datetime, held: Collection[str]) -> int:
    return erase_venues(before, held) + erase_traces(before, held)


def erase_work(before: datetime, held: Collection[str]) -> int:
    """What hangs on follow-ups goes before them."""
    found = over(before, held)
    found -= waiting_for_an_answer(found)
    gone = erase_refused(before)
    return gone + erase_handed(found) + erase_watches(found) + erase_follow_ups(found)


Erase = Callable[[datetime, Collection[str]], int]
ERASE: Mapping[str, Erase] = {
    "traces": erase_runs,
    "exposures": erase_exposures,
    "reports": erase_reports,
    "forms": erase_forms,
    "narratives": erase_narratives,
    "deliveries": erase_deliveries,
    "audit_rows": erase_audit_rows,
    "submissions": erase_submissions,
    "attempts": erase_attempts,
    "work": erase_work,
    "hand_overs": erase_files,
    "searches": erase_searches,
    "missed": erase_missed,
    "tokens": erase_tokens,
    "imports": erase_imports,
    "decisions": erase_decisions,
}


def purge_database(home: Home, *, at: datetime, by: str = BY) -> dict[str, int]:
    """Rows by clock. StorageError: something was still found after it was erased; all is as before.

    Two at once: the second waits, and finds nothing.
    """
    gone: dict[str, int] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PURGING])
        held = held_cases(home, at)
        for key, clock in clocks().clocks.items():
            before = at - timedelta(days=clock.days)
            gone[key] = ERASE[key](before, held)
            if ERASE[key](before, held):
                raise StorageError(
                    f"rows of {key} were still found after they were erased",
                    f"{clock.name.zh}清除后仍可查到",
                )
        cursor.execute(_EXPIRED, [at])
        if any(gone.values()):
            about = {key: str(rows) for key, rows in gone.items() if rows}
            auditing.told(ACT, by=by, at=at, about=about)
    return gone


def held_cases(home: Home, at: datetime) -> set[str]:
    """Open here, and not known to the lake as released; and those for whom people are followed
    up. What the lake does not know yet is open.
    """
    engine = SqlEngine(snapshot(home, at))
    closed = known_cases(engine).keys() - open_cases(engine).keys()
    return (numbers_of_open() - closed) | cases_followed_up()
