"""What goes of this part when its time is over: whom a trace found. That it was asked stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from ringfence_server.tracing.models import UNDER_WAY, Answer, Contact, Run


def erase_traces(before: datetime, held_cases: Collection[str]) -> int:
    """Of runs that ended before, of cases that nothing holds."""
    over = Run.objects.filter(ended_at__lt=before).exclude(state__in=UNDER_WAY)
    over = over.exclude(case__number__in=held_cases)
    found = list(over.values_list("pk", flat=True))
    copies = Q(answer__isnull=False) | Q(kept__isnull=False) | Q(beside__isnull=False)
    rows = Run.objects.filter(copies, pk__in=found)
    pages = rows.update(answer=None, kept=None, beside=None)
    answers = Answer.objects.filter(run__in=found).delete()[0]
    return pages + answers + Contact.objects.filter(run__in=found).delete()[0]
