"""What goes of this part when its time is over. Kept answers go with the forms of `cases`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from ringfence_server.api.models import Token


def erase_tokens(before: datetime, held_cases: Collection[str]) -> int:  # noqa: ARG001
    """Those by which nobody could act since then."""
    return Token.objects.filter(Q(until__lt=before) | Q(revoked_at__lt=before)).delete()[0]
