"""The server's acts in the home's one audit log.

`told` writes a row in the act's own transaction: act and row stand or fall together. `drain` brings
the rows into the signed chain, each once: what a killed process may have brought there already is
looked for by its number in the outbox. A look at who somebody is must be in the chain before it is
shown: `shown` puts it there at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from ringfence.audit import Act, append, append_many, entries, last_number, refuse_persons
from ringfence.lake import Home
from ringfence_server.outbox.models import AuditRow
from ringfence_server.outbox.waking import drain_after_commit

_AT_ONCE = 500
_DRAINING = 0x52_46_41_55  # the database's lock of this work
_ROW = "row"


def told(act: str, *, by: str, at: datetime, about: Mapping[str, str]) -> None:
    """Within the transaction of the act. `about`: pseudonyms, numbers of cases, reasons.

    NotAllowed: a reason holds a person's number.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an act and its row of the audit are written in one transaction")
    refuse_persons(about)
    AuditRow.objects.create(act=act, by=by, at=at, about=dict(about))
    drain_after_commit()


def shown(home: Home, act: str, *, by: str, at: datetime, about: Mapping[str, str]) -> int:
    """Durable and signed on return: only then may be shown what was asked for."""
    return append(home, act, by=by, at=at, about=about)


def shown_all(
    home: Home, act: str, *, by: str, at: datetime, about: Sequence[Mapping[str, str]]
) -> int:
    """The same of several, in one transaction of the log."""
    return append_many(home, [Act(act, by, at, dict(one)) for one in about])


def drain(home: Home) -> int:
    """Bring what waits into the home's log, in the order of writing; how many rows."""
    with _alone():
        moved = 0
        while rows := list(AuditRow.objects.filter(number__isnull=True).order_by("id")[:_AT_ONCE]):
            _bring(home, rows)
            moved += len(rows)
        return moved


def waiting() -> int:
    """Rows that the log does not have yet."""
    return AuditRow.objects.filter(number__isnull=True).count()


def waiting_since() -> datetime | None:
    """The time of the oldest row that waits."""
    rows = AuditRow.objects.filter(number__isnull=True).order_by("id")
    return rows.values_list("at", flat=True).first()


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_DRAINING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_DRAINING])


def _bring(home: Home, rows: Sequence[AuditRow]) -> None:
    """Each step is a transaction of its own: where it ends, the next drain goes on."""
    numbers = _standing(home, rows)
    fresh = [row for row in rows if row.pk not in numbers]
    if fresh:
        before = last_number(home)
        AuditRow.objects.filter(pk__in=[row.pk for row in fresh]).update(after=before)
        last = append_many(home, [_act(row) for row in fresh])
        first = last - len(fresh) + 1
        numbers |= {row.pk: first + n for n, row in enumerate(fresh)}
    for row in rows:
        row.number = numbers[row.pk]
    AuditRow.objects.bulk_update(rows, ["number"])


def _standing(home: Home, rows: Sequence[AuditRow]) -> dict[int, int]:
    """Numbers in the log, by row, of those that an ended process brought there."""
    begun = [row.after for row in rows if row.after is not None]
    if not begun:
        return {}
    wanted = {str(row.pk) for row in rows}
    return {
        int(entry.about[_ROW]): entry.number
        for entry in entries(home, after=min(begun))
        if entry.about.get(_ROW) in wanted
    }


def _act(row: AuditRow) -> Act:
    return Act(row.act, row.by, row.at, {**row.about, _ROW: str(row.pk)})
