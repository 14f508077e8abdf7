"""Putting a restored database right: by the audit that is newer, and what was revoked since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from ringfence.audit import Remembered, entries
from ringfence.backup import Manifest
from ringfence.backup.again import since
from ringfence.backup.restoring import renew
from ringfence.lake import Home
from ringfence_server.accounts.again import end_sessions, revoke_again
from ringfence_server.api.again import revoke_tokens_again
from ringfence_server.cases.again import end_again
from ringfence_server.deployment.here import deployment
from ringfence_server.glass.again import end_openings_again
from ringfence_server.hand_overs.again import end_partners_again
from ringfence_server.keeping.agreement import differences
from ringfence_server.outbox import auditing, delivering

_BEGUN = "UPDATE outbox_auditrow SET after = %s WHERE number IS NULL AND after IS NULL"
_NEXT = (
    "SELECT setval(pg_get_serial_sequence('outbox_auditrow', 'id'),"
    " greatest(%s, (SELECT coalesce(max(id), 0) FROM outbox_auditrow)) + 1, false)"
)

_PARTS = (
    revoke_again,
    end_again,
    revoke_tokens_again,
    end_partners_again,
    end_openings_again,
)


def set_right(home: Home, found: Manifest, *, by: str, at: datetime) -> dict[str, Any]:
    """Fields of what is told of the restoring."""
    rows = since(home, found)
    operator = f"machine:{by}"
    done = _in_database(home, found, rows, operator, at)
    of_lake = renew(home, found, by=by, now=at)
    drained = auditing.drain(home)
    delivered = delivering.deliver(home, secret=deployment().secret, at=at)
    again = [(one.act, one.about, one.done) for one in of_lake]
    again += [(act, about, True) for act, about in done]
    return {
        "again": tuple(again),
        "delivered": delivered.done,
        "drained": drained,
        "differences": tuple(differences(home)),
    }


def _in_database(
    home: Home, found: Manifest, rows: Sequence[Remembered], by: str, at: datetime
) -> list[tuple[str, str]]:
    """Rows of the audit that waited may have been brought there before the audit was taken: they
    are looked for from the row on that was the last one then. Later rows, which the database does
    not have, keep their numbers in it to themselves.
    """
    known = int(found.facts["audit_rows"])
    brought = [int(entry.about.get("row", 0)) for entry in entries(home, after=known)]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_BEGUN, [known])
            cursor.execute(_NEXT, [max(brought, default=0)])
        end_sessions()
        auditing.told("server.restored", by=by, at=at, about={"backup": found.name})
        return [told for again in _PARTS for told in again(rows, by=by, at=at)]
