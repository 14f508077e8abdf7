"""What an account has open at a moment, as it acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ringfence_server.access import Opened, opened_by
from ringfence_server.accounts.models import User
from ringfence_server.glass.models import Opening


@opened_by
def open_now(user: User, now: datetime) -> Sequence[Opened]:
    held = Opening.objects.filter(by=user, at__lte=now, until__gt=now).order_by("pk")
    return [
        Opened(key, case, number, until)
        for key, case, number, until in held.values_list("pk", "case", "case__number", "until")
    ]
