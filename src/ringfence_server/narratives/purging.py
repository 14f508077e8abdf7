"""What goes of this part when its time is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ringfence_server.narratives.models import Narrative


def erase_narratives(before: datetime, open_cases: Collection[str]) -> int:
    """Texts and decisions; that there was one, by whom and when, stays."""
    rows = Narrative.objects.filter(at__lt=before).exclude(sealed=b"")
    return rows.exclude(case__number__in=open_cases).update(sealed=b"")
