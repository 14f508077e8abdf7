"""The server's acts in the home's one audit log.

`told` writes a row in the act's own transaction: act and row stand or fall together. `drain` brings
the rows into the signed chain, each once: a row that stands there already, because the process
ended before it could be marked, is found by its own number. A look at who somebody is must be in
the chain before it is shown: `shown` puts it there at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from ringfence.audit import append, entries
from ringfence.audit.writing import Act, append_many
from ringfence.lake import Home
from ringfence_server.outbox.models import AuditRow

_AT_ONCE = 500
_DRAINING = 0x52_46_41_55  # the database's lock of this work
_ROW = "row"
_CLOCKS_DIFFER = timedelta(days=3)


def told(act: str, *, by: str, at: datetime, about: Mapping[str, str]) -> None:
    """Within the transaction of the act. `about`: pseudonyms, numbers of cases, reasons."""
    if not connection.in_atomic_block:
        raise RuntimeError("an act and its row of the audit are written in one transaction")
    AuditRow.objects.create(act=act, by=by, at=at, about=dict(about))


def shown(home: Home, act: str, *, by: str, at: datetime, about: Mapping[str, str]) -> int:
    """Durable and signed on return: only then may be shown what was asked for."""
    return append(home, act, by=by, at=at, about=about)


def drain(home: Home) -> int:
    """Bring what waits into the home's log, in the order of writing; how many rows."""
    moved = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_DRAINING])
        waiting = list(AuditRow.objects.filter(number__isnull=True).order_by("id")[:_AT_ONCE])
        if not waiting:
            return 0
        standing = _standing(home, min(row.at for row in waiting))
        fresh = [row for row in waiting if row.pk not in standing]
        if fresh:
            last = append_many(home, [_act(row) for row in fresh])
            first = last - len(fresh) + 1
            standing |= {row.pk: first + n for n, row in enumerate(fresh)}
        for row in waiting:
            row.number = standing[row.pk]
        moved = AuditRow.objects.bulk_update(waiting, ["number"])
    return moved + (drain(home) if len(waiting) == _AT_ONCE else 0)


def waiting() -> int:
    """Rows that the log does not have yet."""
    return AuditRow.objects.filter(number__isnull=True).count()


def _act(row: AuditRow) -> Act:
    return Act(row.act, row.by, row.at, {**row.about, _ROW: str(row.pk)})


def _standing(home: Home, since: datetime) -> dict[int, int]:
    """Numbers in the log by rows of this database."""
    return {
        int(entry.about[_ROW]): entry.number
        for entry in entries(home, since=since - _CLOCKS_DIFFER)
        if _ROW in entry.about and entry.by != "ringfence"
    }
