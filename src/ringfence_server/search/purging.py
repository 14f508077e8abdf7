"""What goes of this part when its time is over. The audit keeps that somebody searched."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from ringfence_server.search.models import Asked, Raise, Venue
from ringfence_server.tracing.models import UNDER_WAY


def erase_venues(before: datetime, held_cases: Collection[str]) -> int:
    """Names of places by the runs that tell of them, with the clock of the runs. That a run was
    read stays: it is not read again.
    """
    rows = Venue.objects.filter(run__ended_at__lt=before).exclude(run__state__in=UNDER_WAY)
    return rows.exclude(case__number__in=held_cases).delete()[0]


def erase_searches(before: datetime, held_cases: Collection[str]) -> int:  # noqa: ARG001
    """A quota that was raised counts from its end; one that nobody decided is somebody's work."""
    asked = Asked.objects.filter(at__lt=before).delete()[0]
    over = Q(until__isnull=True) | Q(until__lt=before)
    return asked + Raise.objects.filter(over, decided_at__lt=before).delete()[0]
