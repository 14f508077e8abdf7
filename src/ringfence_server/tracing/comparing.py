"""What a run says otherwise than the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ringfence_server.tracing.answers import erased
from ringfence_server.tracing.models import Contact, Run

Said = tuple[str, int, date | None]
"""Class, order and release date."""


@dataclass(frozen=True)
class Difference:
    """Persons in the order of their numbers. `changed`: another class, order or release date."""

    before: Run
    new: tuple[str, ...]
    dropped: tuple[str, ...]
    changed: tuple[str, ...]


def difference(run: Run) -> Difference | None:
    """None: no run of this case was answered before, or what it found was erased since."""
    earlier = Run.objects.filter(case_id=run.case_id, state="done", pk__lt=run.pk)
    before = earlier.defer("answer", "kept").order_by("-pk").first()
    if before is None or erased(before):
        return None
    was, now = _said(before), _said(run)
    return Difference(
        before,
        tuple(sorted(now.keys() - was.keys())),
        tuple(sorted(was.keys() - now.keys())),
        tuple(sorted(one for one in now.keys() & was.keys() if now[one] != was[one])),
    )


def _said(run: Run) -> dict[str, Said]:
    rows = Contact.objects.filter(run=run).values_list("person", "outcome", "order", "release_date")
    return {person: (outcome, order, release) for person, outcome, order, release in rows}
