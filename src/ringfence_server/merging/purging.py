"""What goes of this part when its time is over: what was decided. The act is the home's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ringfence_server.merging.models import Decision
from ringfence_server.merging.words import UNDER_WAY


def erase_decisions(before: datetime, held_cases: Collection[str]) -> int:  # noqa: ARG001
    rows = Decision.objects.filter(at__lt=before, to_trace=[])
    return rows.exclude(state__in=UNDER_WAY).delete()[0]
