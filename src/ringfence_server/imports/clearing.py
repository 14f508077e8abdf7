"""What nobody waits for any more: files that were never sent to their end, parts of ended ones."""

from __future__ import annotations

from datetime import datetime, timedelta

from ringfence.lake import Home
from ringfence_server.imports.models import OPEN, UNDER_WAY, Import
from ringfence_server.imports.parts import left_over, remove_parts
from ringfence_server.imports.refusals import NEVER_WHOLE, SORRY
from ringfence_server.imports.running import fault_of

KEPT = timedelta(days=1)


def clear_away(home: Home, *, at: datetime) -> int:
    """How many were given up."""
    stood = Import.objects.filter(moved_at__lt=at - KEPT)
    given_up = stood.filter(state="receiving").update(
        state="failed", ended_at=at, fault=fault_of(NEVER_WHOLE)
    )
    # A worker takes up what another left; what none took up for a day nobody will.
    given_up += stood.filter(state__in=UNDER_WAY).update(
        state="failed", ended_at=at, fault=fault_of(SORRY)
    )
    there = left_over(home)
    open_ = set(Import.objects.filter(pk__in=there, state__in=OPEN).values_list("pk", flat=True))
    for number in there:
        if number not in open_:
            remove_parts(home, number)
    return given_up
