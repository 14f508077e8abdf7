"""Openings that were ended after a backup was taken, ended again in what was restored of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ringfence.audit import Remembered
from ringfence_server.glass.models import Opening
from ringfence_server.outbox import auditing

_ENDED = "glass.ended"


def end_openings_again(
    rows: Sequence[Remembered], *, by: str, at: datetime
) -> list[tuple[str, str]]:
    """Within a transaction. The acts, and the cases that they were about."""
    done = []
    for key in sorted({int(row.about["opening"]) for row in rows if row.act == _ENDED}):
        rows_of = Opening.objects.select_related("case").filter(pk=key, until__gt=at)
        found = rows_of.first()
        if found is None:
            continue
        found.until = max(at, found.at)
        found.save(update_fields=["until"])
        about = {"case": found.case.number, "opening": str(key)}
        auditing.told(_ENDED, by=by, at=at, about=about)
        done.append((_ENDED, found.case.number))
    return done
