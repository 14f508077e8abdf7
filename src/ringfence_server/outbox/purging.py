"""What goes of this part when its time is over: copies of what the home has."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ringfence_server.outbox.models import AuditRow, Delivery


def erase_deliveries(before: datetime, open_cases: Collection[str]) -> int:  # noqa: ARG001
    """The rows; key and receipt stay, by which database and lake are held against each other."""
    done = Delivery.objects.filter(done_at__lt=before, fault__isnull=True)
    return done.exclude(rows=[]).update(rows=[])


def erase_audit_rows(before: datetime, open_cases: Collection[str]) -> int:  # noqa: ARG001
    return AuditRow.objects.filter(at__lt=before, number__isnull=False).delete()[0]
