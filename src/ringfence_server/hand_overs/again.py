"""Keys of other cities that were ended after a backup was taken, ended again in what was restored
of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ringfence.audit import Remembered
from ringfence_server.hand_overs.models import Partner
from ringfence_server.outbox import auditing

_ENDED = "partner.ended"


def end_partners_again(
    rows: Sequence[Remembered], *, by: str, at: datetime
) -> list[tuple[str, str]]:
    """Within a transaction. The acts, and the cities that they were about."""
    done = []
    for key in sorted(
        {int(row.about["keys"]) for row in rows if row.act == _ENDED and "keys" in row.about}
    ):
        found = Partner.objects.exclude(state="ended").filter(pk=key).first()
        if found is None:
            continue
        found.state, found.ended_at = "ended", at
        found.save(update_fields=["state", "ended_at"])
        about = {"partner": found.code, "unit": found.unit_id, "keys": str(key)}
        auditing.told(_ENDED, by=by, at=at, about=about)
        done.append((_ENDED, found.code))
    return done
